// Call stacks from a trace's records to what is said of its events.
#include "pipeline/call_stack.h"

#include <gtest/gtest.h>

#include <map>

#include "pipeline/opening.h"
#include "pipeline/trace_text.h"
#include "trace/joined.h"
#include "trace/trace_records.h"

namespace nuthatch {
namespace {

constexpr uint64_t kNtdll = 0x7FFE'0000'0000;
constexpr uint64_t kKernelBase = 0x7FFD'0000'0000;
constexpr uint64_t kProgram = 0x7FF6'0000'0000;
constexpr uint64_t kKernel = 0xFFFF'F800'0000'0000;
constexpr uint64_t kNowhere = 0x1F2'0000'0000;
constexpr uint8_t kImageGroup = 0x14;
constexpr uint8_t kUnload = 2;

constexpr std::string_view kSystem32 = R"(\Device\HarddiskVolume3\Windows\System32\)";
std::string System32(std::string_view name) { return std::string(kSystem32).append(name); }

Bytes Stack(uint64_t tick, uint64_t of, uint32_t pid, uint32_t tid,
            const std::vector<uint64_t>& frames) {
  return StackWalk(tick, {of, pid, tid}, frames);
}

Bytes Mapped(uint64_t tick, uint8_t type, uint32_t pid, uint64_t base, std::string_view path) {
  return ImageRecord({tick, pid, 1}, kImageGroup, type, pid, base, path);
}

// Processes 8 and 12 run since before the trace.
std::vector<Bytes> Rundown() {
  std::vector<Bytes> records{
      Mapped(0, kDcStart, 0, kKernel, R"(\SystemRoot\system32\ntoskrnl.exe)")};
  for (const uint32_t pid : {8u, 12u}) {
    records.push_back(Mapped(0, kDcStart, pid, kNtdll, System32("ntdll.dll")));
    records.push_back(Mapped(0, kDcStart, pid, kKernelBase, System32("KernelBase.dll")));
    records.push_back(Mapped(0, kDcStart, pid, kProgram, R"(\Device\HarddiskVolume3\a\a.exe)"));
  }
  return records;
}

// An event that is told of in a system call: another image is loaded.
Bytes Load(uint64_t tick, uint32_t pid = 8) {
  return ImageLoad({tick, pid, 80}, pid, R"(\Device\HarddiskVolume3\a\b.dll)", 0x6000'0000);
}

constexpr Guid kDnsClient = ParseGuid("1c95126e-7eea-49a9-a3fe-a378b03ddb4d");
constexpr Guid kAuditApiCalls = ParseGuid("e02a841c-75a3-4fa7-afc8-ae09cf9b7f23");
Bytes OpenProcess(uint64_t tick) {
  return Provider({tick, 8, 80}, kAuditApiCalls, 5, 0, Payload().U32(12).U32(0x1FFFFF).U32(0));
}

// What every image's first bytes are.
class OneFunctionEach final : public SymbolSource {
 public:
  bool Find(const ImageFile& file, std::string_view, uint32_t rva, Symbol* symbol) override {
    const auto known = names.find({std::string(file.name()), rva / 0x20});
    if (known == names.end()) return false;
    *symbol = {known->second, rva % 0x20};
    return true;
  }

  std::map<std::pair<std::string, uint32_t>, std::string> names = {
      {{"ntdll.dll", 1}, "NtOpenProcess"},
      {{"ntdll.dll", 2}, "NtAddAtom"},
      {{"ntdll.dll", 3}, "RtlUserThreadStart"},
      {{"ntdll.dll", 4}, "ZwOpenProcess"},
      {{"ntdll.dll", 5}, "ZwClose"},
      {{"ntoskrnl.exe", 1}, "PsCallImageNotifyRoutines"},
      {{"KernelBase.dll", 0}, "OpenProcess"}};
};

struct Told {
  std::vector<std::string> stacks;  // of the events that have one, as members of JSON
  StackCounts counts;
};

Told Read(const std::vector<Bytes>& records, const TraceFacts& facts = {}) {
  EtlWriter writer(facts);
  std::vector<Bytes> all = Rundown();
  all.insert(all.end(), records.begin(), records.end());
  for (const Bytes& record : all) writer.Add({.records = {record}});
  TraceEvents events(Opening(writer.bytes()), {});
  OneFunctionEach symbols;
  TraceText text(events.joiner());
  text.FollowStacks(&symbols);
  Told told;
  std::string lines;
  for (bool done = false; !done;) {
    text.Clear();
    EXPECT_TRUE(events.Next(&text, &done).ok());
    text.FinishStacks(events.stage().time(), done);
    lines += text.text();
  }
  EXPECT_EQ(static_cast<size_t>(std::count(lines.begin(), lines.end(), '\n')), all.size() + 1);
  const std::string key = "\"callstack\":{";
  for (size_t at = lines.find(key); at != lines.npos; at = lines.find(key, at + 1)) {
    const size_t begin = at + key.size();
    told.stacks.push_back(lines.substr(begin, lines.find("}}\n", begin) - begin));
  }
  told.counts = *events.stage().stacks();
  return told;
}

std::string OnlyStack(const std::vector<Bytes>& records) {
  const Told told = Read(records);
  EXPECT_EQ(told.stacks.size(), 1u);
  return told.stacks.empty() ? "" : told.stacks[0];
}

std::string Of(const std::vector<uint64_t>& frames) {
  return OnlyStack({Load(1000), Stack(1001, 1000, 8, 80, frames)});
}

TEST(CallStack, SaysWhereEachAddressIs) {
  const std::string stack = Of({kKernel + 0x500, kNtdll + 0x34, kKernelBase + 0x10,
                                kKernelBase + 0x400, kProgram + 0x123, kNtdll + 0x70});
  EXPECT_EQ(Member(stack, "summary"), R"("ntdll.dll|KernelBase.dll|a.exe|ntdll.dll")");
  EXPECT_EQ(Member(stack, "symbols"),
            R"(["ntdll.dll!NtOpenProcess","KernelBase.dll!OpenProcess","KernelBase.dll+0x400",)"
            R"("a.exe+0x123","ntdll.dll!RtlUserThreadStart"])");
  EXPECT_EQ(Member(stack, "frames"),
            R"(["C:\\Windows\\system32\\ntoskrnl.exe+0x500",)"
            R"("C:\\Windows\\System32\\ntdll.dll!NtOpenProcess+0x14",)"
            R"("C:\\Windows\\System32\\KernelBase.dll!OpenProcess+0x10",)"
            R"("C:\\Windows\\System32\\KernelBase.dll+0x400","C:\\a\\a.exe+0x123",)"
            R"("C:\\Windows\\System32\\ntdll.dll!RtlUserThreadStart+0x10"])");
  EXPECT_EQ(Member(stack, "modules"),
            R"(["C:\\Windows\\System32\\ntdll.dll","C:\\Windows\\System32\\KernelBase.dll",)"
            R"("C:\\a\\a.exe"])");
  EXPECT_EQ(Member(stack, "kernel_modules"), R"(["C:\\Windows\\system32\\ntoskrnl.exe"])");
  EXPECT_EQ(Member(stack, "final_user_module"), R"("C:\\a\\a.exe")");
  EXPECT_EQ(Member(stack, "contains_unbacked"), "false");
  EXPECT_EQ(Member(stack, "direct_syscall"), "false");
  EXPECT_EQ(Member(stack, "indirect_syscall"), "") << "what loads an image may call others";
}

// All others are where a call returns to, which is behind it.
TEST(CallStack, TheKernelsInnermostFrameIsWhereItWasTaken) {
  EXPECT_EQ(Member(Of({kKernel + 0x20, kKernel + 0x40, kNtdll + 0x34}), "frames"),
            R"(["C:\\Windows\\system32\\ntoskrnl.exe!PsCallImageNotifyRoutines+0x0",)"
            R"("C:\\Windows\\system32\\ntoskrnl.exe!PsCallImageNotifyRoutines+0x20",)"
            R"("C:\\Windows\\System32\\ntdll.dll!NtOpenProcess+0x14"])");
}

TEST(CallStack, IsWrittenAsSysmonDoesToo) {
  EXPECT_EQ(Member(Of({kNtdll + 0x34, kNowhere + 0xABC}), "trace"),
            "\"C:\\\\Windows\\\\System32\\\\ntdll.dll+34|UNKNOWN(000001F200000ABC)\"");
}

TEST(CallStack, CodeInNoImageIsUnbacked) {
  const std::string stack = Of({kNtdll + 0x34, kNowhere, kNowhere + 1, kProgram});
  EXPECT_EQ(Member(stack, "summary"), R"("ntdll.dll|unbacked|a.exe")");
  EXPECT_EQ(Member(stack, "symbols"),
            R"(["ntdll.dll!NtOpenProcess","unbacked","unbacked","a.exe+0x0"])");
  EXPECT_EQ(Member(stack, "final_user_module"), R"("unbacked")");
  EXPECT_EQ(Member(stack, "contains_unbacked"), "true");
  EXPECT_EQ(Member(stack, "unbacked_code"), "true");
  EXPECT_EQ(Member(stack, "direct_syscall"), "false");
}

// Whether it is told of as evasion, in a process that has that image.
std::string UnbackedBesides(std::string_view path) {
  const std::string stack =
      OnlyStack({Mapped(10, kDcStart, 8, 0x5000'0000, std::string(path)), Load(1000),
                 Stack(1001, 1000, 8, 80, {kNtdll + 0x34, kNowhere})});
  EXPECT_EQ(Member(stack, "contains_unbacked"), "true");
  return Member(stack, "unbacked_code");
}

TEST(CallStack, CodeOfACompilerIsNoEvasion) {
  for (const char* path : {R"(\Device\HarddiskVolume3\Windows\Microsoft.NET\clr.dll)",
                           R"(\Device\HarddiskVolume3\Program Files (x86)\Java\jvm.dll)",
                           R"(C:\PROGRAM FILES\a\V8.dll)", R"(\SystemRoot\System32\chakra.dll)"})
    EXPECT_EQ(UnbackedBesides(path), "") << path;
}

TEST(CallStack, ThatOfWhatOnlyCallsItselfOneIs) {
  for (const char* path :
       {R"(\Device\HarddiskVolume3\Users\a\clr.dll)",
        R"(\Device\HarddiskVolume3\a\Windows\clr.dll)", R"(C:\a\Program Files\jvm.dll)", "clr.dll"})
    EXPECT_EQ(UnbackedBesides(path), "true") << path;
}

TEST(CallStack, OfAProcessWhoseImagesAreNotKnownSaysNothingOfEvasion) {
  const std::string stack =
      OnlyStack({Load(1000, 16), Stack(1001, 1000, 16, 80, {kNtdll, kNowhere})});
  EXPECT_EQ(Member(stack, "summary"), R"("unknown")");
  EXPECT_EQ(Member(stack, "frames"), R"(["unknown+0x7ffe00000000","unknown+0x1f200000000"])");
  for (const char* name :
       {"contains_unbacked", "unbacked_code", "direct_syscall", "indirect_syscall"})
    EXPECT_EQ(Member(stack, name), "") << name;
}

TEST(CallStack, OfATraceThatLostRecordsSaysNothingOfEvasion) {
  const std::vector<Bytes> records{Load(1000), Stack(1001, 1000, 8, 80, {kProgram, kNowhere})};
  const Told whole = Read(records);
  EXPECT_EQ(Member(whole.stacks.at(0), "direct_syscall"), "true");
  const Told told = Read(records, {.events_lost = 1});
  EXPECT_EQ(Member(told.stacks.at(0), "summary"), R"("a.exe|unknown")");
  EXPECT_EQ(Member(told.stacks.at(0), "contains_unbacked"), "");
  EXPECT_EQ(Member(told.stacks.at(0), "direct_syscall"), "");
}

TEST(CallStack, ASystemCallThatIsNotMadeByWindowsIsDirect) {
  EXPECT_EQ(Member(Of({kKernel, kProgram + 0x10, kNtdll}), "direct_syscall"), "true");
  EXPECT_EQ(Member(Of({kKernel, kNowhere, kNtdll}), "direct_syscall"), "true");
  EXPECT_EQ(Member(Of({kKernel, kNtdll + 0x400, kNowhere}), "direct_syscall"), "false");
  EXPECT_EQ(Member(Of({kKernel}), "direct_syscall"), "") << "the process's part did not come";
}

// It may have been an interrupt.
TEST(CallStack, OfAnEventThatIsToldOfWithoutOneSaysNothingOfSystemCalls) {
  const Bytes event = Provider({1000, 8, 80}, kDnsClient, 3006, 0, Payload());
  const std::string stack = OnlyStack({event, Stack(1001, 1000, 8, 80, {kKernel, kProgram})});
  EXPECT_EQ(Member(stack, "summary"), R"("a.exe")");
  EXPECT_EQ(Member(stack, "contains_unbacked"), "false") << "its images are known";
  EXPECT_EQ(Member(stack, "direct_syscall"), "");
  EXPECT_EQ(Member(stack, "indirect_syscall"), "");
}

TEST(CallStack, BeforeWin32uWasUser32AndOthersMadeTheirOwn) {
  for (const char* name : {"user32.dll", "gdi32.dll", "imm32.dll"}) {
    std::vector<Bytes> records{Mapped(10, kDcStart, 8, 0x5000'0000, System32(name)), Load(1000),
                               Stack(1001, 1000, 8, 80, {kKernel, 0x5000'0034, kProgram})};
    EXPECT_EQ(Member(OnlyStack(records), "direct_syscall"), "false") << name;
    // Any process's: it is Windows' own.
    records.insert(records.begin(), Mapped(9, kDcStart, 12, 0x5100'0000, System32("win32u.dll")));
    EXPECT_EQ(Member(OnlyStack(records), "direct_syscall"), "true") << name;
  }
}

TEST(CallStack, ACopyOfNtdllIsNotNtdll) {
  const auto with = [](std::string_view path) {
    const std::string stack = OnlyStack({Mapped(10, kDcStart, 8, 0x5000'0000, path), Load(1000),
                                         Stack(1001, 1000, 8, 80, {0x5000'0034, kProgram})});
    return Member(stack, "direct_syscall");
  };
  EXPECT_EQ(with(R"(\Device\HarddiskVolume3\Users\a\ntdll.dll)"), "true");
  EXPECT_EQ(with(R"(\Device\HarddiskVolume4\Windows\System32\ntdll.dll)"), "true");
  EXPECT_EQ(with(System32("win32u.dll")), "false");
}

constexpr uint64_t kCopy = 0x5000'0000;
std::string DirectFrom(uint64_t innermost, std::vector<Bytes> records) {
  records.insert(records.end(),
                 {Load(1000), Stack(1001, 1000, 8, 80, {kKernel, innermost, kProgram})});
  return Member(OnlyStack(records), "direct_syscall");
}

// The same file, without what others have changed in the first.
TEST(CallStack, ASecondMappingOfNtdllIsNotTheProcesss) {
  const Bytes mapped = Mapped(10, 0x0A, 8, kCopy, System32("ntdll.dll"));
  EXPECT_EQ(DirectFrom(kCopy + 0x34, {mapped}), "true");
  EXPECT_EQ(DirectFrom(kNtdll + 0x34, {mapped}), "false") << "the first is still right";
  const Bytes unmapped = Mapped(20, kUnload, 8, kNtdll, System32("ntdll.dll"));
  EXPECT_EQ(DirectFrom(kCopy + 0x34, {mapped, unmapped}), "true");
}

TEST(CallStack, WhichOfTwoNtdllsIsTheProcesssIsNotSaidWhereItIsNotKnown) {
  const std::vector<Bytes> both{Mapped(0, kDcStart, 8, kCopy, System32("ntdll.dll"))};
  EXPECT_EQ(DirectFrom(kCopy + 0x34, both), "");
  EXPECT_EQ(DirectFrom(kNtdll + 0x34, both), "");
  EXPECT_EQ(DirectFrom(kProgram + 0x34, both), "true") << "it is none of the two";
}

TEST(CallStack, BothNtdllsOfAProcessOf32BitsMakeItsSystemCalls) {
  const Bytes second =
      Mapped(10, 0x0A, 8, kCopy, R"(\Device\HarddiskVolume3\Windows\SysWOW64\ntdll.dll)");
  EXPECT_EQ(DirectFrom(kCopy + 0x34, {second}), "false");
  EXPECT_EQ(DirectFrom(kNtdll + 0x34, {second}), "false");
}

TEST(CallStack, ASystemCallInAnotherOnesFunctionIsIndirect) {
  const auto with = [](uint64_t innermost) {
    const std::string stack = OnlyStack(
        {OpenProcess(1000), Stack(1001, 1000, 8, 80, {kKernel, innermost, kKernelBase + 0x10})});
    EXPECT_EQ(Member(stack, "direct_syscall"), "false");
    return Member(stack, "indirect_syscall");
  };
  EXPECT_EQ(with(kNtdll + 0x34), "false");
  EXPECT_EQ(with(kNtdll + 0x54), "true") << "NtAddAtom";
  EXPECT_EQ(with(kNtdll + 0x94), "false") << "ZwOpenProcess, another name of it";
  EXPECT_EQ(with(kNtdll + 0xB4), "true") << "ZwClose";
  EXPECT_EQ(with(kNtdll + 0x74), "") << "no system call's function";
  EXPECT_EQ(with(kNtdll + 0x400), "") << "no function that is known";
}

TEST(CallStack, AnImageThatIsUnloadedBeforeTheStackComesIsStillThere) {
  const std::string stack = OnlyStack(
      {Load(1000), Mapped(1001, kUnload, 8, kProgram, R"(\Device\HarddiskVolume3\a\a.exe)"),
       Mapped(1002, 0x0A, 8, kProgram, R"(\Device\HarddiskVolume3\a\other.exe)"),
       Stack(1003, 1000, 8, 80, {kNtdll, kProgram + 5})});
  EXPECT_EQ(Member(stack, "summary"), R"("ntdll.dll|a.exe")");
}

TEST(CallStack, OfAProcessWithTheNumberOfAnotherHasItsOwnImages) {
  const Told told = Read({Load(1000), ProcessRecord({1001, 4}, kEnd, 8, 4, "a.exe"),
                          ProcessRecord({1002, 4}, kStart, 8, 4, "n.exe"),
                          Mapped(1003, 0x0A, 8, kNtdll, System32("ntdll.dll")),
                          Mapped(1004, 0x0A, 8, kProgram, R"(\Device\HarddiskVolume3\n.exe)"),
                          Load(1005), Stack(1006, 1000, 8, 80, {kNtdll, kProgram}),
                          Stack(1007, 1005, 8, 80, {kNtdll, kProgram})});
  ASSERT_EQ(told.stacks.size(), 2u);
  EXPECT_EQ(Member(told.stacks[0], "summary"), R"("ntdll.dll|a.exe")");
  EXPECT_EQ(Member(told.stacks[1], "summary"), R"("ntdll.dll|n.exe")");
}

TEST(CallStack, CachedHalvesAreJoined) {
  const std::string stack =
      OnlyStack({Load(1000), StackKeyRecord(1001, kStackKeyKernel, {1000, 8, 80}, 0xA1),
                 StackKeyRecord(1002, kStackKeyUser, {1000, 8, 80}, 0xB1),
                 StackKeyRundown(5000, 0xA1, {kKernel + 1}),
                 StackKeyRundown(5000, 0xB1, {kNtdll + 0x200, kProgram + 2})});
  EXPECT_EQ(Member(stack, "kernel_modules"), R"(["C:\\Windows\\system32\\ntoskrnl.exe"])");
  EXPECT_EQ(Member(stack, "symbols"), R"(["ntdll.dll+0x200","a.exe+0x2"])");
}

TEST(CallStack, InItemsOfARecordIsItsOwn) {
  ByteSink item;
  item.Put(0, 8);
  for (const uint64_t frame : {kKernel, kNtdll + 0x34, kProgram}) item.Put(frame, 8);
  EventRecord record;
  record.provider = kAuditApiCalls;
  record.id = 5;
  record.pid = 8;
  record.tid = 80;
  record.time = kFirstTick + 1000;
  record.items = {{6, item.bytes()}};
  record.payload = Payload().U32(12).U32(0x1FFFFF).U32(0).bytes();
  const Told told = Read({record.Write()});
  ASSERT_EQ(told.stacks.size(), 1u);
  EXPECT_EQ(Member(told.stacks[0], "summary"), R"("ntdll.dll|a.exe")");
  EXPECT_EQ(told.counts.early, 1u);
}

// Of a file that is created the end of the operation tells, the stack is of its beginning.
TEST(CallStack, OfAFileIsThatOfTheOperationThatBegan) {
  const auto create = [](uint64_t tick) {
    return Kernel({tick, 8, 80}, 4, 0x40, 3,
                  Payload()
                      .Ptr(0xCAFE)
                      .Ptr(0xF11E)
                      .U32(80)
                      .U32(0x0200'0000)
                      .U32(0)
                      .U32(0)
                      .Wide(R"(\Device\HarddiskVolume3\new.txt)"));
  };
  const Bytes end = Kernel({1005, 8, 80}, 4, 0x4C, 3, Payload().Ptr(0xCAFE).U64(2).U32(0));
  EtlWriter writer;
  const Told told = Read({create(1000), Stack(1001, 1000, 8, 80, {kNtdll, kProgram}), end});
  ASSERT_EQ(told.stacks.size(), 2u) << "of the Create, and of its end";
  EXPECT_EQ(told.stacks[0], told.stacks[1].substr(0, told.stacks[0].size()));
  EXPECT_EQ(told.counts.early, 1u);
  EXPECT_EQ(told.counts.late, 1u);
}

TEST(CallStack, ThatNeverComesHoldsItsEventUpNoLongerThanTheWait) {
  const Told told = Read({Load(1000), Load(2000, 12), Stack(2001, 2000, 12, 80, {kNtdll}),
                          Stack(1001 + StackMatcher::kWait, 1000, 8, 80, {kNtdll})});
  EXPECT_EQ(told.stacks.size(), 1u);
  EXPECT_EQ(told.counts.matched, 1u);
  // The first, the images that run, and the trace's header.
  EXPECT_EQ(told.counts.never_came, 1 + Rundown().size() + 1);
}

}  // namespace
}  // namespace nuthatch
