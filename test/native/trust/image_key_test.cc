#include "trust/image_key.h"

#include <gtest/gtest.h>

namespace nuthatch {
namespace {

TEST(NormalPath, IsOneForAllWaysToWriteIt) {
  for (const char* path :
       {R"(C:\Windows\a.dll)", R"(c:/WINDOWS/A.DLL)", R"(\??\C:\Windows\a.dll)",
        R"(\\?\C:\Windows\a.dll)", R"(\\.\C:\Windows\a.dll)", R"(\GLOBAL??\C:\Windows\a.dll)",
        R"(\DosDevices\C:\Windows\a.dll)", R"(\SystemRoot\a.dll)"})
    EXPECT_EQ(NormalPath(path).text(), R"(c:\windows\a.dll)") << path;
}

// Those of a server may take for ever, and have threads of their own.
TEST(IsOnNetwork, WhateverAServersPathIsWrittenLike) {
  for (const char* path :
       {R"(\\server\share\a.dll)", R"(\\?\UNC\server\share\a.dll)", R"(\??\UNC\server\share\a.dll)",
        R"(\Device\Mup\server\share\a.dll)", R"(\Device\LanmanRedirector\server\share\a.dll)",
        R"(\Device\LanmanRedirector\;Z:000000000002a\server\share\a.dll)"})
    EXPECT_TRUE(IsOnNetwork(NormalPath(path).text())) << path;
  for (const char* path : {R"(C:\a.dll)", R"(\\?\C:\a.dll)", R"(\Device\HarddiskVolume3\a.dll)",
                           R"(\SystemRoot\a.dll)", R"(\Device\LanmanRedirector)", "a.dll"})
    EXPECT_FALSE(IsOnNetwork(NormalPath(path).text())) << path;
}

}  // namespace
}  // namespace nuthatch
