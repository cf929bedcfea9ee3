#include "trace/running_images.h"

namespace nuthatch {

void RunningImages::AddRunning(std::string_view path, const ImageNumbers& numbers,
                               bool of_process) {
  if (path.empty() || keys_.size() >= kMost || bytes_ + path.size() > kMostBytes) return;
  key_ = path;
  for (const uint32_t number :
       {numbers.timestamp, numbers.checksum, numbers.mapped_size, uint32_t{of_process}})
    key_.append(reinterpret_cast<const char*>(&number), sizeof(number));
  if (!keys_.insert(key_).second) return;
  bytes_ += path.size();
  images_.push_back({std::string(path), numbers, of_process, /*loaded=*/false});
}

void RunningImages::AddLoaded(std::string_view path, const ImageNumbers& numbers, bool of_process) {
  if (path.empty() || images_.size() >= kMost) return;
  images_.push_back({std::string(path), numbers, of_process, /*loaded=*/true});
}

}  // namespace nuthatch
