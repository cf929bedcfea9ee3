#include "base/case_fold.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "base/case_fold_table.h"
#include "base/utf8.h"

namespace nuthatch {
namespace {

constexpr size_t kBlock = sizeof(uint64_t);
constexpr uint64_t kOnes = 0x0101010101010101u;
constexpr uint64_t kHighBits = 0x80 * kOnes;

char FoldAscii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

// Eight ASCII bytes at once: the high bit of a byte says whether it is from A to Z.
uint64_t FoldAsciiWord(uint64_t word) {
  const uint64_t from_a = word + (0x80 - 'A') * kOnes;
  const uint64_t above_z = word + (0x7f - 'Z') * kOnes;
  return word | ((from_a & ~above_z & kHighBits) >> 2);
}

// Folds whole blocks while they are ASCII; returns the bytes done.
size_t FoldAsciiBlocks(std::string_view text, char* out) {
  size_t done = 0;
  for (; text.size() - done >= kBlock; done += kBlock) {
    uint64_t word;
    std::memcpy(&word, text.data() + done, kBlock);
    if (word & kHighBits) break;
    word = FoldAsciiWord(word);
    std::memcpy(out + done, &word, kBlock);
  }
  return done;
}

}  // namespace

char32_t FoldCodePoint(char32_t c) {
  if (c < 0x80) return static_cast<char32_t>(FoldAscii(static_cast<char>(c)));
  const CaseFoldRange* range =
      std::lower_bound(std::begin(kCaseFoldRanges), std::end(kCaseFoldRanges), c,
                       [](const CaseFoldRange& r, char32_t value) { return r.last < value; });
  if (range == std::end(kCaseFoldRanges) || c < range->first) return c;
  if ((c - range->first) % range->stride != 0) return c;
  return static_cast<char32_t>(static_cast<int32_t>(c) + range->delta);
}

size_t FoldCase(std::string_view text, char* out) {
  char* const begin = out;
  while (!text.empty()) {
    const size_t done = FoldAsciiBlocks(text, out);
    out += done;
    text.remove_prefix(done);
    // The rest of the text, or a block that is not all ASCII.
    const size_t end = text.size() > kBlock ? text.size() - kBlock : 0;
    while (text.size() > end) {
      if (static_cast<signed char>(text[0]) >= 0) {
        *out++ = FoldAscii(text[0]);
        text.remove_prefix(1);
        continue;
      }
      const DecodedCodePoint c = DecodeUtf8(text);
      if (c.valid) {
        out += EncodeUtf8(FoldCodePoint(c.code_point), out);
      } else {
        *out++ = text[0];
      }
      text.remove_prefix(c.length);
    }
  }
  return static_cast<size_t>(out - begin);
}

std::string FoldCase(std::string_view text) {
  std::string folded(FoldedCapacity(text.size()), '\0');
  folded.resize(FoldCase(text, folded.data()));
  return folded;
}

}  // namespace nuthatch
