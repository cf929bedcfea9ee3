#include "enrich/powershell_values.h"

#include <array>

#include "base/utf8.h"
#include "enrich/well_known_variables.h"

namespace nuthatch {
namespace {

constexpr size_t kMaxPattern = 64;  // bytes that are looked for

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

uint32_t DigitValue(char c) {
  if (IsDigit(c)) return static_cast<uint32_t>(c - '0');
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? static_cast<uint32_t>(lower - 'a') + 10 : UINT32_MAX;
}

// The literal that a regular expression without operators stands for; nothing for any other.
std::optional<std::string_view> LiteralOf(std::string_view pattern,
                                          std::array<char, kMaxPattern>* buffer) {
  size_t size = 0;
  for (size_t i = 0; i < pattern.size(); ++i) {
    constexpr std::string_view kOperators = "^$.|?*+()[]{}";
    if (pattern[i] == '\\') {
      // \d and the like are classes; an escaped operator or separator is itself.
      if (++i == pattern.size() || DigitValue(pattern[i]) != UINT32_MAX) return std::nullopt;
      if ((pattern[i] | 0x20) >= 'a' && (pattern[i] | 0x20) <= 'z') return std::nullopt;
    } else if (kOperators.find(pattern[i]) != std::string_view::npos) {
      return std::nullopt;
    }
    (*buffer)[size++] = pattern[i];
  }
  return std::string_view(buffer->data(), size);
}

std::optional<int> TakeIndex(std::string_view* text) {
  while (text->starts_with(' ')) text->remove_prefix(1);
  const bool negative = text->starts_with('-');
  if (negative) text->remove_prefix(1);
  const std::optional<uint32_t> number = TakeNumber(text);
  while (text->starts_with(' ')) text->remove_prefix(1);
  if (!number || *number > 0xffff) return std::nullopt;
  return negative ? -static_cast<int>(*number) : static_cast<int>(*number);
}

}  // namespace

std::optional<uint32_t> TakeNumber(std::string_view* text, uint32_t base) {
  if (text->size() > 2 && (*text)[0] == '0' && ((*text)[1] | 0x20) == 'x') {
    text->remove_prefix(2);
    base = 16;
  }
  uint32_t number = 0;
  size_t digits = 0;
  for (; digits < text->size() && digits < 8 && DigitValue((*text)[digits]) < base; ++digits) {
    number = number * base + DigitValue((*text)[digits]);
  }
  if (digits == 0) return std::nullopt;
  text->remove_prefix(digits);
  return number;
}

bool PushCharacter(uint32_t code, ConstantStack* stack) {
  if (code == 0 || code > 0xffff || (code >= 0xd800 && code < 0xe000)) return false;
  char bytes[4];
  return stack->Push({bytes, EncodeUtf8(code, bytes)});
}

bool NumbersToCharacters(size_t begin, uint32_t base, uint32_t key, ConstantStack* stack) {
  const size_t end = stack->size();
  std::string_view rest = stack->text.text().substr(begin);
  while (!rest.empty()) {
    const std::optional<uint32_t> number = TakeNumber(&rest, base);
    if (!number) {
      rest.remove_prefix(1);
    } else if (!PushCharacter(*number ^ key, stack)) {
      return false;
    }
  }
  if (stack->size() == end || !stack->Spend(end - begin)) return false;
  stack->text.Erase(begin, end);
  return true;
}

bool FormatValue(size_t begin, std::span<const size_t> bounds, ConstantStack* stack) {
  const std::string_view form = stack->text.text().substr(begin, bounds[0] - begin);
  const size_t end = stack->size();
  bool any = false;
  for (size_t i = 0; i < form.size(); ++i) {
    const bool is_brace = form[i] == '{' || form[i] == '}';
    if (!is_brace || (i + 1 < form.size() && form[i + 1] == form[i])) {
      if (!stack->Push(form.substr(i, 1))) return false;
      i += is_brace;
      continue;
    }
    std::string_view rest = form.substr(i + 1);
    const std::optional<uint32_t> index = TakeNumber(&rest);
    if (!index || !rest.starts_with('}') || *index + size_t{1} >= bounds.size()) return false;
    const size_t from = bounds[*index];
    if (!stack->Push(stack->text.text().substr(from, bounds[*index + 1] - from))) return false;
    i = form.size() - rest.size();
    any = true;
  }
  if (!any) return false;
  stack->text.Erase(begin, end);
  return true;
}

bool ReplaceInValue(size_t begin, size_t old, size_t with, bool is_pattern, ConstantStack* stack) {
  const std::string_view all = stack->text.text();
  const size_t end = all.size();
  const std::string_view value = all.substr(begin, old - begin);
  std::string_view literal = all.substr(old, with - old);
  std::array<char, kMaxPattern> buffer;
  if (literal.empty() || literal.size() > kMaxPattern) return false;
  if (is_pattern) {
    const std::optional<std::string_view> plain = LiteralOf(literal, &buffer);
    if (!plain || plain->empty()) return false;
    literal = *plain;
  }
  if (!stack->Spend(value.size() * literal.size())) return false;
  for (size_t i = 0; i < value.size();) {
    const bool here = is_pattern ? StartsWithIgnoringCase(value.substr(i), literal)
                                 : value.substr(i).starts_with(literal);
    if (!stack->Push(here ? all.substr(with) : value.substr(i, 1))) return false;
    i += here ? literal.size() : 1;
  }
  stack->text.Erase(begin, end);
  return true;
}

bool IndexValue(size_t begin, std::string_view indices, ConstantStack* stack) {
  const size_t end = stack->size();
  const std::string_view value = stack->text.text().substr(begin);
  const auto size = static_cast<int>(value.size() > 0xffff ? 0 : value.size());
  for (;;) {
    const std::optional<int> first = TakeIndex(&indices);
    if (!first) return false;
    const bool range = indices.starts_with("..");
    if (range) indices.remove_prefix(2);
    const std::optional<int> last = range ? TakeIndex(&indices) : first;
    if (!last) return false;
    for (int i = *first, step = *first <= *last ? 1 : -1;; i += step) {
      const int at = i < 0 ? size + i : i;
      if (at < 0 || at >= size || !stack->Push(value.substr(static_cast<size_t>(at), 1)))
        return false;
      if (i == *last) break;
    }
    if (indices.empty()) break;
    if (indices[0] != ',') return false;
    indices.remove_prefix(1);
  }
  stack->text.Erase(begin, end);
  return true;
}

}  // namespace nuthatch
