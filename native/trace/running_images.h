// The images of processes that run, and those that are in them: that were loaded before the first
// record, as rundowns tell, and in a live trace those that are loaded.
#ifndef NUTHATCH_TRACE_RUNNING_IMAGES_H_
#define NUTHATCH_TRACE_RUNNING_IMAGES_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "model/image_numbers.h"

namespace nuthatch {

struct RunningImage {
  std::string path;  // as the kernel has it
  ImageNumbers numbers;
  bool of_process = false;  // told of a process, not of what is loaded into it
  bool loaded = false;      // now: its event is on its way
};

// For one thread at a time.
class RunningImages {
 public:
  static constexpr size_t kMost = 8192;
  static constexpr size_t kMostBytes = size_t{2} << 20;

  // Each once, though a library is in most processes.
  void AddRunning(std::string_view path, const ImageNumbers& numbers, bool of_process);
  // As often as it is loaded.
  void AddLoaded(std::string_view path, const ImageNumbers& numbers, bool of_process);
  bool empty() const { return images_.empty(); }
  // What has been added since they were taken before.
  std::vector<RunningImage> Take() { return std::exchange(images_, {}); }

 private:
  std::vector<RunningImage> images_;
  std::unordered_set<std::string> keys_;
  std::string key_;
  size_t bytes_ = 0;  // of keys' paths
};

}  // namespace nuthatch

#endif  // NUTHATCH_TRACE_RUNNING_IMAGES_H_
