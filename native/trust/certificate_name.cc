#include <algorithm>
#include <string_view>
#include <vector>

#include "base/utf16.h"
#include "base/utf8.h"
#include "trust/certificate.h"

namespace nuthatch {
namespace {

struct NameKind {
  Oid oid;
  const char* name;
};
// RFC 4514, section 3, and what certificates of signers have besides.
constexpr NameKind kKinds[] = {
    {Oid("2.5.4.3"), "CN"},
    {Oid("2.5.4.11"), "OU"},
    {Oid("2.5.4.10"), "O"},
    {Oid("1.2.840.113549.1.9.1"), "emailAddress"},
    {Oid("2.5.4.7"), "L"},
    {Oid("2.5.4.8"), "ST"},
    {Oid("2.5.4.6"), "C"},
    {Oid("2.5.4.5"), "serialNumber"},
    {Oid("2.5.4.9"), "STREET"},
    {Oid("0.9.2342.19200300.100.1.25"), "DC"},
    {Oid("2.5.4.15"), "businessCategory"},
    {Oid("2.5.4.17"), "postalCode"},
    {Oid("1.3.6.1.4.1.311.60.2.1.1"), "jurisdictionL"},
    {Oid("1.3.6.1.4.1.311.60.2.1.2"), "jurisdictionST"},
    {Oid("1.3.6.1.4.1.311.60.2.1.3"), "jurisdictionC"},
};
// The kinds that DisplayName looks for, in its order: the first of the table.
constexpr size_t kDisplayed = 4;

// Code points, big-endian ones of `size` bytes.
std::string FromWide(ByteSpan bytes, size_t size) {
  constexpr char32_t kReplacement = 0xfffd;
  std::string text;
  const auto unit = [&](size_t at) {
    char32_t value = 0;
    for (const uint8_t byte : bytes.subspan(at, size)) value = value << 8 | byte;
    return value;
  };
  for (size_t at = 0; at + size <= bytes.size(); at += size) {
    const char32_t c = unit(at);
    const bool scalar = c < 0xd800 || (c >= 0xe000 && c <= 0x10ffff);
    AppendUtf8(scalar ? c : kReplacement, &text);
  }
  return text;
}

std::string ValueText(const DerElement& value) {
  if (value.tag == kDerBmpString) return Utf16BeToUtf8(value.content);
  if (value.tag == kDerUniversalString) return FromWide(value.content, 4);
  std::string text(value.content.begin(), value.content.end());
  return IsValidUtf8(text) ? text : FromWide(value.content, 1);  // Latin-1 where it is no UTF-8
}

void AppendEscaped(const std::string& value, std::string* out) {
  for (size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    const bool edge = (i == 0 && (c == ' ' || c == '#')) || (i + 1 == value.size() && c == ' ');
    if (edge || std::string_view(",+\"\\<>;").find(c) != std::string_view::npos) *out += '\\';
    *out += c;
  }
}

struct NamePart {
  ByteSpan oid;
  std::string value;
  bool joined;  // with the one before, in one RelativeDistinguishedName
};

std::vector<NamePart> PartsOf(ByteSpan name) {
  constexpr size_t kMost = 64;
  std::vector<NamePart> parts;
  DerReader document(name);
  DerReader sequence = document.Enter(kDerSequence);
  while (!sequence.AtEnd() && sequence.ok()) {
    DerReader set = sequence.Enter(kDerSet);
    bool joined = false;
    while (!set.AtEnd() && set.ok() && parts.size() < kMost) {
      DerReader pair = set.Enter(kDerSequence);
      const ByteSpan oid = pair.Expect(kDerOid).content;
      const DerElement value = pair.Next();
      if (!pair.ok()) continue;
      parts.push_back({oid, ValueText(value), joined});  // the first of all is never joined
      joined = true;
    }
  }
  return parts;
}

std::string KindText(ByteSpan oid) {
  for (const NameKind& kind : kKinds) {
    if (oid == kind.oid) return kind.name;
  }
  return OidText(oid);
}

}  // namespace

std::string NameText(ByteSpan name) {
  const std::vector<NamePart> parts = PartsOf(name);
  std::string text;
  size_t end = parts.size();
  while (end > 0) {
    size_t begin = end - 1;
    while (parts[begin].joined) --begin;
    for (size_t i = begin; i < end; ++i) {
      if (!text.empty()) text += parts[i].joined ? '+' : ',';
      text += KindText(parts[i].oid);
      text += '=';
      AppendEscaped(parts[i].value, &text);
    }
    end = begin;
  }
  return text;
}

std::string DisplayName(ByteSpan name) {
  const std::vector<NamePart> parts = PartsOf(name);
  for (size_t kind = 0; kind < kDisplayed; ++kind) {
    const auto found = std::find_if(parts.rbegin(), parts.rend(), [&](const NamePart& part) {
      return part.oid == kKinds[kind].oid;
    });
    if (found != parts.rend()) return found->value;
  }
  return parts.empty() ? std::string() : parts.back().value;
}

}  // namespace nuthatch
