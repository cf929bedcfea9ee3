#include "enrich/obfuscation_signs.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "enrich/encoded_text.h"
#include "enrich/plain_characters.h"
#include "enrich/well_known_variables.h"

namespace nuthatch {
namespace {

enum Sign : uint8_t {
  kDisguised = 1,
  kEncoded = 2,
  // Both together: a disguise, as some operators of PowerShell are undone only beside brackets.
  kBracket = 4,
  kOperator = 8,
  kLook = 16,  // that depends on what is around it
};

constexpr std::array<uint8_t, 256> MakeSigns() {
  std::array<uint8_t, 256> signs{};
  const auto set = [&](std::string_view characters, uint8_t sign) {
    for (const char c : characters) signs[static_cast<unsigned char>(c)] = sign;
  };
  std::fill(signs.begin() + 0x80, signs.end(), kDisguised);
  set("\t\n\v\f\r^`%!+|[", kDisguised);
  set(" \"'-/4", kLook);
  set("(", kBracket | kLook);
  set("{", kBracket);
  return signs;
}
constexpr std::array<uint8_t, 256> kSigns = MakeSigns();

bool IsOneOf(char c, std::string_view characters) { return characters.find(c) != characters.npos; }

// Whether what stands at the bracket may be of an expression: (number is one only before a |.
uint8_t AfterBracket(std::string_view text, size_t at) {
  const size_t next = text.find_first_not_of(' ', at + 1);
  return next != text.npos && IsOneOf(text[next], "'\"\\[($-)") ? kDisguised : 0;
}

// Whether the dash is that of an operator on what stands before it.
uint8_t AfterDash(std::string_view text, size_t at) {
  const std::string_view word = text.substr(at + 1);
  if (word.empty() || !IsOneOf(static_cast<char>(word[0] | 0x20), "fjric")) return 0;
  const size_t before = at == 0 ? text.npos : text.find_last_not_of(' ', at - 1);
  if (before == text.npos || !IsOneOf(text[before], "'\")]")) return 0;
  constexpr std::string_view kOperators[] = {"f", "join", "replace", "ireplace", "creplace"};
  const bool is_operator =
      std::any_of(std::begin(kOperators), std::end(kOperators),
                  [&](std::string_view one) { return StartsWithIgnoringCase(word, one); });
  return is_operator ? kOperator : 0;
}

// At a dash or slash.
uint8_t AfterOptionMark(std::string_view text, size_t at) {
  const bool may_be = at + 1 < text.size() && (text[at + 1] | 0x20) == 'e';
  return may_be && IsEncodedOption(text, at) ? kEncoded : 0;
}

uint8_t Look(std::string_view text, size_t at) {
  const char next = at + 1 < text.size() ? text[at + 1] : '\0';
  switch (text[at]) {
    case ' ':
      return next == ' ' ? kDisguised : 0;
    case '"':
    case '\'':
      return HasDroppedQuotes(text, at) ? kDisguised : 0;
    case '(':
      return AfterBracket(text, at);
    case '4':  // FromBase64String
      return at > 0 && text[at - 1] == '6' ? kEncoded : 0;
    case '-':
      return AfterDash(text, at) | AfterOptionMark(text, at);
    default:
      return AfterOptionMark(text, at);
  }
}

}  // namespace

ObfuscationSigns SignsOfObfuscation(std::string_view text) {
  uint8_t signs = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    const uint8_t sign = kSigns[static_cast<unsigned char>(text[at])];
    signs |= sign;
    if ((sign & kLook) != 0) signs |= Look(text, at);
  }
  const bool operates = (signs & kBracket) != 0 && (signs & kOperator) != 0;
  return {(signs & kDisguised) != 0 || operates, (signs & kEncoded) != 0};
}

}  // namespace nuthatch
