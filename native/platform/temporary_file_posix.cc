#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "platform/temporary_file.h"

namespace nuthatch {
namespace {

class File final : public TemporaryFile {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() override { close(descriptor_); }

  bool Write(uint64_t position, std::span<const uint8_t> bytes) override {
    while (!bytes.empty()) {
      const ssize_t written =
          pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(position));
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return false;
      position += static_cast<uint64_t>(written);
      bytes = bytes.subspan(static_cast<size_t>(written));
    }
    return true;
  }

  bool Read(uint64_t position, std::span<uint8_t> out) override {
    while (!out.empty()) {
      const ssize_t read = pread(descriptor_, out.data(), out.size(), static_cast<off_t>(position));
      if (read < 0 && errno == EINTR) continue;
      if (read <= 0) return false;
      position += static_cast<uint64_t>(read);
      out = out.subspan(static_cast<size_t>(read));
    }
    return true;
  }

 private:
  const int descriptor_;
};

}  // namespace

std::unique_ptr<TemporaryFile> TemporaryFile::Create(const std::string& folder) {
  std::string path = folder + "/nuthatch-XXXXXX";
  const int descriptor = mkstemp(path.data());
  if (descriptor < 0) return nullptr;
  unlink(path.c_str());
  return std::make_unique<File>(descriptor);
}

}  // namespace nuthatch
