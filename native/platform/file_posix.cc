#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

#include "platform/file.h"

namespace nuthatch {
namespace {

#ifdef __APPLE__
int64_t ModifiedAt(const struct stat& facts) {
  return facts.st_mtimespec.tv_sec * 1000000000 + facts.st_mtimespec.tv_nsec;
}
int64_t ChangedAt(const struct stat& facts) {
  return facts.st_ctimespec.tv_sec * 1000000000 + facts.st_ctimespec.tv_nsec;
}
#else
int64_t ModifiedAt(const struct stat& facts) {
  return facts.st_mtim.tv_sec * 1000000000 + facts.st_mtim.tv_nsec;
}
int64_t ChangedAt(const struct stat& facts) {
  return facts.st_ctim.tv_sec * 1000000000 + facts.st_ctim.tv_nsec;
}
#endif

int64_t Now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(since).count();
}

class File : public RegularFile {
 public:
  File(std::string path, int descriptor, uint64_t size)
      : path_(std::move(path)), descriptor_(descriptor), size_(size) {}
  ~File() override { close(descriptor_); }

  uint64_t size() const override { return size_; }
  const std::string& path() const override { return path_; }
  void* native_handle() const override {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): it is no address
    return reinterpret_cast<void*>(static_cast<intptr_t>(descriptor_));
  }

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

  std::optional<FileIdentity> Identity() const override {
    struct stat facts;
    if (fstat(descriptor_, &facts) != 0) return std::nullopt;
    return FileIdentity{static_cast<uint64_t>(facts.st_dev),
                        static_cast<uint64_t>(facts.st_ino),
                        static_cast<uint64_t>(facts.st_size),
                        ModifiedAt(facts),
                        ChangedAt(facts),
                        facts.st_nlink == 0,
                        /*revision=*/0,
                        Now()};
  }

 private:
  const std::string path_;
  const int descriptor_;
  const uint64_t size_;
};

Status Unreadable(const std::string& path) {
  return Status::Error("NUTHATCH_INPUT_UNREADABLE",
                       path + ": cannot be read: " + std::generic_category().message(errno));
}

OpenFault FaultOf(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
    case ESTALE:
      return OpenFault::kNotFound;
    case EACCES:
    case EPERM:
      return OpenFault::kPermissionDenied;
    case EBUSY:
    case ETXTBSY:
    case EAGAIN:
      return OpenFault::kLocked;
    case ELOOP:  // a link that is not to be followed
    case EISDIR:
    case ENXIO:  // a pipe or device without another end
    case ENODEV:
      return OpenFault::kNotRegular;
    default:
      return OpenFault::kOther;
  }
}

// `name` is looked up from the folder `at`; `path` is what the file is called.
OpenFault OpenRegularAt(int at, const std::string& name, const std::string& path, bool follow_links,
                        std::unique_ptr<RegularFile>* out) {
  struct stat facts;
  // Before it is opened, for opening a device can do something.
  if (fstatat(at, name.c_str(), &facts, follow_links ? 0 : AT_SYMLINK_NOFOLLOW) != 0)
    return errno == ELOOP ? OpenFault::kNotFound : FaultOf(errno);
  if (!S_ISREG(facts.st_mode)) return OpenFault::kNotRegular;
  const int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (follow_links ? 0 : O_NOFOLLOW);
  const int descriptor = openat(at, name.c_str(), flags);
  if (descriptor < 0) return FaultOf(errno);
  const bool known = fstat(descriptor, &facts) == 0;
  if (!known || !S_ISREG(facts.st_mode)) {  // something else took its place
    close(descriptor);
    return known ? OpenFault::kNotRegular : OpenFault::kOther;
  }
  *out = std::make_unique<File>(path, descriptor, static_cast<uint64_t>(facts.st_size));
  return OpenFault::kNone;
}

}  // namespace

Status OpenFile(const std::string& path, std::unique_ptr<ByteSource>* out) {
  // Does not wait for the other end of a pipe that has taken the file's place.
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor < 0) return Unreadable(path);
  struct stat facts;
  const bool known = fstat(descriptor, &facts) == 0;
  if (!known || !S_ISREG(facts.st_mode)) {
    if (known) errno = S_ISDIR(facts.st_mode) ? EISDIR : EINVAL;
    Status status = Unreadable(path);
    close(descriptor);
    return status;
  }
  *out = std::make_unique<File>(path, descriptor, static_cast<uint64_t>(facts.st_size));
  return {};
}

OpenFault OpenRegularFile(const std::string& path, bool follow_links,
                          std::unique_ptr<RegularFile>* out) {
  return OpenRegularAt(AT_FDCWD, path, path, follow_links, out);
}

// Folder by folder, each within the one before.
OpenFault OpenRegularFileBelow(const std::string& folder, const std::string& path,
                               std::unique_ptr<RegularFile>* out) {
  constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
  int at = open(folder.c_str(), kFolder);
  size_t begin = 0;
  for (size_t end; at >= 0 && (end = path.find('/', begin)) != std::string::npos; begin = end + 1) {
    const std::string name = path.substr(begin, end - begin);
    assert(!name.empty() && name != "..");
    const int next = openat(at, name.c_str(), kFolder | O_NOFOLLOW);
    const int error = errno;
    close(at);
    errno = error;
    at = next;
  }
  if (at < 0) return FaultOf(errno);
  const OpenFault fault =
      OpenRegularAt(at, path.substr(begin), folder + '/' + path, /*follow_links=*/false, out);
  close(at);
  return fault;
}

}  // namespace nuthatch
