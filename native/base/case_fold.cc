#include "base/case_fold.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "base/case_fold_table.h"
#include "base/utf8.h"

namespace nuthatch {
namespace {

char FoldAscii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

// Folds whole blocks while they are ASCII; returns the bytes done. The loop of fixed length is
// what compilers turn into vector instructions.
size_t FoldAsciiBlocks(std::string_view text, char* out) {
  constexpr size_t kBlock = 16;
  size_t done = 0;
  for (; text.size() - done >= kBlock; done += kBlock) {
    uint64_t words[2];
    std::memcpy(words, text.data() + done, kBlock);
    if ((words[0] | words[1]) & 0x8080808080808080u) break;
    for (size_t i = 0; i < kBlock; ++i) out[done + i] = FoldAscii(text[done + i]);
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
    // The rest of a block that is not all ASCII, or of the text.
    for (size_t end = text.size() > 16 ? text.size() - 16 : 0; text.size() > end;) {
      const DecodedCodePoint c = DecodeUtf8(text);
      if (!c.valid) {
        *out++ = text[0];
      } else if (c.length == 1) {
        *out++ = FoldAscii(text[0]);
      } else {
        out += EncodeUtf8(FoldCodePoint(c.code_point), out);
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
