#include "trust/image_root.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "support/temporary_folder.h"

namespace nuthatch {
namespace {

namespace fs = std::filesystem;

class ImageRootTest : public testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder_ / "root"); }

  void Put(const std::string& path) {
    fs::create_directories((folder_ / path).parent_path());
    std::ofstream(folder_ / path) << "x";
  }
  // Below the root; "" where nothing is found.
  std::string Find(std::string_view path) { return root_.Find(path).value_or(""); }

  const TemporaryFolder temporary_;
  const fs::path folder_ = temporary_.path();
  ImageRoot root_{(folder_ / "root").string(), std::make_shared<WindowsVolume>()};
};

TEST_F(ImageRootTest, FindsAFileHoweverItsPathIsWritten) {
  Put("root/Windows/System32/ntdll.dll");
  for (const char* path :
       {R"(C:\Windows\System32\ntdll.dll)", R"(c:\WINDOWS\system32\NTDLL.DLL)",
        R"(\Device\HarddiskVolume3\Windows\System32\ntdll.dll)",
        R"(\??\C:\Windows\System32\ntdll.dll)", R"(\\?\C:\Windows\System32\ntdll.dll)",
        R"(\SystemRoot\System32\ntdll.dll)", R"(\Windows\System32\ntdll.dll)",
        "C:/Windows/System32/ntdll.dll"}) {
    EXPECT_EQ(Find(path), "Windows/System32/ntdll.dll") << path;
  }
}

TEST_F(ImageRootTest, TellsAFileThatIsNotThereFromAFolderThatCannotBeRead) {
  Put("root/a.dll");
  EXPECT_EQ(Find(R"(C:\Windows\b.dll)"), "");
  EXPECT_FALSE(root_.unread());
  fs::create_symlink("loop", folder_ / "loop");
  ImageRoot loop((folder_ / "loop").string());
  EXPECT_FALSE(loop.Find(R"(C:\a.dll)"));
  EXPECT_EQ(loop.unread(), std::errc::too_many_symbolic_link_levels);
  fs::remove(folder_ / "loop");
  EXPECT_FALSE(loop.Find(R"(C:\a.dll)"));
  EXPECT_FALSE(loop.unread()) << "a root that is not there has no files";
  Put("loop/a.dll");
  EXPECT_EQ(loop.Find(R"(C:\a.dll)"), "a.dll") << "what could not be read is read again";
  EXPECT_FALSE(loop.Find(R"(C:\b.dll)"));
  EXPECT_FALSE(loop.unread());
}

TEST_F(ImageRootTest, OfNamesThatDifferByCaseOnlyTheOneThatIsWrittenSoIsMeant) {
  Put("root/Windows/app.exe");
  Put("root/Windows/APP.exe");
  EXPECT_EQ(Find(R"(C:\windows\app.exe)"), "Windows/app.exe");
  EXPECT_EQ(Find(R"(C:\windows\APP.exe)"), "Windows/APP.exe");
  EXPECT_EQ(Find(R"(C:\windows\App.exe)"), "") << "either could be";
}

TEST_F(ImageRootTest, TakesNoFileForItsNeighbourAsUnicodeWould) {
  Put("root/svchost.exe");
  Put("root/task.exe");
  Put("root/\u03BC.exe");
  for (const char* path : {"C:\\\u017Fvchost.exe", "C:\\tas\u212A.exe", "C:\\\u00B5.exe"})
    EXPECT_EQ(Find(path), "") << path;
  EXPECT_EQ(Find("C:\\\u039C.EXE"), "\u03BC.exe");
  Put("root/\u017Fvchost.exe");
  EXPECT_EQ(Find("C:\\\u017FVCHOST.EXE"), "\u017Fvchost.exe");
  EXPECT_EQ(Find("C:\\SVCHOST.EXE"), "svchost.exe");
}

TEST_F(ImageRootTest, APathThatCouldNotBeToldIsNoFiles) {
  Put("root/\uFFFD.exe");
  EXPECT_EQ(Find("C:\\\uFFFD.exe"), "");
}

TEST_F(ImageRootTest, VolumesThatHaveFoldersAreThere) {
  Put("root/C/a.dll");
  Put("root/D:/b.dll");
  Put("root/HarddiskVolume7/c.dll");
  Put("root/a.dll");
  EXPECT_EQ(Find(R"(C:\a.dll)"), "C/a.dll");
  EXPECT_EQ(Find(R"(D:\b.dll)"), "D:/b.dll");
  EXPECT_EQ(Find(R"(\Device\HarddiskVolume7\c.dll)"), "HarddiskVolume7/c.dll");
  EXPECT_EQ(Find(R"(E:\a.dll)"), "") << "the root is not just any drive";
}

TEST_F(ImageRootTest, IsNotWhatIsNoDisk) {
  Put("root/Windows/a.dll");
  for (const char* path :
       {R"(\Device\CdRom0\Windows\a.dll)", R"(\Device\HarddiskVolumeShadowCopy1\Windows\a.dll)",
        R"(\Device\Floppy0\Windows\a.dll)", R"(\Device\HarddiskVolume\Windows\a.dll)"}) {
    EXPECT_EQ(Find(path), "") << path;
  }
}

