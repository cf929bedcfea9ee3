#include <windows.h>

#include <algorithm>
#include <system_error>

#include "platform/file.h"
#include "platform/wide.h"

namespace nuthatch {
namespace {

class File : public ByteSource {
 public:
  File(HANDLE handle, uint64_t size) : handle_(handle), size_(size) {}
  ~File() override { CloseHandle(handle_); }

  uint64_t size() const override { return size_; }

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

 private:
  const HANDLE handle_;
  const uint64_t size_;
};

Status Unreadable(const std::string& path) {
  const int error = static_cast<int>(GetLastError());
  return Status::Error("NUTHATCH_INPUT_UNREADABLE",
                       path + ": cannot be read: " + std::system_category().message(error));
}

}  // namespace

Status OpenFile(const std::string& path, std::unique_ptr<ByteSource>* out) {
  const HANDLE handle = CreateFileW(ToWide(path).c_str(), GENERIC_READ,
                                    FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                                    OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr);
  if (handle == INVALID_HANDLE_VALUE) return Unreadable(path);
  LARGE_INTEGER size;
  if (!GetFileSizeEx(handle, &size)) {
    Status status = Unreadable(path);
    CloseHandle(handle);
    return status;
  }
  *out = std::make_unique<File>(handle, static_cast<uint64_t>(size.QuadPart));
  return {};
}

}  // namespace nuthatch
