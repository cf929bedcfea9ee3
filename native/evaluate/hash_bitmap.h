// Tells in the nearest cache that a key is not in a table, before the table is looked at.
#ifndef NUTHATCH_EVALUATE_HASH_BITMAP_H_
#define NUTHATCH_EVALUATE_HASH_BITMAP_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace nuthatch {

// A Bloom filter with one hash function ("Space/Time Trade-offs in Hash Coding with Allowable
// Errors", 1970).
class HashBitmap {
 public:
  // Has `bits_per_key` bits, or up to twice as many, for each of `keys`.
  HashBitmap(size_t keys, size_t bits_per_key) {
    const size_t bits = std::bit_ceil(keys * bits_per_key + 64);
    words_.resize(bits / 64);
    shift_ = static_cast<unsigned>(64 - std::countr_zero(bits));
  }

  void Add(uint64_t key) { words_[BitOf(key) / 64] |= uint64_t{1} << (BitOf(key) % 64); }
  bool MayHave(uint64_t key) const {
    const size_t bit = BitOf(key);
    return (words_[bit / 64] >> (bit % 64) & 1) != 0;
  }

 private:
  // Fibonacci hashing (Knuth, TAOCP 3, 6.4), with the upper half of the key folded in.
  size_t BitOf(uint64_t key) const {
    return static_cast<size_t>(((key ^ key >> 32) * 0x9e3779b97f4a7c15u) >> shift_);
  }

  std::vector<uint64_t> words_;  // a power of two
  unsigned shift_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_EVALUATE_HASH_BITMAP_H_
