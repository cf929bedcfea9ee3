#include "telemetry/json_document.h"

namespace nuthatch {

bool JsonDocument::Open(std::string_view text, Arena* arena) {
  if (text.data() == text_.data() && text.size() == text_.size()) return !tokens_.empty();
  text_ = text;
  tokens_ = index_.Build(text).ok() ? index_.tokens() : std::span<const uint32_t>();
  if (ValidUpTo(0, 0) != tokens_.size()) tokens_ = {};
  pending_ = At(0) == '{' && IsPending(0, arena);
  return !tokens_.empty();
}

void JsonDocument::Collect(std::span<const std::string> keys, Arena* arena, Found* found) const {
  CollectFrom(0, keys, 0, arena, found);
}

void JsonDocument::CollectElements(Arena* arena, Found* found) const {
  CollectFrom(0, {}, kMaxDepth - 1, arena, found);
}

std::string_view JsonDocument::Raw(Token token) const {
  const size_t begin = tokens_[token];
  size_t end = token + 1 < tokens_.size() ? tokens_[token + 1] : text_.size();
  while (end > begin && IsJsonSpace(text_[end - 1])) --end;
  return text_.substr(begin, end - begin);
}

JsonDocument::Token JsonDocument::ValidUpTo(Token token, int depth) const {
  const char first = At(token);
  if (first != '{' && first != '[') return IsScalar(token) ? token + 1 : kNowhere;
  if (depth == kMaxDepth) return kNowhere;
  const auto closer = static_cast<char>(first + 2);
  if (At(++token) == closer) return token + 1;
  for (;;) {
    if (first == '{') {
      if (At(token) != '"' || At(token + 1) != ':') return kNowhere;
      token += 2;
    }
    token = ValidUpTo(token, depth + 1);
    if (At(token) == closer) return token + 1;
    if (At(token) != ',') return kNowhere;
    ++token;
  }
}

bool JsonDocument::IsScalar(Token token) const {
  if (token >= tokens_.size()) return false;
  const std::string_view raw = Raw(token);
  return raw[0] == '"' || raw == "null" || raw == "true" || raw == "false" || IsJsonNumber(raw);
}

JsonDocument::Token JsonDocument::After(Token token) const {
  size_t depth = 0;
  do {
    const char c = At(token++);
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
  } while (depth > 0 && token < tokens_.size());
  return token;
}

// The value of the last member named `key`, or a token past the end.
JsonDocument::Token JsonDocument::Member(Token object, std::string_view key, Arena* arena) const {
  Token found = tokens_.size();
  Token token = object + 1;
  while (At(token) != '}') {
    std::string_view name = Raw(token);
    name = name.substr(1, name.size() - 2);
    if (name == key || (HasEscape(name) && UnescapeJson(name, arena) == key)) found = token + 2;
    token = After(token + 2);
    if (At(token) == ',') ++token;
  }
  return found;
}

bool JsonDocument::IsPending(Token object, Arena* arena) const {
  const Token value = Member(object, "pending", arena);
  return value < tokens_.size() && Raw(value) == "true";
}

void JsonDocument::AddScalar(Token token, Arena* arena, Found* found) const {
  const std::string_view raw = Raw(token);
  if (raw[0] == '"') {
    found->texts.push_back(UnescapeJson(raw.substr(1, raw.size() - 2), arena));
  } else if (raw != "null") {
    found->texts.push_back(raw);
  }
}

void JsonDocument::CollectFrom(Token token, std::span<const std::string> keys, int depth,
                               Arena* arena, Found* found) const {
  const char first = At(token);
  if (first == '[') {
    if (depth == kMaxDepth) return;
    for (Token element = token + 1; At(element) != ']';) {
      CollectFrom(element, keys, depth + 1, arena, found);
      element = After(element);
      if (At(element) == ',') ++element;
    }
  } else if (first == '{') {
    if (keys.empty()) {
      found->pending |= IsPending(token, arena);
      return;
    }
    const Token member = Member(token, keys[0], arena);
    if (member < tokens_.size()) CollectFrom(member, keys.subspan(1), depth, arena, found);
  } else if (keys.empty()) {
    AddScalar(token, arena, found);
  }
}

}  // namespace nuthatch
