#include "telemetry/xml_operations.h"

#include <charconv>
#include <cstring>
#include <utility>

#include "base/ascii.h"
#include "base/utf8.h"

namespace nuthatch {
namespace {

constexpr size_t kNone = std::string_view::npos;

// The code point that `entity`, what stands between & and ;, means; 0 for none.
char32_t EntityCode(std::string_view entity) {
  static constexpr std::pair<std::string_view, char32_t> kNamed[] = {
      {"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}};
  for (const auto& [name, code] : kNamed) {
    if (entity == name) return code;
  }
  if (!entity.starts_with('#')) return 0;
  entity.remove_prefix(1);
  const bool hexadecimal = entity.starts_with('x');
  if (hexadecimal) entity.remove_prefix(1);
  if (entity.size() > (hexadecimal ? 6u : 7u)) return 0;
  uint32_t code = 0;
  const char* const end = entity.data() + entity.size();
  const auto [stop, error] = std::from_chars(entity.data(), end, code, hexadecimal ? 16 : 10);
  if (error != std::errc{} || stop != end) return 0;
  const bool scalar = code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
  return scalar ? code : 0;
}

// Where the first start tag (or empty-element tag) named `tag` begins.
size_t FindTag(std::string_view x, std::string_view tag) {
  for (size_t at = x.find('<'); at != kNone; at = x.find('<', at + 1)) {
    const std::string_view rest = x.substr(at + 1);
    if (!rest.starts_with(tag) || rest.size() == tag.size()) continue;
    const char next = rest[tag.size()];
    if (next == '>' || next == '/' || IsAsciiSpace(next)) return at;
  }
  return kNone;
}

}  // namespace

// No entity is shorter than what it means.
std::string_view DecodeEntities(std::string_view x, Arena* arena) {
  if (x.find('&') == kNone) return x;
  constexpr size_t kLongestEntity = 9;  // &#1114111;, without & and ;
  char* const text = arena->Allocate(x.size());
  char* out = text;
  while (!x.empty()) {
    const std::string_view ahead = x.substr(1, kLongestEntity + 1);
    const size_t end = x[0] == '&' ? ahead.find(';') : kNone;
    const char32_t code = end == kNone ? 0 : EntityCode(ahead.substr(0, end));
    if (code == 0) {
      *out++ = x[0];
      x.remove_prefix(1);
    } else {
      out += EncodeUtf8(code, out);
      x.remove_prefix(1 + end + 1);
    }
  }
  arena->Shrink(text, static_cast<size_t>(out - text));
  return {text, static_cast<size_t>(out - text)};
}

std::string_view XmlText(std::string_view x, std::string_view tag, Arena* arena) {
  const size_t begin = FindTag(x, tag);
  const size_t close = begin == kNone ? kNone : x.find('>', begin);
  if (close == kNone || x[close - 1] == '/') return {};
  const size_t end = x.find('<', close);
  if (end == kNone) return {};
  return TrimAscii(DecodeEntities(x.substr(close + 1, end - close - 1), arena));
}

}  // namespace nuthatch
