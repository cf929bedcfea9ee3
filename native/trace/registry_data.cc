#include "trace/registry_data.h"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "base/hex.h"
#include "base/load_bytes.h"
#include "base/utf16.h"

namespace nuthatch {
namespace {

using Span = std::span<const uint8_t>;

// winnt.h
enum RegistryType : uint32_t {
  kString = 1,
  kExpandString = 2,
  kDword = 4,
  kDwordBigEndian = 5,
  kLink = 6,
  kMultiString = 7,
  kQword = 11,
};

constexpr std::string_view kTypeNames[] = {"none",
                                           "string",
                                           "expand_string",
                                           "binary",
                                           "dword",
                                           "dword_big_endian",
                                           "link",
                                           "multi_string",
                                           "resource_list",
                                           "full_resource_descriptor",
                                           "resource_requirements_list",
                                           "qword"};

void AppendNumber(uint64_t number, std::string* out) {
  char digits[20];
  out->append(digits, std::to_chars(digits, digits + sizeof(digits), number).ptr);
}

// Each with its NUL, and then an empty one.
void AppendStrings(Span data, std::string* out) {
  const size_t before = out->size();
  for (size_t at = 0; at + 2 <= data.size();) {
    size_t end = at;
    while (end + 2 <= data.size() && LoadAt<uint16_t>(data, end) != 0) end += 2;
    if (end == at) break;
    if (out->size() > before) *out += ' ';
    AppendUtf16(data.subspan(at, end - at), out);
    at = end + 2;
  }
}

}  // namespace

std::string_view RegistryTypeName(uint32_t type) {
  return type < std::size(kTypeNames) ? kTypeNames[type] : std::string_view();
}

void AppendRegistryData(uint32_t type, Span data, std::string* out) {
  switch (type) {
    case kString:
    case kExpandString:
    case kLink:
      return AppendUtf16(data, out);
    case kMultiString:
      return AppendStrings(data, out);
    case kDword:
      if (data.size() == 4) return AppendNumber(LoadAt<uint32_t>(data, 0), out);
      break;
    case kDwordBigEndian:
      if (data.size() == 4) {
        uint32_t number = 0;
        for (const uint8_t byte : data) number = number << 8 | byte;
        return AppendNumber(number, out);
      }
      break;
    case kQword:
      if (data.size() == 8) return AppendNumber(LoadAt<uint64_t>(data, 0), out);
      break;
    default:
      break;
  }
  AppendHexBytes(data.first(std::min(data.size(), kMaxBinaryData)), out);
}

}  // namespace nuthatch
