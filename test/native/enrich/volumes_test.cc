#include "enrich/volumes.h"

#include <gtest/gtest.h>

namespace nuthatch {
namespace {

std::string PathOf(const Volumes& volumes, std::string_view nt_path) {
  std::string path;
  volumes.AppendPath(nt_path, &path);
  return path;
}

TEST(Volumes, AMappingGivesTheDrive) {
  Volumes volumes;
  volumes.Add("\\Device\\HarddiskVolume1\\", "E:\\");
  volumes.Add("\\Device\\HarddiskVolume10", "D:");
  volumes.Add("\\Device\\HarddiskVolume1\\mounted\\", "F:\\");
  EXPECT_EQ(PathOf(volumes, "\\Device\\HarddiskVolume1\\a"), "E:\\a");
  EXPECT_EQ(PathOf(volumes, "\\Device\\HarddiskVolume10\\a"), "D:\\a");
  EXPECT_EQ(PathOf(volumes, "\\DEVICE\\harddiskvolume10\\a"), "D:\\a");
  EXPECT_EQ(PathOf(volumes, "\\Device\\HarddiskVolume1\\mounted\\a"), "F:\\a");
  EXPECT_EQ(PathOf(volumes, "\\Device\\HarddiskVolume2\\a"), "\\Device\\HarddiskVolume2\\a");
  EXPECT_EQ(PathOf(volumes, "\\Device\\HarddiskVolume1"), "\\Device\\HarddiskVolume1");
}

TEST(Volumes, NamesThatAreTheSameEverywhereNeedNone) {
  Volumes volumes;
  for (const auto& [nt, path] : std::initializer_list<std::pair<const char*, const char*>>{
           {"\\??\\C:\\a", "C:\\a"},
           {"\\DosDevices\\C:\\a", "C:\\a"},
           {"\\\\?\\C:\\a", "C:\\a"},
           {"\\SystemRoot\\System32\\a", "C:\\Windows\\System32\\a"},
           {"\\Windows\\System32\\a", "C:\\Windows\\System32\\a"},
           {"\\??\\UNC\\server\\share\\a", "\\\\server\\share\\a"},
           {"\\Device\\Mup\\server\\share\\a", "\\\\server\\share\\a"},
           {"\\Device\\Mup\\;LanmanRedirector\\;Z:000000000002a\\server\\share\\a",
            "\\\\server\\share\\a"},
           {"\\Device\\Mup\\DfsClient\\;Z:000000000002a\\server\\share\\a", "\\\\server\\share\\a"},
           {"\\Device\\NamedPipe\\a", "\\Device\\NamedPipe\\a"},
           {"C:\\a", "C:\\a"},
           {"a", "a"},
           {"", ""},
       })
    EXPECT_EQ(PathOf(volumes, nt), path) << nt;
}

TEST(Volumes, TheLoaderTellsWhereWindowsIs) {
  Volumes volumes;
  volumes.SetWindowsFolder("D:\\WINNT\\");
  EXPECT_EQ(PathOf(volumes, "\\SystemRoot\\a"), "D:\\WINNT\\a");
  volumes.LearnFromImage("\\Device\\HarddiskVolume3\\Windows\\SysWOW64\\ntdll.dll");
  EXPECT_EQ(PathOf(volumes, "\\Device\\HarddiskVolume3\\a"), "\\Device\\HarddiskVolume3\\a");
  const uint64_t before = volumes.revision();
  volumes.LearnFromImage("\\Device\\HarddiskVolume3\\WINDOWS\\system32\\ntdll.dll");
  EXPECT_GT(volumes.revision(), before);
  EXPECT_EQ(PathOf(volumes, "\\Device\\HarddiskVolume3\\a"), "D:\\a");
  // It is only a guess.
  volumes.Add("\\??\\", "");
  volumes.Add("\\SystemRoot\\", "E:\\Windows\\");
  EXPECT_EQ(PathOf(volumes, "\\Device\\HarddiskVolume3\\a"), "D:\\a");
  volumes.Add("\\Device\\HarddiskVolume4\\", "C:\\");
  EXPECT_EQ(PathOf(volumes, "\\Device\\HarddiskVolume3\\a"), "\\Device\\HarddiskVolume3\\a");
}

TEST(Volumes, AreBounded) {
  Volumes volumes;
  volumes.Add("\\Device\\" + std::string(Volumes::kLongestPrefix, 'x'), "C:\\");
  EXPECT_EQ(volumes.revision(), 0u);
  for (int i = 0; i < 1000; ++i) volumes.Add("\\Device\\" + std::to_string(i), "C:\\");
  EXPECT_EQ(volumes.revision(), Volumes::kMaxMappings);
}

}  // namespace
}  // namespace nuthatch
