#ifndef NUTHATCH_MODEL_IMAGE_NUMBERS_H_
#define NUTHATCH_MODEL_IMAGE_NUMBERS_H_

#include <cstdint>

namespace nuthatch {

// From the header of the image that was mapped; 0 where it is not told.
struct ImageNumbers {
  uint32_t timestamp = 0;
  uint32_t checksum = 0;
  uint32_t mapped_size = 0;

  friend bool operator==(const ImageNumbers&, const ImageNumbers&) = default;
};

}  // namespace nuthatch

#endif  // NUTHATCH_MODEL_IMAGE_NUMBERS_H_
