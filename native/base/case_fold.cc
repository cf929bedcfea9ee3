#include "base/case_fold.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "base/case_fold_table.h"
#include "base/fold_ascii.h"
#include "base/utf8.h"

namespace nuthatch {
namespace {

constexpr size_t kBlock = sizeof(uint64_t);

char FoldAscii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

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

namespace {

char32_t FoldFileNameCodePoint(char32_t c) {
  const bool stays =
      c > 0xffff || std::binary_search(std::begin(kUnpairedFolds), std::end(kUnpairedFolds), c);
  return stays ? c : FoldCodePoint(c);
}

template <char32_t (*Fold)(char32_t)>
size_t FoldBy(std::string_view text, char* out) {
  static const FoldAsciiPart fold_ascii = FastestFoldAscii();
  char* const begin = out;
  while (!text.empty()) {
    const size_t done = fold_ascii(text, out);
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
        out += EncodeUtf8(Fold(c.code_point), out);
      } else {
        *out++ = text[0];
      }
      text.remove_prefix(c.length);
    }
  }
  return static_cast<size_t>(out - begin);
}

template <char32_t (*Fold)(char32_t)>
std::string FoldBy(std::string_view text) {
  std::string folded(FoldedCapacity(text.size()), '\0');
  folded.resize(FoldBy<Fold>(text, folded.data()));
  return folded;
}

}  // namespace

size_t FoldCase(std::string_view text, char* out) { return FoldBy<FoldCodePoint>(text, out); }
std::string FoldCase(std::string_view text) { return FoldBy<FoldCodePoint>(text); }

size_t FoldFileName(std::string_view text, char* out) {
  return FoldBy<FoldFileNameCodePoint>(text, out);
}
std::string FoldFileName(std::string_view text) { return FoldBy<FoldFileNameCodePoint>(text); }

}  // namespace nuthatch
