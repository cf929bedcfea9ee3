#include "trust/der.h"

namespace nuthatch {

DerElement DerReader::Next() {
  constexpr size_t kLengthBytes = 4;
  if (!ok_ || rest_.size() < 2 || rest_[0] == 0 || (rest_[0] & 0x1f) == 0x1f) {
    Fail();
    return {};
  }
  size_t at = 2;
  uint64_t length = rest_[1];
  if (length >= 0x80) {
    const size_t bytes = length & 0x7f;
    if (bytes == 0 || bytes > kLengthBytes || bytes > rest_.size() - at) {
      Fail();
      return {};
    }
    length = 0;
    for (const uint8_t byte : rest_.subspan(at, bytes)) length = length << 8 | byte;
    at += bytes;
  }
  if (length > rest_.size() - at) {
    Fail();
    return {};
  }
  const auto size = static_cast<size_t>(length);
  const DerElement element = {rest_[0], rest_.subspan(at, size), rest_.first(at + size)};
  rest_ = rest_.subspan(at + size);
  return element;
}

DerElement DerReader::Expect(uint8_t tag) {
  const DerElement element = Next();
  if (element.tag == tag) return element;
  Fail();
  return {};
}

DerElement DerReader::Optional(uint8_t tag) {
  if (!ok_ || rest_.empty() || rest_[0] != tag) return {};
  return Next();
}

DerReader DerReader::Inside(const DerElement& element) const {
  const bool ok = ok_ && depth_ < kDeepest;
  return {ok ? element.content : ByteSpan(), depth_ + 1, ok};
}

DerReader DerReader::Enter(uint8_t tag) { return Inside(Expect(tag)); }

DerReader DerReader::EnterOptional(uint8_t tag) { return Inside(Optional(tag)); }

int64_t DerNumber(ByteSpan integer) {
  if (integer.empty() || integer.size() > 8 || integer[0] >= 0x80) return -1;
  int64_t number = 0;
  for (const uint8_t byte : integer) number = number << 8 | byte;
  return number;
}

}  // namespace nuthatch
