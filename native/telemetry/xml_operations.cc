#include "telemetry/xml_operations.h"

#include <cstring>

#include "base/ascii.h"
#include "base/utf8.h"
#include "base/xml_entity.h"

namespace nuthatch {
namespace {

constexpr size_t kNone = std::string_view::npos;

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
    const char32_t code = end == kNone ? 0 : XmlEntityCode(ahead.substr(0, end));
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
