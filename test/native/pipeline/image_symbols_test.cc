#include "pipeline/image_symbols.h"

#include <gtest/gtest.h>

#include <deque>
#include <filesystem>
#include <fstream>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include "image/pe_tables.h"
#include "support/allocations.h"
#include "support/temporary_folder.h"

namespace nuthatch {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPath = R"(C:\Windows\System32\ntdll.dll)";

class ImageSymbolsTest : public testing::Test {
 protected:
  void SetUp() override { Write({{"NtA", {}, 0x5000}, {"NtB", {}, 0x5020}}); }

  void Write(const std::vector<Export>& exports) const {
    fs::create_directories(root_ / "Windows" / "System32");
    Section code;
    code.name = ".text";
    code.virtual_address = 0x5000;
    code.virtual_size = 0x200;
    code.raw_size = 0x200;
    code.characteristics = kSectionReadable | kSectionExecutable;
    PeWriter writer;
    writer.timestamp = 77;
    writer.more_sections.emplace_back(code, Bytes(0x200));
    PutExports(exports, &writer);
    const Bytes bytes = writer.Write();
    std::ofstream(root_ / "Windows" / "System32" / "NTDLL.DLL", std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
  }

  // "NtA+4", or "".
  static std::string Find(SymbolSource* symbols, uint32_t rva, ImageNumbers numbers = {},
                          std::string_view path = kPath) {
    ImageFile file;
    file.path = path;
    file.numbers = numbers;
    Symbol symbol;
    if (!symbols->Find(file, path, rva, &symbol)) return "";
    return std::string(symbol.name) + "+" + std::to_string(symbol.offset);
  }

  const TemporaryFolder temporary_;
  const fs::path root_ = temporary_.path();
};

TEST_F(ImageSymbolsTest, NamesFunctionsOfTheFileBelowTheRoot) {
  ImageSymbols symbols({root_.string(), /*waits=*/true});
  EXPECT_EQ(Find(&symbols, 0x5000), "NtA+0");
  EXPECT_EQ(Find(&symbols, 0x501F), "NtA+31");
  EXPECT_EQ(Find(&symbols, 0x5024), "NtB+4");
  EXPECT_EQ(Find(&symbols, 0x4FFF), "");
  EXPECT_EQ(Find(&symbols, 0x5200), "");
}

TEST_F(ImageSymbolsTest, AnotherFileThanTheOneThatWasMappedNamesNothing) {
  ImageSymbols symbols({root_.string(), /*waits=*/true});
  EXPECT_EQ(Find(&symbols, 0x5000, {77, 0, 0}), "NtA+0");
  EXPECT_EQ(Find(&symbols, 0x5000, {78, 0, 0}), "");
  EXPECT_EQ(Find(&symbols, 0x5000, {77, 0, 0x123000}), "");
  EXPECT_EQ(Find(&symbols, 0x5000, {}, R"(C:\Windows\System32\other.dll)"), "");
  EXPECT_EQ(Find(&symbols, 0x5000, {}, R"(C:\Windows\System32)"), "");
}

TEST_F(ImageSymbolsTest, WhoDoesNotWaitHasTheNamesWhenTheFileHasBeenRead) {
  ImageSymbols symbols({root_.string(), /*waits=*/false});
  std::string found;
  for (int i = 0; i < 10'000 && found.empty(); ++i) {
    found = Find(&symbols, 0x5000);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  EXPECT_EQ(found, "NtA+0");
}

TEST_F(ImageSymbolsTest, FilesBeyondTheMostAreForgotten) {
  ImageSymbols symbols({root_.string(), /*waits=*/true});
  for (size_t i = 0; i < ImageSymbols::kMaxFiles + 10; ++i)
    EXPECT_EQ(Find(&symbols, 0x5000, {}, "C:\\" + std::to_string(i)), "");
  EXPECT_EQ(Find(&symbols, 0x5000), "NtA+0");
}

// More functions than there is memory for.
class ImageSymbolsWithoutMemory : public ImageSymbolsTest {
 protected:
  static constexpr size_t kMost = size_t{16} << 10;  // bytes

  void SetUp() override {
    std::deque<std::string> names;
    std::vector<Export> exports;
    for (uint32_t i = 0; i * sizeof(ExportedCode) <= 2 * kMost; ++i)
      exports.push_back({names.emplace_back("A" + std::to_string(i)), {}, 0x5000 + i % 0x200});
    Write(exports);
  }
};

TEST_F(ImageSymbolsWithoutMemory, WhoWaitsForAFileIsToldAndWhoeverAsksThen) {
  ImageSymbols symbols({root_.string(), /*waits=*/true});
  {
    const AllocationLimit limit(kMost);
    EXPECT_THROW(Find(&symbols, 0x5000), std::bad_alloc);
  }
  EXPECT_THROW(Find(&symbols, 0x5000), std::bad_alloc) << "no file is read any more";
  EXPECT_THROW(Find(&symbols, 0x5000, {}, R"(C:\other.dll)"), std::bad_alloc);
}

TEST_F(ImageSymbolsWithoutMemory, WhoDoesNotWaitIsToldLater) {
  ImageSymbols symbols({root_.string(), /*waits=*/false});
  const AllocationLimit limit(kMost);
  const auto ask_for_long = [&] {
    while (Find(&symbols, 0x5000).empty()) std::this_thread::yield();
  };
  EXPECT_THROW(ask_for_long(), std::bad_alloc);
}

}  // namespace
}  // namespace nuthatch
