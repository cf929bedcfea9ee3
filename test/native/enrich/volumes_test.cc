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
           {"\\Device\\LanmanRedirector\\;Z:000000000002a\\server\\share\\a",
            "\\\\server\\share\\a"},
           {"\\Device\\LanmanRedirector\\server\\share\\a", "\\\\server\\share\\a"},
           {"\\Device\\Mup\\server\\share\\b\\;c\\a", "\\\\server\\share\\b\\;c\\a"},
           {"\\Device\\Mup\\;Z:", "\\\\"},
           {"\\Program Files\\a", "C:\\Program Files\\a"},
           {"\\Program Files (x86)\\a", "C:\\Program Files (x86)\\a"},
           {"\\ProgramData\\a", "C:\\ProgramData\\a"},
           {"\\users\\a", "C:\\users\\a"},
           {"\\Elsewhere\\a", "\\Elsewhere\\a"},
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

TEST(Volumes, ADriveOfTheNetworkIsNoServerWhateverIsMapped) {
  Volumes volumes;
  volumes.Add("\\Device\\LanmanRedirector\\", "\\\\");
  volumes.Add("\\Device\\Mup\\", "\\\\");
  for (const char* before : {"Mup\\DfsClient\\;Z:0000000000020d40\\", "Mup\\;Z:0000000000020d40\\",
                             "Mup\\;LanmanRedirector\\;Z:0000000000020d40\\", "Mup\\",
                             "LanmanRedirector\\;Z:0000000000020d40\\"})
    EXPECT_EQ(PathOf(volumes, std::string("\\Device\\") + before + "clrmain\\public\\x.exe"),
              "\\\\clrmain\\public\\x.exe")
        << before;
}

TEST(Volumes, ProgramsOfWindowsTellWhereItIsUntilTheLoaderDoes) {
  Volumes volumes;
  volumes.LearnFromProgram("\\Device\\HarddiskVolume1\\Program Files\\a.exe");
  volumes.LearnFromProgram("\\Device\\HarddiskVolume1\\mounted\\Windows\\System32\\a.exe");
  EXPECT_EQ(volumes.revision(), 0u);
  volumes.LearnFromProgram("\\Device\\HarddiskVolume2\\Windows\\SysWOW64\\a.exe");
  volumes.LearnFromProgram("\\Device\\HarddiskVolume1\\Windows\\System32\\a.exe");
  EXPECT_EQ(PathOf(volumes, "\\Device\\HarddiskVolume2\\a"), "C:\\a");
  EXPECT_EQ(PathOf(volumes, "\\Device\\HarddiskVolume1\\a"), "\\Device\\HarddiskVolume1\\a");
  volumes.LearnFromImage("\\Device\\HarddiskVolume1\\Windows\\System32\\ntdll.dll");
  volumes.LearnFromProgram("\\Device\\HarddiskVolume2\\Windows\\System32\\a.exe");
  EXPECT_EQ(PathOf(volumes, "\\Device\\HarddiskVolume1\\a"), "C:\\a");
}

TEST(Volumes, WindowsMayHaveAnotherLetter) {
  constexpr std::string_view kVolume = "\\Device\\HarddiskVolume4\\";
  const std::string loader = std::string(kVolume) + "Windows\\System32\\ntdll.dll";
  for (const bool mapped_first : {true, false}) {
    Volumes volumes;
    if (mapped_first) volumes.Add(kVolume, "E:\\");
    volumes.LearnFromImage(loader);
    if (!mapped_first) volumes.Add(kVolume, "E:\\");
    EXPECT_EQ(PathOf(volumes, "\\SystemRoot\\System32\\a"), "E:\\Windows\\System32\\a");
    EXPECT_EQ(PathOf(volumes, "\\Users\\a"), "E:\\Users\\a");
    EXPECT_EQ(volumes.windows_volume(), kVolume);
    volumes.SetWindowsFolder("E:\\WINNT");
    EXPECT_EQ(PathOf(volumes, "\\SystemRoot\\a"), "E:\\WINNT\\a");
  }
  Volumes said;
  said.SetWindowsFolder("C:\\Windows");
  said.Add(kVolume, "E:\\");
  said.LearnFromImage(loader);
  EXPECT_EQ(PathOf(said, "\\SystemRoot\\a"), "C:\\Windows\\a") << "what is said counts";
  Volumes no_letter;
  no_letter.Add(kVolume, "\\\\?\\Volume{1}\\");
  no_letter.LearnFromImage(loader);
  EXPECT_EQ(PathOf(no_letter, "\\SystemRoot\\a"), "C:\\Windows\\a");
}

TEST(Volumes, AreBounded) {
  Volumes volumes;
  volumes.Add("\\Device\\" + std::string(Volumes::kLongestPrefix, 'x'), "C:\\");
  EXPECT_EQ(volumes.revision(), 0u);
  for (int i = 0; i < 1000; ++i) volumes.Add("\\Device\\" + std::to_string(i), "C:\\");
  EXPECT_EQ(volumes.revision(), Volumes::kMaxMappings);
}

TEST(Volumes, KnowsWhereWindowsIs) {
  Volumes learned;
  EXPECT_EQ(learned.windows_volume(), "");
  learned.LearnFromImage("\\Device\\HarddiskVolume3\\Windows\\System32\\ntdll.dll");
  EXPECT_EQ(learned.windows_volume(), "\\Device\\HarddiskVolume3\\");
  learned.Add("\\Device\\HarddiskVolume5", "D:");
  EXPECT_EQ(learned.windows_volume(), "") << "it is said, but not of this one";
  learned.Add("\\Device\\HarddiskVolume4", "C:");
  EXPECT_EQ(learned.windows_volume(), "\\Device\\HarddiskVolume4\\");
  learned.SetWindowsFolder("D:\\Windows");
  EXPECT_EQ(learned.windows_volume(), "\\Device\\HarddiskVolume5\\");
}

}  // namespace
}  // namespace nuthatch
