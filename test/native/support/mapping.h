// A file that is written to while its times stay as they are.
#ifndef NUTHATCH_TEST_SUPPORT_MAPPING_H_
#define NUTHATCH_TEST_SUPPORT_MAPPING_H_

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <filesystem>
#include <string>

namespace nuthatch {

// Writes to a file as one does whose times are coarse: after the first write, the next ones through
// the same mapping leave the times as they are.
class Mapping {
 public:
  explicit Mapping(const std::string& path) : size_(std::filesystem::file_size(path)) {
    const int descriptor = open(path.c_str(), O_RDWR | O_CLOEXEC);
    bytes_ =
        static_cast<char*>(mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0));
    close(descriptor);
  }
  ~Mapping() { munmap(bytes_, size_); }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

  // Is done also when it is undone at once, which a compiler would leave out both of.
  void Flip(size_t position) {
    volatile char& byte = bytes_[position];
    byte = static_cast<char>(byte ^ 1);
  }
  size_t size() const { return size_; }

 private:
  const size_t size_;
  char* bytes_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_TEST_SUPPORT_MAPPING_H_
