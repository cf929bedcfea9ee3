// Records of providers that our samples lack, written from the published manifests.
#include <gtest/gtest.h>

#include "etw/decode_records.h"

namespace nuthatch {
namespace {

class SecurityLayouts : public testing::TestWithParam<uint8_t> {
 protected:
  void Pointer(uint64_t value) { payload_.Put(value, GetParam()); }
  void Wide(std::string_view text) { PutWide(text, &payload_); }

  std::string Decode(const Guid& provider, uint16_t id, uint8_t version) const {
    return DecodeRecords({EventRecord{.pointer_size = GetParam(),
                                      .time = 2'000'000,
                                      .provider = provider,
                                      .id = id,
                                      .version = version,
                                      .payload = payload_.bytes()}
                              .Write()})
        .at(0);
  }

  // ProcessId, CreateTime, StartKey and three bytes.
  void TiProcess(uint32_t pid) {
    payload_.U32(pid);
    payload_.Put(0, 8);
    payload_.Put(pid * 10, 8);
    for (const unsigned byte : {1u, 2u, 0x31u}) payload_.U8(byte);
  }
  static std::string TiText(const std::string& who, uint32_t pid) {
    return who + "ProcessId=" + std::to_string(pid) + "; " + who +
           "ProcessCreateTime=1601-01-01T00:00:00.0000000Z; " + who +
           "ProcessStartKey=" + std::to_string(pid * 10) + "; " + who +
           "ProcessSignatureLevel=1; " + who + "ProcessSectionSignatureLevel=2; " + who +
           "ProcessProtection=49; ";
  }
  void TiThread(uint32_t tid) {
    payload_.U32(tid);
    payload_.Put(0, 8);
  }
  static std::string TiThreadText(const std::string& who, uint32_t tid) {
    return who + "ThreadId=" + std::to_string(tid) + "; " + who +
           "ThreadCreateTime=1601-01-01T00:00:00.0000000Z; ";
  }
  void TiBoth() {
    TiProcess(1);
    TiThread(2);
    TiProcess(3);
  }
  static std::string TiBothText() {
    return TiText("Calling", 1) + TiThreadText("Calling", 2) + TiText("Target", 3);
  }
  void Region() {
    Pointer(0x1000);
    Pointer(0x2000);
    payload_.U32(0x3000);
    payload_.U32(0x40);
  }
  void Vad(std::string_view name) {
    payload_.U32(0);
    Pointer(1);
    payload_.U32(0x40);
    payload_.U32(0x20000);
    Pointer(2);
    Pointer(3);
    Wide(name);
  }
  static std::string VadText(const std::string& what, const std::string& name) {
    return what + "VadQueryResult=0x0; " + what + "VadAllocationBase=0x1; " + what +
           "VadAllocationProtect=0x40; " + what + "VadRegionType=0x20000; " + what +
           "VadRegionSize=0x2; " + what + "VadCommitSize=0x3; " + what + "VadMmfName=" + name;
  }

