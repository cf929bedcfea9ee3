#ifndef NUTHATCH_IMAGE_READ_IMAGE_H_
#define NUTHATCH_IMAGE_READ_IMAGE_H_

#include <atomic>
#include <vector>

#include "base/byte_source.h"
#include "base/hasher.h"
#include "base/status.h"
#include "image/image.h"

namespace nuthatch {

// What to read besides the headers.
struct ImageRequest {
  bool directories = true;
  // The whole file is read, once, for these:
  bool content = false;  // the checksum, and the entropy of sections
  std::vector<DigestAlgorithm> hashes;

  NewHasher new_hasher;  // without it there are no hashes, and no imphash
};

// Fails with NUTHATCH_PE_FORMAT for what is no image, with NUTHATCH_PE_NO_HASH for a hash that the
// provider does not have, and as ScanContent. What is wrong inside an image is an anomaly.
Status ReadImage(ByteSource* source, const ImageRequest& request, const std::atomic<bool>& stop,
                 Image* image);

}  // namespace nuthatch

#endif  // NUTHATCH_IMAGE_READ_IMAGE_H_
