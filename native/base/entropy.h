#ifndef NUTHATCH_BASE_ENTROPY_H_
#define NUTHATCH_BASE_ENTROPY_H_

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace nuthatch {

// How often each byte has come.
class ByteCounts {
 public:
  void Add(std::span<const uint8_t> bytes);
  // Shannon entropy, in bits a byte: 0 to 8, and 0 without bytes.
  double Entropy() const;

 private:
  std::array<uint64_t, 256> counts_{};
  uint64_t total_ = 0;
};

// Of the bytes of `text`.
double ShannonEntropy(std::string_view text);

}  // namespace nuthatch

#endif  // NUTHATCH_BASE_ENTROPY_H_
