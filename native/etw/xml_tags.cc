#include "etw/xml_tags.h"

#include <algorithm>

#include "base/utf8.h"
#include "base/xml_entity.h"

namespace nuthatch {
namespace {

constexpr std::string_view kSpaces = " \t\r\n";

void SkipSpaces(std::string_view* text) {
  text->remove_prefix(std::min(text->find_first_not_of(kSpaces), text->size()));
}

// name="value", of which the first is cut off.
bool NextAttribute(std::string_view* text, std::string_view* name, std::string_view* value) {
  SkipSpaces(text);
  const size_t equals = text->find('=');
  if (equals == text->npos) return false;
  *name = text->substr(0, text->find_first_of(" \t\r\n="));
  text->remove_prefix(equals + 1);
  SkipSpaces(text);
  if (text->empty()) return false;
  const char quote = text->front();
  const size_t end = text->find(quote, 1);
  if ((quote != '"' && quote != '\'') || end == text->npos) return false;
  *value = text->substr(1, end - 1);
  text->remove_prefix(end + 1);
  return true;
}

std::string Unescape(std::string_view text) {
  std::string out;
  while (true) {
    const size_t entity = text.find('&');
    out.append(text.substr(0, entity));
    if (entity == text.npos) return out;
    text.remove_prefix(entity + 1);
    const size_t end = text.find(';');
    if (end == text.npos) return out;
    if (const char32_t code = XmlEntityCode(text.substr(0, end))) AppendUtf8(code, &out);
    text.remove_prefix(end + 1);
  }
}

// Where the tag that begins at 0 ends: > within quotes does not count.
size_t EndOfTag(std::string_view text) {
  char quote = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '>') {
      return i;
    }
  }
  return text.npos;
}

}  // namespace

std::string XmlTag::Get(std::string_view attribute) const {
  std::string_view rest = attributes;
  std::string_view key;
  std::string_view value;
  while (NextAttribute(&rest, &key, &value)) {
    if (key == attribute) return Unescape(value);
  }
  return {};
}

bool XmlTags::Next(XmlTag* tag) {
  while (true) {
    const size_t begin = rest_.find('<');
    if (begin == rest_.npos) return false;
    rest_.remove_prefix(begin);
    const bool comment = rest_.starts_with("<!--");
    const size_t end = comment ? rest_.find("-->") : EndOfTag(rest_);
    if (end == rest_.npos) return false;
    std::string_view inside = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    if (inside.starts_with('!') || inside.starts_with('?')) continue;
    tag->closing = inside.starts_with('/');
    if (tag->closing) inside.remove_prefix(1);
    tag->empty = inside.ends_with('/');
    if (tag->empty) inside.remove_suffix(1);
    const size_t name = std::min(inside.find_first_of(kSpaces), inside.size());
    tag->name = inside.substr(0, name);
    tag->name.remove_prefix(tag->name.find(':') == tag->name.npos ? 0 : tag->name.find(':') + 1);
    tag->attributes = inside.substr(name);
    return true;
  }
}

}  // namespace nuthatch
