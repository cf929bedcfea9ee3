#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "platform/file.h"

namespace nuthatch {
namespace {

class File : public ByteSource {
 public:
  File(int descriptor, uint64_t size) : descriptor_(descriptor), size_(size) {}
  ~File() override { close(descriptor_); }

  uint64_t size() const override { return size_; }

  std::optional<size_t> ReadAt(uint64_t position, std::span<uint8_t> out) override {
    size_t filled = 0;
    while (filled < out.size()) {
      const ssize_t read = pread(descriptor_, out.data() + filled, out.size() - filled,
                                 static_cast<off_t>(position + filled));
      if (read < 0 && errno == EINTR) continue;
      if (read < 0) return std::nullopt;
      if (read == 0) break;
      filled += static_cast<size_t>(read);
    }
    return filled;
  }

 private:
  const int descriptor_;
  const uint64_t size_;
};

Status Unreadable(const std::string& path) {
  return Status::Error("NUTHATCH_INPUT_UNREADABLE",
                       path + ": cannot be read: " + std::generic_category().message(errno));
}

}  // namespace

Status OpenFile(const std::string& path, std::unique_ptr<ByteSource>* out) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return Unreadable(path);
  struct stat facts;
  if (fstat(descriptor, &facts) != 0) {
    Status status = Unreadable(path);
    close(descriptor);
    return status;
  }
  *out = std::make_unique<File>(descriptor, static_cast<uint64_t>(facts.st_size));
  return {};
}

}  // namespace nuthatch