// A file of the same path on another disk is another file: who starts one from there must not have
// it taken for Windows' own.
TEST_F(ImageRootTest, IsOneDiskAlone) {
  Put("root/Windows/a.dll");
  Put("root/D/a.dll");
  EXPECT_EQ(Find(R"(\Device\HarddiskVolume3\Windows\a.dll)"), "Windows/a.dll");
  for (const char* path :
       {R"(\Device\HarddiskVolume7\Windows\a.dll)", R"(\Device\HarddiskVolume33\Windows\a.dll)",
        R"(\\?\GLOBALROOT\Device\HarddiskVolume7\Windows\a.dll)",
        R"(\Device\HarddiskVolume03\Windows\a.dll)"})
    EXPECT_EQ(Find(path), "") << path;
  EXPECT_EQ(Find(R"(\\?\GLOBALROOT\Device\HarddiskVolume3\Windows\a.dll)"), "Windows/a.dll");
}

TEST_F(ImageRootTest, IsTheDiskThatIsSaid) {
  Put("root/a.dll");
  ImageRoot root((folder_ / "root").string(), std::make_shared<WindowsVolume>(7));
  EXPECT_EQ(root.Find(R"(\Device\HarddiskVolume3\a.dll)"), std::nullopt);
  EXPECT_EQ(root.Find(R"(\Device\HarddiskVolume7\a.dll)"), "a.dll");
}

TEST_F(ImageRootTest, WindowsDiskIsTheFolderOfC) {
  Put("root/C/a.dll");
  Put("root/a.dll");
  EXPECT_EQ(Find(R"(\Device\HarddiskVolume3\a.dll)"), "C/a.dll");
}

TEST_F(ImageRootTest, WithFoldersOfDisksOthersAreNotThere) {
  Put("root/a.dll");
  EXPECT_FALSE(root_.HasDisks());
  Put("root/HarddiskVolume7/a.dll");
  ImageRoot root((folder_ / "root").string());
  EXPECT_TRUE(root.HasDisks());
  EXPECT_EQ(root.Find(R"(\Device\HarddiskVolume7\a.dll)"), "HarddiskVolume7/a.dll");
  EXPECT_EQ(root.Find(R"(\Device\HarddiskVolume3\a.dll)"), std::nullopt);
}

TEST_F(ImageRootTest, NeverLeadsOutside) {
  Put("outside/secret.dll");
  Put("root/Windows/a.dll");
  fs::create_directory_symlink(folder_ / "outside", folder_ / "root" / "link");
  fs::create_symlink(folder_ / "outside/secret.dll", folder_ / "root" / "secret.dll");
  for (const char* path :
       {R"(C:\..\outside\secret.dll)", R"(C:\Windows\..\..\outside\secret.dll)",
        R"(C:\link\secret.dll)", R"(C:\secret.dll)", R"(C:/../outside/secret.dll)",
        R"(C:\Windows\.\a.dll)", R"(\\server\share\a.dll)", R"(C:\Windows\a.dll:stream)", "a.dll",
        R"(C:\)", R"(C:)", "", R"(\)", R"(..\outside\secret.dll)"}) {
    EXPECT_EQ(Find(path), "") << path;
  }
}

TEST_F(ImageRootTest, PipesAreNoFiles) {
  ASSERT_EQ(mkfifo((folder_ / "root/pipe.dll").c_str(), 0600), 0);
  EXPECT_EQ(Find(R"(C:\pipe.dll)"), "");
}

// As where the times of folders are coarse: they are the same before and after.
TEST_F(ImageRootTest, TrustsTheTimeOfAFolderOnlyOnceItIsOld) {
  const auto write_at = [&](std::chrono::milliseconds ago) {
    fs::last_write_time(folder_ / "root", fs::file_time_type::clock::now() - ago);
    return fs::last_write_time(folder_ / "root");
  };
  const fs::file_time_type now = write_at(std::chrono::milliseconds(500));
  EXPECT_EQ(Find(R"(C:\a.dll)"), "");
  Put("root/a.dll");
  fs::last_write_time(folder_ / "root", now);
  EXPECT_EQ(Find(R"(C:\a.dll)"), "a.dll");
  const fs::file_time_type old = write_at(std::chrono::seconds(5));
  EXPECT_EQ(Find(R"(C:\b.dll)"), "");
  Put("root/b.dll");
  fs::last_write_time(folder_ / "root", old);
  EXPECT_EQ(Find(R"(C:\b.dll)"), "") << "or it would be read for each file";
}

TEST_F(ImageRootTest, SeesWhatComesAndGoes) {
  EXPECT_EQ(Find(R"(C:\Ä.dll)"), "");
  Put("root/ä.dll");
  EXPECT_EQ(Find(R"(C:\Ä.dll)"), "ä.dll");
  fs::remove(folder_ / "root/ä.dll");
  EXPECT_EQ(Find(R"(C:\Ä.dll)"), "");
}

}  // namespace
}  // namespace nuthatch
