// What the signature cache knows an image by: what its load event says of it, so that no file is
// opened to look one up. Where it was mapped is no part of it: that differs from load to load.
#ifndef NUTHATCH_TRUST_IMAGE_KEY_H_
#define NUTHATCH_TRUST_IMAGE_KEY_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include "model/image_numbers.h"

namespace nuthatch {

struct ImageKey {
  std::string_view path;  // of NT or of Win32, UTF-8, as the event gives it
  ImageNumbers numbers = {};
};

// Which disk, \Device\HarddiskVolumeN, is C:, where the paths of events are all that tells: the one
// that somebody says, else the first of which an image is asked for; never two. Any thread.
class WindowsVolume {
 public:
  // 0: nobody has said it yet.
  explicit WindowsVolume(uint32_t number = 0) : number_(number) {}

  void Say(uint32_t number) { number_ = number; }
  bool Is(uint32_t number) const { return number == number_.load(std::memory_order_relaxed); }
  // As Is, but becomes it if there is none yet.
  bool IsOrBecomes(uint32_t number) {
    uint32_t none = 0;
    return Is(number) || number_.compare_exchange_strong(none, number) || none == number;
  }

 private:
  std::atomic<uint32_t> number_;
};

// A path by which a file is the same however its event writes it: without the prefixes of a
// namespace, folded, with backslashes. \SystemRoot is C:\Windows. Volumes keep the names that they
// have, but Windows' own, as far as it is known, which is C:.
class NormalPath {
 public:
  // Longer ones could not be opened.
  static constexpr size_t kLongest = 4096;

  // `windows` may be nullptr: disks are apart then. `asks`: it is of an image that is asked for.
  explicit NormalPath(std::string_view path, WindowsVolume* windows = nullptr, bool asks = true);

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

// The N of HarddiskVolumeN, in any case; 0 of all else: \Device\HarddiskVolumeShadowCopy1 is no
// disk of now.
uint32_t DiskNumberOf(std::string_view device);
// As well, of a path of NT on a disk, with whatever prefix.
uint32_t DiskOf(std::string_view path);

// Of a server: what may take long, or for ever, to be read.
bool IsOnNetwork(std::string_view normal_path);

}  // namespace nuthatch

#endif  // NUTHATCH_TRUST_IMAGE_KEY_H_