  ByteSink payload_;
};
INSTANTIATE_TEST_SUITE_P(Pointers, SecurityLayouts, testing::Values(4, 8));

constexpr Guid kThreatIntelligence = ParseGuid("f4e1897c-bb5d-5668-f1d8-040f4d8dd344");
constexpr Guid kAuditApiCalls = ParseGuid("e02a841c-75a3-4fa7-afc8-ae09cf9b7f23");
constexpr Guid kWmiActivity = ParseGuid("1418ef04-b0b4-4623-bf7e-d74ab47bbdaa");
constexpr Guid kAmsi = ParseGuid("2a576b87-09a7-520e-c21a-4942f0271d67");
const std::string kTi = "Microsoft-Windows-Threat-Intelligence/";
const std::string kRegion =
    "BaseAddress=0x1000; RegionSize=0x2000; AllocationType=0x3000; ProtectionMask=0x40";

TEST_P(SecurityLayouts, AllocationOf1809AndLater) {
  TiBoth();
  TiProcess(4);
  Region();
  const std::string expected =
      kTi + "ALLOCVM_REMOTE: " + TiBothText() + TiText("Original", 4) + kRegion;
  EXPECT_EQ(Decode(kThreatIntelligence, 1, 0), expected);
  EXPECT_EQ(Decode(kThreatIntelligence, 1, 1), expected);
  payload_.U32(7);  // of a version to come
  EXPECT_EQ(Decode(kThreatIntelligence, 1, 9), expected + " +4");
}

TEST_P(SecurityLayouts, AllocationOf1803) {
  TiBoth();
  Region();
  EXPECT_EQ(Decode(kThreatIntelligence, 6, 0), kTi + "ALLOCVM_LOCAL: " + TiBothText() + kRegion);
}

TEST_P(SecurityLayouts, QueuedCallOf1809AndLater) {
  TiBoth();
  TiThread(5);
  TiProcess(4);
  payload_.U8(1);
  for (const unsigned pointer : {0xAu, 0xBu, 0xCu, 0xDu}) Pointer(pointer);
  payload_.Put(0, 8);
  Vad("\\a.dll");
  Vad("");
  const std::string expected =
      kTi + "QUEUEUSERAPC_REMOTE: " + TiBothText() + TiThreadText("Target", 5) +
      TiText("Original", 4) +
      "TargetThreadAlertable=true; ApcRoutine=0xa; ApcArgument1=0xb; ApcArgument2=0xc; "
      "ApcArgument3=0xd; RealEventTime=1601-01-01T00:00:00.0000000Z; " +
      VadText("ApcRoutine", "\\a.dll") + "; " + VadText("ApcArgument1", "");
  EXPECT_EQ(Decode(kThreatIntelligence, 4, 0), expected);
  EXPECT_EQ(Decode(kThreatIntelligence, 4, 1), expected);
}

TEST_P(SecurityLayouts, QueuedCallOf1803) {
  payload_.U32(0);
  TiBoth();
  TiThread(5);
  for (const unsigned pointer : {0xAu, 0xBu, 0xCu, 0xDu}) Pointer(pointer);
  Vad("\\Device\\HarddiskVolume3\\a.dll");
  Vad("\\Device\\HarddiskVolume3\\b.dll");
  EXPECT_EQ(Decode(kThreatIntelligence, 9, 0),
            kTi + "QUEUEUSERAPC_LOCAL: OperationStatus=0x0; " + TiBothText() +
                TiThreadText("Target", 5) +
                "ApcRoutine=0xa; ApcArgument1=0xb; ApcArgument2=0xc; ApcArgument3=0xd; " +
                VadText("ApcRoutine", "\\Device\\HarddiskVolume3\\a.dll") + "; " +
                VadText("ApcArgument1", "\\Device\\HarddiskVolume3\\b.dll"));
}

TEST_P(SecurityLayouts, ContextOf1809) {
  TiBoth();
  TiThread(5);
  payload_.U32(0x10001);
  payload_.U16(0x1F);
  for (unsigned i = 1; i <= 12; ++i) Pointer(i);
  payload_.Put(0, 8);
  Vad("\\a.dll");
  EXPECT_EQ(Decode(kThreatIntelligence, 25, 0),
            kTi + "SETTHREADCONTEXT_REMOTE_KERNEL_CALLER: " + TiBothText() +
                TiThreadText("Target", 5) +
                "ContextFlags=0x10001; ContextMask=0x1f; Pc=0x1; Sp=0x2; Lr=0x3; Fp=0x4; "
                "Reg0=0x5; Reg1=0x6; Reg2=0x7; Reg3=0x8; Reg4=0x9; Reg5=0xa; Reg6=0xb; Reg7=0xc; "
                "RealEventTime=1601-01-01T00:00:00.0000000Z; " +
                VadText("Pc", "\\a.dll"));
}

TEST_P(SecurityLayouts, ContextOf1803) {
  payload_.U32(0xC0000022);
  TiBoth();
  TiThread(5);
  payload_.U16(0x1F);
  for (unsigned i = 1; i <= 12; ++i) Pointer(i);
  Vad("\\a.dll");
  EXPECT_EQ(Decode(kThreatIntelligence, 5, 0),
            kTi + "SETTHREADCONTEXT_REMOTE: OperationStatus=0xc0000022; " + TiBothText() +
                TiThreadText("Target", 5) +
                "ContextMask=0x1f; Pc=0x1; Sp=0x2; Lr=0x3; Fp=0x4; Reg0=0x5; Reg1=0x6; Reg2=0x7; "
                "Reg3=0x8; Reg4=0x9; Reg5=0xa; Reg6=0xb; Reg7=0xc; " +
                VadText("Pc", "\\a.dll"));
}

TEST_P(SecurityLayouts, MemoryThatIsReadAndThreadsThatAreSuspended) {
  payload_.U32(0);
  TiBoth();
  ByteSink common = payload_;
  Pointer(0x1000);
  Pointer(16);
  EXPECT_EQ(Decode(kThreatIntelligence, 13, 1), kTi + "READVM_REMOTE: OperationStatus=0x0; " +
                                                    TiBothText() +
                                                    "BaseAddress=0x1000; BytesCopied=0x10");
  payload_ = common;
  TiThread(5);
  std::string expected =
      kTi + "SUSPEND_THREAD: OperationStatus=0x0; " + TiBothText() + TiThreadText("Target", 5);
  expected.resize(expected.size() - 2);
  EXPECT_EQ(Decode(kThreatIntelligence, 15, 0), expected);
}

TEST_P(SecurityLayouts, NameOfADriverWithAndWithoutANul) {
  payload_.U16(2);
  const ByteSink length = payload_;
  payload_.U16('d');
  payload_.U16('x');
  payload_.U32(8);
  const std::string expected = kTi +
                               "DRIVER_OBJECT_LOAD: DriverNameLength=2; DriverName=dx; "
                               "CodeIntegrityOption=0x8";
  EXPECT_EQ(Decode(kThreatIntelligence, 29, 1), expected);
  payload_ = length;
  Wide("dx");
  payload_.U32(8);
  EXPECT_EQ(Decode(kThreatIntelligence, 29, 1), expected);
}

TEST_P(SecurityLayouts, AuditedCalls) {
  payload_.U32(7);
  payload_.U32(0xC0000022);
  const std::string expected =
      "Microsoft-Windows-Kernel-Audit-API-Calls/TerminateProcess: TargetProcessId=7; "
      "ReturnCode=0xc0000022";
  EXPECT_EQ(Decode(kAuditApiCalls, 2, 0), expected);
  payload_.Put(70, 8);
  payload_.Put(0, 8);
  EXPECT_EQ(Decode(kAuditApiCalls, 2, 1),
            expected +
                "; TargetProcessStartKey=70; "
                "TargetProcessCreationTime=1601-01-01T00:00:00.0000000Z");
  payload_ = {};
  for (const unsigned number : {7u, 0x1FFFFFu, 0u}) payload_.U32(number);
  EXPECT_EQ(Decode(kAuditApiCalls, 5, 0),
            "Microsoft-Windows-Kernel-Audit-API-Calls/OpenProcess: TargetProcessId=7; "
            "DesiredAccess=0x1fffff; ReturnCode=0x0");
}

TEST_P(SecurityLayouts, OperationOfWmiOfTwoBuilds) {
  const auto begin = [&] {
    payload_ = {};
    Wide("{id}");
    payload_.U32(1);
    payload_.U32(2);
    Wide("Start IWbemServices::ExecQuery - root\\cimv2 : select *");
    Wide("PC");
  };
  const std::string expected =
      "Microsoft-Windows-WMI-Activity/OperationStart: CorrelationId={id}; GroupOperationId=1; "
      "OperationId=2; Operation=Start IWbemServices::ExecQuery - root\\cimv2 : select *; "
      "ClientMachine=PC; ";
  begin();
  Wide("A\\b");
  payload_.U32(7);
  Wide("\\\\.\\root\\cimv2");
  EXPECT_EQ(Decode(kWmiActivity, 11, 0),
            expected + "User=A\\b; ClientProcessId=7; NamespaceName=\\\\.\\root\\cimv2");
  begin();
  Wide("pc.example");
  Wide("A\\b");
  payload_.U32(7);
  payload_.Put(0, 8);
  Wide("\\\\.\\root\\cimv2");
  payload_.U32(1);
  EXPECT_EQ(Decode(kWmiActivity, 11, 0),
            expected +
                "ClientMachineFQDN=pc.example; User=A\\b; ClientProcessId=7; "
                "ClientProcessCreationTime=1601-01-01T00:00:00.0000000Z; "
                "NamespaceName=\\\\.\\root\\cimv2; IsLocal=true");
}

TEST_P(SecurityLayouts, ProcessThatWmiCreates) {
  Wide("{id}");
  payload_.U32(1);
  payload_.U32(2);
  Wide("cmd /c dir");
  payload_.U32(9);
  payload_.Put(0, 8);
  for (const char* text : {"PC", "pc.example", "A\\b"}) Wide(text);
  payload_.U32(7);
  payload_.Put(0, 8);
  payload_.U32(0);
  EXPECT_EQ(Decode(kWmiActivity, 23, 0),
            "Microsoft-Windows-WMI-Activity/ProcessCreation: CorrelationId={id}; "
            "GroupOperationId=1; OperationId=2; Commandline=cmd /c dir; CreatedProcessId=9; "
            "CreatedProcessCreationTime=1601-01-01T00:00:00.0000000Z; ClientMachine=PC; "
            "ClientMachineFQDN=pc.example; User=A\\b; ClientProcessId=7; "
            "ClientProcessCreationTime=1601-01-01T00:00:00.0000000Z; IsLocal=false");
}

TEST_P(SecurityLayouts, ScannedContent) {
  Pointer(0x11);
  payload_.U8(1);
  payload_.U32(32768);
  Wide("PowerShell");
  Wide("C:\\a.ps1");
  payload_.U32(3);
  payload_.U32(5);
  payload_.Append("abc");
  for (int i = 0; i < 32; ++i) payload_.U8(0xEE);
  payload_.U32(1);
  std::string hash;
  for (int i = 0; i < 32; ++i) hash += "ee";
  EXPECT_EQ(Decode(kAmsi, 1101, 0),
            "Microsoft-Antimalware-Scan-Interface/Scan: session=0x11; scanStatus=1; "
            "scanResult=32768; appname=PowerShell; contentname=C:\\a.ps1; contentsize=3; "
            "originalsize=5; content=616263; hash=" +
                hash + "; contentFiltered=true");
}

}  // namespace
}  // namespace nuthatch
