#include "enrich/recent_paths.h"

#include <gtest/gtest.h>

namespace nuthatch {
namespace {

std::string TextOf(const RecentPaths& paths, uint64_t key) {
  std::string text = "what was there";
  const RecentPaths::Path* path = paths.Find(key);
  if (path == nullptr) return "none";
  paths.TextOf(*path, &text);
  return text;
}

TEST(RecentPaths, GivesPathsBackAsTheyWere) {
  RecentFolders folders(100, 10'000);
  RecentPaths paths(100, 10'000, &folders);
  const std::string texts[] = {"",
                               "a.txt",
                               "\\",
                               "\\a",
                               "folder\\",
                               "\\Device\\HarddiskVolume3\\Windows\\a.txt",
                               "\\\\",
                               "\\Device\\HarddiskVolume3\\Windows\\",
                               "\\Device\\HarddiskVolume3"};
  uint64_t key = 0;
  for (const std::string& text : texts) paths.Put(key++, text);
  key = 0;
  for (const std::string& text : texts) EXPECT_EQ(TextOf(paths, key++), text);
}

TEST(RecentPaths, FilesOfAFolderTakeNoMoreThanTheirOwnNames) {
  const std::string folder = "\\" + std::string(1000, 'x') + "\\";
  RecentFolders folders(100, 10'000);
  RecentPaths paths(200, 20'000, &folders);
  for (uint64_t key = 0; key < 200; ++key) paths.Put(key, folder + std::to_string(key));
  for (uint64_t key = 0; key < 200; ++key)
    EXPECT_EQ(TextOf(paths, key), folder + std::to_string(key));
}

TEST(RecentPaths, AFolderThatIsUsedStays) {
  const std::string used = "\\Device\\HarddiskVolume3\\used\\";
  RecentFolders folders(100, 10'000);
  RecentPaths paths(10'000, 1'000'000, &folders);
  for (uint64_t i = 0; i < 3000; ++i) {
    paths.Put(i, used + std::to_string(i));
    paths.Put(10'000 + i, "\\Device\\HarddiskVolume3\\other " + std::to_string(i) + "\\a");
  }
  EXPECT_EQ(TextOf(paths, 2999), used + "2999");
  EXPECT_EQ(TextOf(paths, 0), used + "0");
}

TEST(RecentPaths, OfAFolderThatIsForgottenNoPathIsKnown) {
  RecentFolders folders(2, 10'000);
  RecentPaths paths(10, 10'000, &folders);
  for (uint64_t i = 0; i < 3; ++i)
    paths.Put(i, "\\Device\\HarddiskVolume3\\" + std::to_string(i) + "\\a");
  EXPECT_EQ(TextOf(paths, 0), "");
  EXPECT_EQ(TextOf(paths, 2), "\\Device\\HarddiskVolume3\\2\\a");
}

}  // namespace
}  // namespace nuthatch
