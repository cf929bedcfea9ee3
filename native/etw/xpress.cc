#include "etw/xpress.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/load_bytes.h"

namespace nuthatch {
namespace {

class Decompressor {
 public:
  Decompressor(std::span<const uint8_t> in, std::span<uint8_t> out) : in_(in), out_(out) {}

  size_t Run() {
    while (written_ < out_.size() && in_.size() - read_ >= 4) {
      if (!Group(Take<uint32_t>())) break;
    }
    return written_;
  }

 private:
  // What the 32 bits of a flag word announce, from the highest on: 0 a literal byte, 1 a match.
  bool Group(uint64_t flags) {
    for (int left = 32; left > 0 && written_ < out_.size();) {
      const int literals = std::min(left, std::countl_zero(static_cast<uint32_t>(flags)));
      if (!Literals(static_cast<size_t>(literals))) return false;
      left -= literals;
      if (left == 0 || written_ == out_.size()) break;
      if (!Match()) return false;
      flags <<= literals + 1;
      --left;
    }
    return true;
  }

  bool Literals(size_t count) {
    const size_t wanted = std::min(count, out_.size() - written_);
    const size_t size = std::min(wanted, in_.size() - read_);
    // Both may be empty, and then have no address.
    if (size > 0) std::memcpy(out_.data() + written_, in_.data() + read_, size);
    written_ += size;
    read_ += size;
    return size == wanted;
  }

  bool Match() {
    if (in_.size() - read_ < 2) return false;
    const unsigned word = Take<uint16_t>();
    const size_t distance = (word >> 3) + 1;
    size_t length = word & 7;
    if (length == 7 && !LongLength(&length)) return false;
    if (distance > written_) return false;
    Copy(distance, std::min(length + 3, out_.size() - written_));
    return true;
  }

  // Each length of 7 or more goes on in half a byte, shared with the next such length; from 22 on
  // in a byte, from 277 on in two that hold all of it, or after two zeros in four.
  bool LongLength(size_t* length) {
    unsigned nibble;
    if (nibble_at_ != kNone) {
      nibble = in_[nibble_at_] >> 4;
      nibble_at_ = kNone;
    } else {
      if (read_ == in_.size()) return false;
      nibble_at_ = read_;
      nibble = Take<uint8_t>() & 15u;
    }
    *length = 7 + nibble;
    if (nibble < 15) return true;
    if (read_ == in_.size()) return false;
    const unsigned byte = Take<uint8_t>();
    *length = 22 + byte;
    if (byte < 255) return true;
    if (in_.size() - read_ < 2) return false;
    *length = Take<uint16_t>();
    if (*length == 0) {
      if (in_.size() - read_ < 4) return false;
      *length = Take<uint32_t>();
    }
    return *length >= 22;
  }

  // A match may overlap what it makes: then its bytes repeat.
  void Copy(size_t distance, size_t length) {
    uint8_t* to = out_.data() + written_;
    const uint8_t* from = to - distance;
    const size_t room = out_.size() - written_;
    written_ += length;
    if (distance >= 8 && room - length >= 8) {
      for (size_t done = 0; done < length; done += 8) std::memcpy(to + done, from + done, 8);
    } else {
      for (size_t i = 0; i < length; ++i) to[i] = from[i];
    }
  }

  template <typename T>
  T Take() {
    const T value = LoadAt<T>(in_, read_);
    read_ += sizeof(T);
    return value;
  }

  static constexpr size_t kNone = SIZE_MAX;

  const std::span<const uint8_t> in_;
  const std::span<uint8_t> out_;
  size_t read_ = 0;
  size_t written_ = 0;
  size_t nibble_at_ = kNone;  // a byte of `in_` whose high half is still to be used
};

}  // namespace

size_t DecompressXpress(std::span<const uint8_t> in, std::span<uint8_t> out) {
  return Decompressor(in, out).Run();
}

}  // namespace nuthatch
