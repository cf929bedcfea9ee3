#include <gtest/gtest.h>
#include <windows.h>

#include <filesystem>

#include "platform/file.h"
#include "platform/symbols.h"
#include "platform/wide.h"
#include "support/temporary_folder.h"

namespace nuthatch {
namespace {

namespace fs = std::filesystem;

// A file below \\?\, which this opens for itself.
class WindowsFileTest : public testing::Test {
 protected:
  std::wstring Extended(const std::string& name) {
    return L"\\\\?\\" + ToWide((folder_ / name).string());
  }
  HANDLE Open(const std::wstring& path, DWORD access, DWORD sharing) {
    return CreateFileW(path.c_str(), access, sharing, nullptr, OPEN_ALWAYS, 0, nullptr);
  }
  void Make(const std::string& name) {
    const HANDLE file = Open(Extended(name), GENERIC_WRITE, 0);
    ASSERT_NE(file, INVALID_HANDLE_VALUE) << GetLastError();
    DWORD written = 0;
    EXPECT_TRUE(WriteFile(file, "text", 4, &written, nullptr));
    CloseHandle(file);
  }
  OpenFault OpenHere(const std::string& path) {
    return OpenRegularFile(path, /*follow_links=*/true, &file_);
  }
  std::string PathOf(const std::string& name) { return (folder_ / name).string(); }

  const TemporaryFolder temporary_;
  const fs::path folder_ = temporary_.path();
  std::unique_ptr<RegularFile> file_;
};

constexpr DWORD kAll = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;

TEST_F(WindowsFileTest, HindersNobody) {
  Make("a.exe");
  ASSERT_EQ(OpenHere(PathOf("a.exe")), OpenFault::kNone);
  const auto before = file_->Identity();
  const HANDLE writer = Open(Extended("a.exe"), GENERIC_WRITE, kAll);
  ASSERT_NE(writer, INVALID_HANDLE_VALUE) << "others may write";
  DWORD written = 0;
  EXPECT_TRUE(WriteFile(writer, "other text", 10, &written, nullptr));
  CloseHandle(writer);
  EXPECT_NE(file_->Identity(), before) << "which is noticed";
  EXPECT_TRUE(MoveFileW(Extended("a.exe").c_str(), Extended("b.exe").c_str())) << "rename";
  EXPECT_TRUE(DeleteFileW(Extended("b.exe").c_str())) << "and delete";
}

TEST_F(WindowsFileTest, TellsThatItWasDeleted) {
  Make("a.exe");
  ASSERT_EQ(OpenHere(PathOf("a.exe")), OpenFault::kNone);
  EXPECT_FALSE(file_->Identity()->deleted);
  EXPECT_TRUE(DeleteFileW(Extended("a.exe").c_str()));
  EXPECT_TRUE(file_->Identity()->deleted);
}

TEST_F(WindowsFileTest, IsReadWhileAnotherWrites) {
  Make("a.exe");
  const HANDLE writer = Open(Extended("a.exe"), GENERIC_WRITE, kAll);
  EXPECT_EQ(OpenHere(PathOf("a.exe")), OpenFault::kNone);
  CloseHandle(writer);
}

TEST_F(WindowsFileTest, OneThatAnotherKeepsToItselfIsLocked) {
  const HANDLE owner = Open(Extended("a.exe"), GENERIC_READ, 0);
  EXPECT_EQ(OpenHere(PathOf("a.exe")), OpenFault::kLocked);
  CloseHandle(owner);
  EXPECT_EQ(OpenHere(PathOf("a.exe")), OpenFault::kNone);
}

TEST_F(WindowsFileTest, ItsPathMayBeLong) {
  std::string name;
  for (int i = 0; i < 5; ++i) {
    name += std::string(100, 'n');
    ASSERT_TRUE(CreateDirectoryW(Extended(name).c_str(), nullptr)) << GetLastError();
    name += '\\';
  }
  Make(name + "a.exe");
  EXPECT_EQ(OpenHere(PathOf(name + "a.exe")), OpenFault::kNone);
  EXPECT_EQ(file_->size(), 4u);
  std::unique_ptr<ByteSource> source;
  EXPECT_TRUE(OpenFile(PathOf(name + "a.exe"), &source).ok());
  file_.reset();
  source.reset();
  EXPECT_TRUE(DeleteFileW(Extended(name + "a.exe").c_str()));
  for (; !name.empty(); name.resize(name.size() - 101))
    EXPECT_TRUE(RemoveDirectoryW(Extended(name.substr(0, name.size() - 1)).c_str()));
}

TEST_F(WindowsFileTest, AReservedNameIsTheFileThatBearsIt) {
  EXPECT_EQ(OpenHere(PathOf("NUL")), OpenFault::kNotFound);
  Make("NUL");
  EXPECT_EQ(OpenHere(PathOf("NUL")), OpenFault::kNone);
  EXPECT_EQ(file_->size(), 4u);
  file_.reset();
  EXPECT_TRUE(DeleteFileW(Extended("NUL").c_str()));
}

TEST_F(WindowsFileTest, DevicesPipesAndFoldersAreNotOpened) {
  const HANDLE pipe =
      CreateNamedPipeW(L"\\\\.\\pipe\\nuthatch-test", PIPE_ACCESS_DUPLEX, 0, 1, 0, 0, 0, nullptr);
  ASSERT_NE(pipe, INVALID_HANDLE_VALUE);
  for (const std::string& path :
       {std::string(R"(\\.\pipe\nuthatch-test)"), std::string(R"(\\?\pipe\nuthatch-test)"),
        std::string(R"(\\.\NUL)"), std::string(R"(\\.\C:)"), folder_.string()})
    EXPECT_EQ(OpenHere(path), OpenFault::kNotRegular) << path;
  CloseHandle(pipe);
}

TEST_F(WindowsFileTest, PathsThatCannotBeAreOfNoFile) {
  EXPECT_EQ(OpenHere(PathOf("a?.exe")), OpenFault::kNotFound);
  EXPECT_EQ(OpenHere(PathOf(std::string(40000, 'n'))), OpenFault::kNotFound);
  EXPECT_EQ(OpenHere(PathOf("none\\a.exe")), OpenFault::kNotFound);
}

TEST(SystemLibrary, IsTheOneOfWindows) {
  void* const library = LoadSystemLibrarySymbols("kernel32.dll");
  ASSERT_NE(library, nullptr);
  EXPECT_NE(FindSymbol(library, "GetLastError"), nullptr);
  EXPECT_EQ(FindSymbol(library, "NoSuchFunction"), nullptr);
  EXPECT_EQ(LoadSystemLibrarySymbols("nuthatch-none.dll"), nullptr);
}

}  // namespace
}  // namespace nuthatch
