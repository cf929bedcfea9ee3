#include "pipeline/file_lines.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace nuthatch {
namespace {

class TestFile : public MemorySource {
 public:
  explicit TestFile(const std::string& text)
      : MemorySource({reinterpret_cast<const uint8_t*>(text.data()), text.size()}) {}
};

class FailingFile : public ByteSource {
 public:
  uint64_t size() const override { return 100; }
  std::optional<size_t> ReadAt(uint64_t, std::span<uint8_t>) override { return std::nullopt; }
};

constexpr size_t kNoLimit = size_t{1} << 30;

std::string Lines(FileLines* lines, const std::string& text, size_t begin, size_t end,
                  size_t max_line = kNoLimit) {
  TestFile file(text);
  return std::string(lines->Read(&file, begin, end, max_line).value());
}

TEST(FileLines, ReadsTheLinesThatBeginInAPart) {
  FileLines lines;
  const std::string text = "one\ntwo\nthree\n";
  EXPECT_EQ(Lines(&lines, text, 0, text.size()), text);
  EXPECT_EQ(Lines(&lines, text, 0, 1), "one\n");
  EXPECT_EQ(Lines(&lines, text, 0, 4), "one\n");
  EXPECT_EQ(Lines(&lines, text, 0, 5), "one\ntwo\n");
  EXPECT_EQ(Lines(&lines, text, 1, 4), "");
  EXPECT_EQ(Lines(&lines, text, 1, 5), "two\n");
  EXPECT_EQ(Lines(&lines, text, 4, 8), "two\n");
  EXPECT_EQ(Lines(&lines, text, 8, 9), "three\n");
}

TEST(FileLines, TheLastLineNeedsNoNewline) {
  FileLines lines;
  EXPECT_EQ(Lines(&lines, "one\ntwo", 3, 7), "two");
  EXPECT_EQ(Lines(&lines, "one", 0, 1), "one");
}

TEST(FileLines, AFileMayHaveBecomeShorter) {
  FileLines lines;
  EXPECT_EQ(Lines(&lines, "one\ntw", 4, 100), "tw");
  EXPECT_EQ(lines.missing(), 94u);
  EXPECT_EQ(Lines(&lines, "one\ntw", 50, 100), "");
  EXPECT_EQ(lines.missing(), 50u);
  EXPECT_EQ(Lines(&lines, "", 0, 100), "");
  EXPECT_EQ(lines.missing(), 100u);
  EXPECT_EQ(Lines(&lines, "one\ntwo", 4, 7), "two");
  EXPECT_EQ(lines.missing(), 0u);
}

TEST(FileLines, OfALineThatIsTooLongNoMoreIsReadThanTellsIt) {
  FileLines lines;
  const std::string text = "a\n" + std::string(3'000'000, 'x') + "\nb\n";
  const std::string read = Lines(&lines, text, 0, 4, /*max_line=*/1000);
  EXPECT_GT(read.size(), 2 + 1000u);
  EXPECT_LT(read.size(), 100'000u);
  EXPECT_EQ(Lines(&lines, text, 4, 3'000'003), "");
  EXPECT_EQ(Lines(&lines, text, 0, 4), text.substr(0, 3'000'003));
}

TEST(FileLines, ReadsLongLinesToTheirEnd) {
  FileLines lines;
  for (const size_t size : {4000, 4095, 4096, 4097, 20'000, 100'000, 3'000'000}) {
    const std::string text = "a\n" + std::string(size, 'x') + "\nb\n";
    EXPECT_EQ(Lines(&lines, text, 0, 2), "a\n");
    EXPECT_EQ(Lines(&lines, text, 2, 3), text.substr(2, size + 1)) << size;
    EXPECT_EQ(Lines(&lines, text, 1, 5), text.substr(2, size + 1)) << size;
  }
}

TEST(FileLines, SaysWhenTheSystemFails) {
  FileLines lines;
  FailingFile file;
  EXPECT_EQ(lines.Read(&file, 0, 100, kNoLimit), std::nullopt);
}

TEST(FileLines, PartsNextToEachOtherHaveEveryLineOnce) {
  const uint32_t seed = std::random_device{}();
  std::printf("seed %u\n", seed);
  std::mt19937 random(seed);
  FileLines lines;
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (size_t n = random() % 12; n > 0; --n) text += std::string(random() % 9, 'x') + "\n";
    text += std::string(random() % 3, 'y');
    std::string read;
    for (size_t begin = 0; begin < text.size();) {
      const size_t end = std::min(text.size(), begin + 1 + random() % 10);
      read += Lines(&lines, text, begin, end);
      begin = end;
    }
    ASSERT_EQ(read, text);
  }
}

}  // namespace
}  // namespace nuthatch
