// What the signature cache knows an image by: what its load event says of it, so that no file is
// opened to look one up. Where it was mapped is no part of it: that differs from load to load.
#ifndef NUTHATCH_TRUST_IMAGE_KEY_H_
#define NUTHATCH_TRUST_IMAGE_KEY_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "model/image_numbers.h"

namespace nuthatch {

struct ImageKey {
  std::string_view path;  // of NT or of Win32, UTF-8, as the event gives it
  ImageNumbers numbers = {};
};

// A path by which a file is the same however its event writes it: without the prefixes of a
// namespace, folded, with backslashes. \SystemRoot is C:\Windows. Other volumes keep the names that
// they have: \Device\HarddiskVolume3 is C: only where whoever knows the machine says so.
enum class DiskVolumes : bool { kApart, kAreDriveC };

class NormalPath {
 public:
  // Longer ones could not be opened.
  static constexpr size_t kLongest = 4096;

  explicit NormalPath(std::string_view path, DiskVolumes volumes = DiskVolumes::kApart);

  std::string_view text() const {
    return large_.empty() ? std::string_view(small_, size_) : large_;
  }

 private:
  char small_[400];  // NOLINT(cppcoreguidelines-pro-type-member-init): as far as size_
  size_t size_ = 0;
  std::string large_;
};

// As NormalPath, with letters in the case that they have.
std::string WithoutPrefix(std::string_view path);

// HarddiskVolume and a number, in any case; \Device\HarddiskVolumeShadowCopy1 is no disk of now.
bool IsDiskVolume(std::string_view device);

// Of a server: what may take long, or for ever, to be read.
bool IsOnNetwork(std::string_view normal_path);

}  // namespace nuthatch

#endif  // NUTHATCH_TRUST_IMAGE_KEY_H_
