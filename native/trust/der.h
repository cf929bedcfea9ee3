// Reads DER (X.690) that nobody has vouched for. Nothing is copied: what is read lives as long as
// the bytes it is read from.
#ifndef NUTHATCH_TRUST_DER_H_
#define NUTHATCH_TRUST_DER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace nuthatch {

using ByteSpan = std::span<const uint8_t>;

inline bool Equal(ByteSpan a, ByteSpan b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

// Identifier octets of what is read here: class, whether it is constructed, number.
enum DerTag : uint8_t {
  kDerBoolean = 0x01,
  kDerInteger = 0x02,
  kDerBitString = 0x03,
  kDerOctetString = 0x04,
  kDerOid = 0x06,
  kDerEnumerated = 0x0a,
  kDerUtf8String = 0x0c,
  kDerUtcTime = 0x17,
  kDerGeneralizedTime = 0x18,
  kDerUniversalString = 0x1c,
  kDerBmpString = 0x1e,
  kDerSequence = 0x30,
  kDerSet = 0x31,
};
// [number], of a primitive and of a constructed type.
constexpr uint8_t DerPrimitive(uint8_t number) { return 0x80 | number; }
constexpr uint8_t DerConstructed(uint8_t number) { return 0xa0 | number; }

struct DerElement {
  uint8_t tag = 0;  // 0: there is none
  ByteSpan content;
  ByteSpan whole;  // tag and length too

  explicit operator bool() const { return tag != 0; }
};

// Elements one after the other. What is wrong makes ok() false for good, and everything read after
// it is empty; so a caller may read a whole structure and check each reader once. Lengths must be
// definite, as in DER; that they are the shortest possible is not asked for, since signers write
// others. Tags of more than one byte are refused, for nothing that is read here has them.
class DerReader {
 public:
  static constexpr int kDeepest = 32;

  explicit DerReader(ByteSpan bytes) : rest_(bytes) {}

  bool ok() const { return ok_; }
  bool AtEnd() const { return ok_ && rest_.empty(); }
  void Fail() {
    ok_ = false;
    rest_ = {};
  }

  // The next element; at the end a failure.
  DerElement Next();
  // It must have this tag.
  DerElement Expect(uint8_t tag);
  // It if it has this tag, else none, and it stays to be read.
  DerElement Optional(uint8_t tag);
  // What is in the next element, which must have this tag.
  DerReader Enter(uint8_t tag);
  DerReader EnterOptional(uint8_t tag);
  // What is in `element`, which was read by this.
  DerReader Inside(const DerElement& element) const;

 private:
  DerReader(ByteSpan bytes, int depth, bool ok) : rest_(bytes), depth_(depth), ok_(ok) {}

  ByteSpan rest_;
  int depth_ = 0;
  bool ok_ = true;
};

// A whole number below 2^63 and not negative; -1 if it is none.
int64_t DerNumber(ByteSpan integer);

}  // namespace nuthatch

#endif  // NUTHATCH_TRUST_DER_H_
