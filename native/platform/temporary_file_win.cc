#include <windows.h>
// After windows.h.
#include <algorithm>

#include "platform/random.h"
#include "platform/temporary_file.h"
#include "platform/wide.h"

namespace nuthatch {
namespace {

OVERLAPPED At(uint64_t position) {
  OVERLAPPED where = {};
  where.Offset = static_cast<DWORD>(position);
  where.OffsetHigh = static_cast<DWORD>(position >> 32);
  return where;
}

DWORD Part(size_t size) { return static_cast<DWORD>((std::min)(size, size_t{1} << 30)); }

class File final : public TemporaryFile {
 public:
  explicit File(HANDLE handle) : handle_(handle) {}
  ~File() override { CloseHandle(handle_); }

  bool Write(uint64_t position, std::span<const uint8_t> bytes) override {
    while (!bytes.empty()) {
      OVERLAPPED where = At(position);
      DWORD written = 0;
      if (!WriteFile(handle_, bytes.data(), Part(bytes.size()), &written, &where) || written == 0)
        return false;
      position += written;
      bytes = bytes.subspan(written);
    }
    return true;
  }

  bool Read(uint64_t position, std::span<uint8_t> out) override {
    while (!out.empty()) {
      OVERLAPPED where = At(position);
      DWORD read = 0;
      if (!ReadFile(handle_, out.data(), Part(out.size()), &read, &where) || read == 0)
        return false;
      position += read;
      out = out.subspan(read);
    }
    return true;
  }

 private:
  const HANDLE handle_;
};

}  // namespace

std::unique_ptr<TemporaryFile> TemporaryFile::Create(const std::string& folder) {
  const std::wstring path = ToWide(folder + "\\nuthatch-" + std::to_string(RandomWord()) + ".tmp");
  const HANDLE handle =
      CreateFileW(path.c_str(), GENERIC_READ | GENERIC_WRITE, /*share=*/0, nullptr, CREATE_NEW,
                  FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE, nullptr);
  if (handle == INVALID_HANDLE_VALUE) return nullptr;
  return std::make_unique<File>(handle);
}

}  // namespace nuthatch
