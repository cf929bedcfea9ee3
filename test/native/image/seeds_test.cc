// test/fuzz/corpus/pe, from which the fuzzer of images starts and which TypeScript's tests read, is
// what the writer makes. NUTHATCH_WRITE_SEEDS=1 writes it.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "image/read.h"

namespace nuthatch {
namespace {

void PutEverything(PeWriter* writer) {
  PutImports({{"KERNEL32.dll", {"LoadLibraryA", "GetProcAddress"}}, {"WS2_32.dll", {"#115"}}},
             writer);
  PutDelayImports({"late.dll", {"Later", "#3"}}, false, writer);
  PutExports({{"Own", {}}, {"", {}}, {"Heap", "NTDLL.RtlAllocateHeap"}}, writer);
  PutResource(16, VersionInfo({{"CompanyName", "A company"}, {"OriginalFilename", "a.dll"}}),
              writer);
  constexpr Guid kGuid = ParseGuid("3d6fa8d0-fe05-11d0-9dda-00c04fd7ba7c");
  PutDebug({{2, Rsds(kGuid, 3, "C:\\build\\a.pdb")}, {16, {}}, {20, {1, 0, 0, 0}}}, writer);
  PutTls({0x1010}, writer);
  writer->rich = RichHeaderOf({{0x105, 30729, 12}, {1, 0, 300}}, writer->pe_offset);
}

std::map<std::string, Bytes> Seeds() {
  std::map<std::string, Bytes> seeds;
  PeWriter wide;
  PutEverything(&wide);
  seeds["x64.dll"] = wide.Write();
  PeWriter narrow = PeWriter::Narrow();
  PutEverything(&narrow);
  PutLoadConfig(92, {{64, 0x10001000}, {68, 2}, {88, 0x100}}, &narrow);
  narrow.overlay = NulTerminated("an overlay");
  seeds["x86-overlay.dll"] = narrow.Write();
  PeWriter hybrid;
  hybrid.machine = kMachineArm64;
  PutLoadConfig(208, {{200, 0x10001000}}, &hybrid);
  seeds["arm64x.dll"] = hybrid.Write();
  PeWriter clr = PeWriter::Narrow();
  clr.characteristics = 0x102;
  PutImports({{"mscoree.dll", {"_CorExeMain"}}}, &clr);
  PutClr(ClrHeader::kIlOnly | ClrHeader::k32BitPreferred, &clr);
  seeds["clr.exe"] = clr.Write();
  PeWriter loop;
  PutResource(16, Bytes(4), &loop, ResourceEnd::kLoop);
  PutExports({{"A", {}}}, &loop, 0xFFFFFFFF, 0xFFFFFFFF);
  loop.section_count = 0xFFFF;
  loop.directory_count = 0xFFFFFFFF;
  seeds["lies.dll"] = loop.Write();
  PeWriter certificates;
  certificates.Set(Directory::kCertificate, 0x600, 16);
  certificates.overlay = {16, 0, 0, 0, 0, 2, 2, 0, 1, 2, 3, 4, 5, 6, 7, 8};
  seeds["certificates.dll"] = certificates.Write();
  PeWriter long_headers;  // of two pages
  long_headers.overlay = Bytes(8192, 1);
  seeds["long-headers.dll"] = long_headers.Write();
  PutAt(&seeds["long-headers.dll"], long_headers.pe_offset + 24 + 60, 8192, 4);
  return seeds;
}

TEST(ImageSeeds, AreWhatTheWriterMakes) {
  const std::filesystem::path folder = "test/fuzz/corpus/pe";
  const bool write = std::getenv("NUTHATCH_WRITE_SEEDS") != nullptr;
  if (write) std::filesystem::create_directories(folder);
  for (const auto& [name, bytes] : Seeds()) {
    if (write)
      std::ofstream(folder / name, std::ios::binary)
          .write(reinterpret_cast<const char*>(bytes.data()), static_cast<ptrdiff_t>(bytes.size()));
    std::ifstream stream(folder / name, std::ios::binary);
    EXPECT_EQ(Bytes((std::istreambuf_iterator<char>(stream)), {}), bytes) << name;
  }
}

}  // namespace
}  // namespace nuthatch
