#include "platform/file.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

namespace nuthatch {
namespace {

class FileTest : public testing::Test {
 protected:
  void SetUp() override { std::ofstream(name_, std::ios::binary) << "0123456789"; }
  void TearDown() override { std::filesystem::remove(name_); }

  std::string Read(ByteSource* file, uint64_t position, size_t size) {
    std::string text(size, '?');
    const auto read = file->ReadAt(position, {reinterpret_cast<uint8_t*>(text.data()), size});
    return read ? text.substr(0, *read) : "an error";
  }

  const std::filesystem::path name_ =
      std::filesystem::temp_directory_path() / u8"nuthatch-é-file-test";
  const std::u8string utf8_ = name_.u8string();
  const std::string path_{utf8_.begin(), utf8_.end()};
};

TEST_F(FileTest, IsReadAtAnyPosition) {
  std::unique_ptr<ByteSource> file;
  ASSERT_TRUE(OpenFile(path_, &file).ok());
  EXPECT_EQ(file->size(), 10u);
  EXPECT_EQ(Read(file.get(), 3, 4), "3456");
  EXPECT_EQ(Read(file.get(), 0, 1), "0");
  EXPECT_EQ(Read(file.get(), 8, 4), "89");
  EXPECT_EQ(Read(file.get(), 10, 4), "");
  EXPECT_EQ(Read(file.get(), uint64_t{1} << 40, 4), "");
}

TEST_F(FileTest, OneThatIsShortenedMeanwhileHasLess) {
  std::unique_ptr<ByteSource> file;
  ASSERT_TRUE(OpenFile(path_, &file).ok());
  std::filesystem::resize_file(name_, 5);
  EXPECT_EQ(Read(file.get(), 3, 4), "34");
}

TEST_F(FileTest, OneThatIsNotThereIsAnError) {
  std::unique_ptr<ByteSource> file;
  const Status status = OpenFile(path_ + "-not", &file);
  ASSERT_FALSE(status.ok());
  EXPECT_STREQ(status.code(), "NUTHATCH_INPUT_UNREADABLE");
  EXPECT_NE(status.message().find(path_ + "-not"), std::string::npos);
}

}  // namespace
}  // namespace nuthatch
