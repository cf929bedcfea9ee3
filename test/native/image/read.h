// Reads images that are in memory, with hashers that keep what they are given.
#ifndef NUTHATCH_TEST_IMAGE_READ_H_
#define NUTHATCH_TEST_IMAGE_READ_H_

#include <gtest/gtest.h>

#include <algorithm>

#include "image/pe_tables.h"
#include "image/read_image.h"

namespace nuthatch {

// The digest is how many bytes came, in four bytes.
class RecordingHasher : public Hasher {
 public:
  explicit RecordingHasher(std::vector<Bytes>* records = nullptr) : records_(records) {}
  void Start() override { bytes_.clear(); }
  void Update(std::span<const uint8_t> bytes) override {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }
  Digest Current() override {
    if (records_ != nullptr) records_->push_back(bytes_);
    Digest digest;
    digest.size = 4;
    for (size_t i = 0; i < 4; ++i) digest.bytes[i] = static_cast<uint8_t>(bytes_.size() >> (8 * i));
    return digest;
  }
  const Bytes& bytes() const { return bytes_; }

 private:
  std::vector<Bytes>* const records_;
  Bytes bytes_;
};

inline Status Read(const Bytes& file, const ImageRequest& request, Image* image) {
  MemorySource source(file);
  const std::atomic<bool> stop = false;
  return ReadImage(&source, request, stop, image);
}

inline Image Read(const Bytes& file) {
  Image image;
  const Status status = Read(file, {}, &image);
  EXPECT_TRUE(status.ok()) << status.message();
  return image;
}
inline Image Read(const PeWriter& writer) { return Read(writer.Write()); }

// Codes without their prefix, in the order found.
inline std::vector<std::string> AnomaliesOf(const Image& image) {
  std::vector<std::string> codes;
  for (const Anomaly& anomaly : image.anomalies.all())
    codes.push_back(std::string(CodeOf(anomaly.kind)).substr(sizeof("NUTHATCH_PE_") - 1));
  return codes;
}

using Codes = std::vector<std::string>;

}  // namespace nuthatch

#endif  // NUTHATCH_TEST_IMAGE_READ_H_
