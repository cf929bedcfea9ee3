#include "platform/file.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <utility>

#include "support/temporary_folder.h"

namespace nuthatch {
namespace {

class FileTest : public testing::Test {
 protected:
  void SetUp() override { std::ofstream(name_, std::ios::binary) << "0123456789"; }

  std::string Read(ByteSource* file, uint64_t position, size_t size) {
    std::string text(size, '?');
    const auto read = file->ReadAt(position, {reinterpret_cast<uint8_t*>(text.data()), size});
    return read ? text.substr(0, *read) : "an error";
  }

  const TemporaryFolder folder_;
  const std::filesystem::path name_ = folder_.path() / u8"é";
  const std::u8string utf8_ = name_.u8string();
  const std::string path_{utf8_.begin(), utf8_.end()};
};

constexpr int64_t kSecond = 1'000'000'000;

TEST(FileIdentity, IsKnownAgainOnlyOnceItsLastChangeWasOldWhenItWasRead) {
  FileIdentity known{
      .device = 1, .file = 2, .size = 3, .modified = 100 * kSecond, .changed = 100 * kSecond};
  FileIdentity now = known;
  now.asked = 900 * kSecond;
  for (const int64_t soon : {100 * kSecond, 101 * kSecond, 102 * kSecond}) {
    known.asked = soon;
    EXPECT_EQ(known, now);
    EXPECT_FALSE(IsUnchanged(known, now)) << "a later write can have the same times";
  }
  known.asked = 102 * kSecond + 1;
  EXPECT_TRUE(IsUnchanged(known, now));
  now.size = 4;
  EXPECT_FALSE(IsUnchanged(known, now));
}

TEST(FileIdentity, EitherTimeMayBeTheOneThatIsRecent) {
  FileIdentity known{.modified = 100 * kSecond, .changed = 1 * kSecond, .asked = 101 * kSecond};
  EXPECT_FALSE(IsUnchanged(known, known));
  std::swap(known.modified, known.changed);
  EXPECT_FALSE(IsUnchanged(known, known));
  known.changed = 1 * kSecond;
  EXPECT_TRUE(IsUnchanged(known, known));
}

TEST_F(FileTest, IsAskedByTheClockThatItsTimesAreOf) {
  std::unique_ptr<RegularFile> file;
  ASSERT_EQ(OpenRegularFile(path_, true, &file), OpenFault::kNone);
  const auto identity = file->Identity();
  ASSERT_TRUE(identity.has_value());
  EXPECT_LT(std::abs(identity->asked - identity->modified), 60 * kSecond);
  EXPECT_GT(identity->asked, 1'700'000'000 * kSecond);
  EXPECT_FALSE(IsUnchanged(*identity, *file->Identity())) << "it has just been written";
}

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
