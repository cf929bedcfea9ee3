// Images that are to be verified before anybody asks, in the order in which they are.
#ifndef NUTHATCH_TRUST_IMAGES_AHEAD_H_
#define NUTHATCH_TRUST_IMAGES_AHEAD_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "trust/image_key.h"

namespace nuthatch {

struct ImageAhead {
  std::string path;
  ImageNumbers numbers;
  int64_t loaded;  // when, by the cache's clock; 0: before the session

  ImageKey key() const { return {path, numbers}; }
};

// For one thread at a time. Those that are loaded now, of which an event is on its way, come before
// those that ran already.
class ImagesAhead {
 public:
  static constexpr size_t kLongestPath = 1024;
  static constexpr size_t kMost = size_t{1} << 14;  // of each kind

  // False when there is no room.
  bool Add(const ImageKey& key, int64_t loaded) {
    std::deque<ImageAhead>& images = loaded != 0 ? loaded_ : running_;
    if (key.path.size() > kLongestPath || images.size() >= kMost) return false;
    images.push_back({std::string(key.path), key.numbers, loaded});
    return true;
  }

  std::optional<ImageAhead> Take() {
    std::deque<ImageAhead>& images = loaded_.empty() ? running_ : loaded_;
    if (images.empty()) return std::nullopt;
    ImageAhead next = std::move(images.front());
    images.pop_front();
    return next;
  }

  void Clear() {
    loaded_.clear();
    running_.clear();
  }

 private:
  std::deque<ImageAhead> loaded_;
  std::deque<ImageAhead> running_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_TRUST_IMAGES_AHEAD_H_
