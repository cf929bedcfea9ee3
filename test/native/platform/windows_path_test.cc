#include "platform/windows_path.h"

#include <gtest/gtest.h>

namespace nuthatch {
namespace {

std::string Extended(std::string_view path, std::string_view folder = R"(C:\work)") {
  return ExtendedPath(path, folder).value_or("none");
}

TEST(ExtendedPath, IsAbsoluteAndWithoutALimit) {
  EXPECT_EQ(Extended(R"(C:\a\b.exe)"), R"(\\?\C:\a\b.exe)");
  EXPECT_EQ(Extended("C:/a//b/./c/../d.exe"), R"(\\?\C:\a\b\d.exe)");
  EXPECT_EQ(Extended(R"(C:\..\..\a)"), R"(\\?\C:\a)") << "nothing is above the drive";
  EXPECT_EQ(Extended("c:\\"), "\\\\?\\c:\\");
  const std::string name(200, 'n');
  EXPECT_EQ(Extended("C:\\" + name + "\\" + name), "\\\\?\\C:\\" + name + "\\" + name);
}

TEST(ExtendedPath, OfARelativeOneGoesOnFromTheFolder) {
  EXPECT_EQ(Extended("b.exe"), R"(\\?\C:\work\b.exe)");
  EXPECT_EQ(Extended(R"(..\b.exe)"), R"(\\?\C:\b.exe)");
  EXPECT_EQ(Extended(R"(\b.exe)"), R"(\\?\C:\b.exe)");
  EXPECT_EQ(Extended("C:b.exe"), R"(\\?\C:\work\b.exe)");
  EXPECT_EQ(Extended("D:b.exe"), R"(\\?\D:\b.exe)");
  EXPECT_EQ(Extended("b.exe", R"(\\server\share\x)"), R"(\\?\UNC\server\share\x\b.exe)");
  EXPECT_EQ(Extended("b.exe", "C:\\"), R"(\\?\C:\b.exe)");
}

TEST(ExtendedPath, ReservedNamesAreTheFilesThatBearThem) {
  EXPECT_EQ(Extended("NUL"), R"(\\?\C:\work\NUL)");
  EXPECT_EQ(Extended(R"(C:\a\com1.txt)"), R"(\\?\C:\a\com1.txt)");
  EXPECT_EQ(Extended(R"(C:\a\evil.exe.)"), R"(\\?\C:\a\evil.exe.)");
  EXPECT_EQ(Extended(R"(C:\a\evil.exe )"), R"(\\?\C:\a\evil.exe )");
  EXPECT_EQ(Extended(R"(C:\a.txt:stream)"), R"(\\?\C:\a.txt:stream)");
}

TEST(ExtendedPath, OfAServer) {
  EXPECT_EQ(Extended(R"(\\server\share\a\..\b)"), R"(\\?\UNC\server\share\b)");
  EXPECT_EQ(Extended(R"(\\server\share\..\..\b)"), R"(\\?\UNC\server\share\b)");
  EXPECT_EQ(Extended(R"(\\?\UNC\server\share\b)"), R"(\\?\UNC\server\share\b)");
  EXPECT_EQ(Extended(R"(\Device\Mup\server\share\b)"), R"(\\?\UNC\server\share\b)");
}

TEST(ExtendedPath, OfTheNamesThatTheKernelGives) {
  EXPECT_EQ(Extended(R"(\Device\HarddiskVolume3\Windows\a.dll)"),
            R"(\\?\GLOBALROOT\Device\HarddiskVolume3\Windows\a.dll)");
  EXPECT_EQ(Extended(R"(\SystemRoot\System32\a.dll)"),
            R"(\\?\GLOBALROOT\SystemRoot\System32\a.dll)");
  EXPECT_EQ(Extended(R"(\??\C:\a.dll)"), R"(\\?\C:\a.dll)");
  EXPECT_EQ(Extended(R"(\\?\Volume{00000000-0000-0000-0000-000000000000}\a)"),
            R"(\\?\Volume{00000000-0000-0000-0000-000000000000}\a)");
}

TEST(ExtendedPath, ThereIsNoneOfDevicesPipesAndMailSlots) {
  for (const char* path : {"",
                           R"(\\.\C:)",
                           R"(\\.\PhysicalDrive0)",
                           R"(//./pipe/x)",
                           R"(\\?\pipe\x)",
                           R"(\\?\C:)",
                           R"(\\?\PhysicalDrive0)",
                           R"(\\server\pipe\x)",
                           R"(\\localhost\PIPE\x)",
                           R"(\\.\mailslot\x)",
                           R"(\\server\mailslot\x)",
                           R"(\\?\UNC\server\pipe\x)",
                           R"(\\server)",
                           R"(\\)",
                           R"(\??\NUL)",
                           R"(\Device\NamedPipe\x)",
                           R"(\Device\HarddiskVolume3)",
                           R"(\Device\Null)",
                           R"(\\?\GLOBALROOT\Device\NamedPipe\x)",
                           R"(\\?\)",
                           R"(\\?\Volume{00000000-0000-0000-0000-000000000000})"})
    EXPECT_EQ(ExtendedPath(path, R"(C:\work)"), std::nullopt) << path;
}

}  // namespace
}  // namespace nuthatch
