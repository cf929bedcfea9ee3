// The images that were loaded before the first record, as rundowns tell: of processes that run, and
// into them.
#ifndef NUTHATCH_TRACE_RUNNING_IMAGES_H_
#define NUTHATCH_TRACE_RUNNING_IMAGES_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "model/image_numbers.h"

namespace nuthatch {

struct RunningImage {
  std::string path;  // as the kernel has it
  ImageNumbers numbers;
  bool of_process = false;  // told of a process, not of what is loaded into it
};

// Each once, though a library is in most processes. For one thread at a time.
class RunningImages {
 public:
  static constexpr size_t kMost = 8192;
  static constexpr size_t kMostBytes = size_t{2} << 20;

  void Add(std::string_view path, const ImageNumbers& numbers, bool of_process);
  const std::vector<RunningImage>& all() const { return images_; }

 private:
  std::vector<RunningImage> images_;
  std::unordered_set<std::string> keys_;
  std::string key_;
  size_t bytes_ = 0;  // of paths
};

}  // namespace nuthatch

#endif  // NUTHATCH_TRACE_RUNNING_IMAGES_H_
