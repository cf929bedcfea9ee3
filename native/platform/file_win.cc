#include <windows.h>
// After windows.h.
#include <winioctl.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "platform/file.h"
#include "platform/wide.h"
#include "platform/windows_path.h"

namespace nuthatch {
namespace {

// Of a FILETIME: ticks of 100 ns since 1601.
int64_t SinceEpoch(int64_t filetime) { return (filetime - 116444736000000000) * 100; }

class File : public RegularFile {
 public:
  File(std::string path, HANDLE handle, uint64_t size)
      : path_(std::move(path)), handle_(handle), size_(size) {}
  ~File() override { CloseHandle(handle_); }

  uint64_t size() const override { return size_; }
  const std::string& path() const override { return path_; }
  void* native_handle() const override { return handle_; }

  std::optional<size_t> ReadAt(uint64_t position, std::span<uint8_t> out) override {
    constexpr size_t kMost = size_t{1} << 30;
    size_t filled = 0;
    while (filled < out.size()) {
      const uint64_t from = position + filled;
      OVERLAPPED where = {};
      where.Offset = static_cast<DWORD>(from);
      where.OffsetHigh = static_cast<DWORD>(from >> 32);
      DWORD read = 0;
      const auto wanted = static_cast<DWORD>((std::min)(out.size() - filled, kMost));
      if (!ReadFile(handle_, out.data() + filled, wanted, &read, &where)) {
        if (GetLastError() == ERROR_HANDLE_EOF) break;
        return std::nullopt;
      }
      if (read == 0) break;
      filled += read;
    }
    return filled;
  }

  std::optional<FileIdentity> Identity() const override {
    BY_HANDLE_FILE_INFORMATION facts;
    FILE_BASIC_INFO times;
    FILE_STANDARD_INFO standard;
    if (!GetFileInformationByHandle(handle_, &facts) ||
        !GetFileInformationByHandleEx(handle_, FileBasicInfo, &times, sizeof(times)) ||
        !GetFileInformationByHandleEx(handle_, FileStandardInfo, &standard, sizeof(standard)))
      return std::nullopt;
    FILETIME now;
    GetSystemTimePreciseAsFileTime(&now);
    return FileIdentity{facts.dwVolumeSerialNumber,
                        uint64_t{facts.nFileIndexHigh} << 32 | facts.nFileIndexLow,
                        static_cast<uint64_t>(standard.EndOfFile.QuadPart),
                        SinceEpoch(times.LastWriteTime.QuadPart),
                        SinceEpoch(times.ChangeTime.QuadPart),
                        standard.DeletePending != FALSE || standard.NumberOfLinks == 0,
                        Usn(),
                        SinceEpoch(int64_t{now.dwHighDateTime} << 32 | now.dwLowDateTime)};
  }

 private:
  int64_t Usn() const {
    alignas(USN_RECORD) char record[sizeof(USN_RECORD) + MAX_PATH * sizeof(wchar_t)];
    DWORD size = 0;
    if (!DeviceIoControl(handle_, FSCTL_READ_FILE_USN_DATA, nullptr, 0, record, sizeof(record),
                         &size, nullptr) ||
        size < sizeof(USN_RECORD))
      return 0;
    return reinterpret_cast<const USN_RECORD*>(record)->Usn;
  }

  const std::string path_;
  const HANDLE handle_;
  const uint64_t size_;
};

Status Unreadable(const std::string& path) {
  const int error = static_cast<int>(GetLastError());
  return Status::Error("NUTHATCH_INPUT_UNREADABLE",
                       path + ": cannot be read: " + std::system_category().message(error));
}

OpenFault FaultOf(DWORD error) {
  constexpr DWORD kDeletePending = 303;
  switch (error) {
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
    case ERROR_INVALID_NAME:
    case ERROR_INVALID_DRIVE:
    case ERROR_BAD_NETPATH:
    case ERROR_BAD_NET_NAME:
    case ERROR_BAD_PATHNAME:
    case ERROR_FILENAME_EXCED_RANGE:
    case ERROR_CANT_RESOLVE_FILENAME:  // links that lead to themselves
    case kDeletePending:
      return OpenFault::kNotFound;
    case ERROR_ACCESS_DENIED:
      return OpenFault::kPermissionDenied;
    case ERROR_SHARING_VIOLATION:
    case ERROR_LOCK_VIOLATION:
      return OpenFault::kLocked;
    default:
      return OpenFault::kOther;
  }
}

std::optional<std::string> AbsolutePath(const std::string& path) {
  std::wstring folder(GetCurrentDirectoryW(0, nullptr), L'\0');
  folder.resize(GetCurrentDirectoryW(static_cast<DWORD>(folder.size()), folder.data()));
  return ExtendedPath(path, ToUtf8(folder));
}

// No other program is hindered: all may read, write, rename and delete what is open here.
HANDLE OpenShared(const std::string& extended_path, DWORD flags) {
  return CreateFileW(ToWide(extended_path).c_str(), GENERIC_READ,
                     FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr, OPEN_EXISTING,
                     flags, nullptr);
}

}  // namespace

Status OpenFile(const std::string& path, std::unique_ptr<ByteSource>* out) {
  // Users may name a device here, if they want to.
  std::string extended = AbsolutePath(path).value_or(path);
  const HANDLE handle = OpenShared(extended, FILE_ATTRIBUTE_NORMAL);
  if (handle == INVALID_HANDLE_VALUE) return Unreadable(path);
  LARGE_INTEGER size;
  if (!GetFileSizeEx(handle, &size)) {
    Status status = Unreadable(path);
    CloseHandle(handle);
    return status;
  }
  *out = std::make_unique<File>(std::move(extended), handle, static_cast<uint64_t>(size.QuadPart));
  return {};
}

OpenFault OpenRegularFile(const std::string& path, bool follow_links,
                          std::unique_ptr<RegularFile>* out) {
  std::optional<std::string> extended = AbsolutePath(path);
  if (!extended) return OpenFault::kNotRegular;
  // FILE_FLAG_BACKUP_SEMANTICS: a folder is opened as one, so that it is told from what may not be
  // opened.
  const DWORD flags = FILE_FLAG_OPEN_NO_RECALL | FILE_FLAG_BACKUP_SEMANTICS |
                      (follow_links ? 0 : FILE_FLAG_OPEN_REPARSE_POINT);
  const HANDLE handle = OpenShared(*extended, flags);
  if (handle == INVALID_HANDLE_VALUE) return FaultOf(GetLastError());
  BY_HANDLE_FILE_INFORMATION facts;
  const bool known = GetFileInformationByHandle(handle, &facts) != FALSE;
  const DWORD refused =
      FILE_ATTRIBUTE_DIRECTORY | (follow_links ? 0 : FILE_ATTRIBUTE_REPARSE_POINT);
  const bool regular =
      GetFileType(handle) == FILE_TYPE_DISK && known && (facts.dwFileAttributes & refused) == 0;
  if (!regular) {
    CloseHandle(handle);
    return OpenFault::kNotRegular;
  }
  *out = std::make_unique<File>(*std::move(extended), handle,
                                uint64_t{facts.nFileSizeHigh} << 32 | facts.nFileSizeLow);
  return OpenFault::kNone;
}

OpenFault OpenRegularFileBelow(const std::string& folder, const std::string& path,
                               std::unique_ptr<RegularFile>* out) {
  return OpenRegularFile(folder + '/' + path, /*follow_links=*/false, out);
}

}  // namespace nuthatch
