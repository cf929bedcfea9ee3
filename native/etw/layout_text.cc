#include "etw/layout_text.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <map>

#include "base/immortal.h"
#include "etw/layout_tables.h"

namespace nuthatch {
namespace {

struct TypeName {
  std::string_view name;
  InType in;
  OutType out;
};

constexpr TypeName kTypes[] = {
    {"i8", InType::kInt8, OutType::kDefault},
    {"u8", InType::kUint8, OutType::kDefault},
    {"i16", InType::kInt16, OutType::kDefault},
    {"u16", InType::kUint16, OutType::kDefault},
    {"i32", InType::kInt32, OutType::kDefault},
    {"u32", InType::kUint32, OutType::kDefault},
    {"i64", InType::kInt64, OutType::kDefault},
    {"u64", InType::kUint64, OutType::kDefault},
    {"hex16", InType::kUint16, OutType::kHex},
    {"hex32", InType::kHex32, OutType::kDefault},
    {"hex64", InType::kHex64, OutType::kDefault},
    {"ptr", InType::kPointer, OutType::kDefault},
    {"size", InType::kSize, OutType::kDefault},
    {"bool8", InType::kUint8, OutType::kBool},
    {"bool32", InType::kBool32, OutType::kDefault},
    {"pid", InType::kUint32, OutType::kPid},
    {"tid", InType::kUint32, OutType::kTid},
    {"port", InType::kUint16, OutType::kPort},
    {"ipv4", InType::kUint32, OutType::kIpv4},
    {"ipv6", InType::kBinary, OutType::kIpv6},
    {"ntstatus", InType::kUint32, OutType::kNtStatus},
    {"win32", InType::kUint32, OutType::kWin32Error},
    {"hresult", InType::kInt32, OutType::kHresult},
    {"guid", InType::kGuid, OutType::kDefault},
    {"filetime", InType::kFileTime, OutType::kDefault},
    {"sid", InType::kSid, OutType::kDefault},
    {"tokensid", InType::kTokenSid, OutType::kDefault},
    {"wstr", InType::kUtf16, OutType::kDefault},
    {"astr", InType::kAnsi, OutType::kDefault},
    {"bytes", InType::kBinary, OutType::kDefault},
    {"sockaddr", InType::kBinary, OutType::kSocketAddress},
};

std::string_view Trim(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

bool ParseExtent(std::string_view text, std::vector<FieldSchema>* fields, Extent* extent) {
  if (text == "*") {
    extent->form = Extent::Form::kRest;
    return true;
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), extent->value);
  if (error == std::errc() && end == text.data() + text.size()) {
    extent->form = Extent::Form::kFixed;
    return true;
  }
  const auto field = std::find_if(fields->begin(), fields->end(),
                                  [&](const FieldSchema& other) { return other.name == text; });
  if (field == fields->end()) return false;
  field->referenced = true;
  extent->form = Extent::Form::kField;
  extent->value = static_cast<uint16_t>(field - fields->begin());
  return true;
}

// What is between `open` and `close` at the end of `type`, which it is cut off.
std::string_view Suffix(char open, char close, std::string_view* type) {
  const size_t at = type->find(open);
  if (at == type->npos || !type->ends_with(close)) return {};
  const std::string_view inside = type->substr(at + 1, type->size() - at - 2);
  *type = type->substr(0, at);
  return inside;
}

// "0 Static, 1 Dynamic": numbers decimal, or hexadecimal with 0x.
ValueMap ParseMap(const LayoutMap& row) {
  ValueMap map;
  map.bits = row.bits;
  for (std::string_view text = row.names; !text.empty();) {
    const std::string_view entry = Trim(text.substr(0, text.find(',')));
    text = text.substr(std::min(text.find(','), text.size() - 1) + 1);
    map.names[std::strtoull(entry.data(), nullptr, 0)] = entry.substr(entry.find(' ') + 1);
  }
  return map;
}

// One of the tables': it stays.
const ValueMap* FindMap(std::string_view name) {
  using Maps = std::map<std::string_view, ValueMap>;
  static const Immortal<Maps> maps([] {
    Maps all;
    for (const LayoutMap& row : LayoutMaps()) all[row.name] = ParseMap(row);
    return all;
  }());
  const auto found = maps->find(name);
  return found == maps->end() ? nullptr : &found->second;
}

bool ParseField(std::string_view text, std::vector<FieldSchema>* fields) {
  FieldSchema field;
  field.optional = text.starts_with('?');
  if (field.optional) text.remove_prefix(1);
  const size_t space = text.find(' ');
  if (space == text.npos) return false;
  field.name = text.substr(space + 1);
  std::string_view type = text.substr(0, space);
  const std::string_view count = Suffix('[', ']', &type);
  const std::string_view length = Suffix('(', ')', &type);
  const std::string_view map = Suffix('{', '}', &type);
  if (!count.empty() && !ParseExtent(count, fields, &field.count)) return false;
  if (!length.empty() && !ParseExtent(length, fields, &field.length)) return false;
  const auto* known = std::find_if(std::begin(kTypes), std::end(kTypes),
                                   [&](const TypeName& other) { return other.name == type; });
  if (known == std::end(kTypes) || field.name.empty()) return false;
  if (!map.empty() && (field.map = FindMap(map)) == nullptr) return false;
  field.in = known->in;
  field.out = known->out;
  if (field.out == OutType::kIpv6) field.length = {Extent::Form::kFixed, 16};
  if (field.in == InType::kBinary && field.length.form == Extent::Form::kNone) return false;
  fields->push_back(std::move(field));
  return true;
}

}  // namespace

bool ParseLayout(std::string_view text, std::vector<FieldSchema>* fields) {
  text = Trim(text);
  while (!text.empty()) {
    const size_t comma = std::min(text.find(','), text.size());
    if (!ParseField(Trim(text.substr(0, comma)), fields)) return false;
    text = Trim(text.substr(std::min(comma + 1, text.size())));
  }
  return true;
}

}  // namespace nuthatch
