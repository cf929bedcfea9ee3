#include "enrich/plain_characters.h"

#include <algorithm>
#include <iterator>

#include "base/utf8.h"
#include "enrich/bounded_text.h"

namespace nuthatch {
namespace {

// Code points from first to last are read as `plain`, or, when that is 0, are invisible.
struct LookAlike {
  char32_t first;
  char32_t last;
  char plain;
};

// In order. The modifier letters are what Windows' best-fit tables turn into letters.
constexpr LookAlike kLookAlikes[] = {
    {0x00a0, 0x00a0, ' '},  {0x00ad, 0x00ad, 0},   {0x02b0, 0x02b0, 'h'},  {0x02b2, 0x02b2, 'j'},
    {0x02b3, 0x02b3, 'r'},  {0x02b7, 0x02b7, 'w'}, {0x02b8, 0x02b8, 'y'},  {0x02bc, 0x02bc, '\''},
    {0x02e1, 0x02e1, 'l'},  {0x02e2, 0x02e2, 's'}, {0x02e3, 0x02e3, 'x'},  {0x034f, 0x034f, 0},
    {0x061c, 0x061c, 0},    {0x1680, 0x1680, ' '}, {0x180e, 0x180e, 0},    {0x2000, 0x200a, ' '},
    {0x200b, 0x200f, 0},    {0x2010, 0x2015, '-'}, {0x2018, 0x201b, '\''}, {0x201c, 0x201f, '"'},
    {0x2024, 0x2024, '.'},  {0x2028, 0x2029, ' '}, {0x202a, 0x202e, 0},    {0x202f, 0x202f, ' '},
    {0x2032, 0x2032, '\''}, {0x2033, 0x2033, '"'}, {0x2044, 0x2044, '/'},  {0x205f, 0x205f, ' '},
    {0x2060, 0x2064, 0},    {0x2066, 0x206f, 0},   {0x2212, 0x2212, '-'},  {0x2215, 0x2215, '/'},
    {0x2216, 0x2216, '\\'}, {0x2223, 0x2223, '|'}, {0x2236, 0x2236, ':'},  {0x2500, 0x2501, '-'},
    {0x3000, 0x3000, ' '},  {0xfe00, 0xfe0f, 0},   {0xfe58, 0xfe58, '-'},  {0xfe63, 0xfe63, '-'},
    {0xfeff, 0xfeff, 0},    {0xfff9, 0xfffb, 0},
};

void AppendPlain(std::string_view bytes, char32_t c, BoundedText* out) {
  if (c >= 0xff01 && c <= 0xff5e) return out->Append(static_cast<char>(c - 0xff01 + '!'));
  const LookAlike* row =
      std::lower_bound(std::begin(kLookAlikes), std::end(kLookAlikes), c,
                       [](const LookAlike& r, char32_t value) { return r.last < value; });
  if (row == std::end(kLookAlikes) || c < row->first) return out->Append(bytes);
  if (row->plain != 0) out->Append(row->plain);
}

bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool IsAlphanumeric(char c) {
  return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

bool IsPlain(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (static_cast<signed char>(text[i]) < 0) return false;
    if (IsSpace(text[i]) && (text[i] != ' ' || (i > 0 && text[i - 1] == ' '))) return false;
  }
  return true;
}

std::string_view CollapseSpaces(std::string_view text, Arena* arena) {
  BoundedText out(text.size(), arena);
  for (size_t i = 0; i < text.size(); ++i) {
    if (!IsSpace(text[i])) {
      out.Append(text[i]);
    } else if (i == 0 || !IsSpace(text[i - 1])) {
      out.Append(' ');
    }
  }
  return out.Finish();
}

size_t WordEnd(std::string_view text, size_t at) {
  while (at < text.size() && IsAlphanumeric(text[at])) ++at;
  return at;
}

bool InWord(std::string_view text, size_t begin, size_t end) {
  return begin > 0 && end < text.size() && IsAlphanumeric(text[begin - 1]) &&
         IsAlphanumeric(text[end]);
}

// The end of the quotes of the kind of text[at] that begin there, when they stand in a word and
// stand for nothing: a pair, or one double quote that a second one in the same word closes. `at`
// when they stay.
size_t DroppedQuotes(std::string_view text, size_t at, size_t closing) {
  if (at == 0 || !IsAlphanumeric(text[at - 1])) return at;
  size_t end = at;
  while (end < text.size() && text[end] == text[at]) ++end;
  if (!InWord(text, at, end)) return at;
  if ((end - at) % 2 == 0 || at == closing) return end;
  const size_t word_end = WordEnd(text, end);
  return text[at] == '"' && word_end < text.size() && text[word_end] == '"' &&
                 InWord(text, word_end, word_end + 1)
             ? end
             : at;
}

}  // namespace

std::string_view ToPlainCharacters(std::string_view text, Arena* arena) {
  if (IsPlain(text)) return text;
  BoundedText out(text.size(), arena);
  for (std::string_view rest = text; !rest.empty();) {
    const DecodedCodePoint c = DecodeUtf8(rest);
    const std::string_view bytes = rest.substr(0, c.length);
    if (!c.valid || c.length == 1) {
      out.Append(bytes);
    } else {
      AppendPlain(bytes, c.code_point, &out);
    }
    rest.remove_prefix(c.length);
  }
  return CollapseSpaces(out.Finish(), arena);
}

bool HasDroppedQuotes(std::string_view text, size_t at) {
  return DroppedQuotes(text, at, text.size()) > at;
}

std::string_view DropEscapes(std::string_view text, Arena* arena) {
  const auto is_escape = [](char c) { return c == '^' || c == '`' || c == '"' || c == '\''; };
  if (std::none_of(text.begin(), text.end(), is_escape)) return text;
  BoundedText out(text.size(), arena);
  bool in_double = false;
  bool in_single = false;
  size_t closing = text.size();  // of a quote dropped from the word at hand
  for (size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"' || c == '\'') {
      const size_t end = DroppedQuotes(text, at, closing);
      if (end > at) {
        if ((end - at) % 2 == 1 && at != closing) closing = WordEnd(text, end);
        at = end;
        continue;
      }
      if (c == '"') in_double = !in_double;
      if (c == '\'') in_single = !in_single && !in_double;
    }
    // What cmd /c runs stands in quotes that do not count.
    const bool caret = c == '^' && (!in_double || InWord(text, at, at + 1));
    const bool dropped = caret || (c == '`' && !in_single);
    if (dropped && at + 1 < text.size()) ++at;  // the escaped character is taken as it is
    out.Append(text[at++]);
  }
  const std::string_view plain = out.Finish();
  return plain.size() == text.size() ? text : plain;
}

}  // namespace nuthatch
