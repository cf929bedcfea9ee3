#include "etw/value_text.h"

#include <charconv>
#include <cmath>
#include <cstdio>

#include "base/file_time.h"
#include "base/guid.h"
#include "base/hex.h"
#include "base/ip_address.h"
#include "base/load_bytes.h"
#include "base/utf16.h"
#include "etw/decoded_event.h"

namespace nuthatch {
namespace {

using Span = std::span<const uint8_t>;

template <typename Number>
TextForm AppendNumber(Number number, std::string* out) {
  char digits[32];
  out->append(digits, std::to_chars(digits, digits + sizeof(digits), number).ptr);
  return TextForm::kNumber;
}

TextForm AppendHex(uint64_t number, std::string* out) {
  char digits[16];
  *out += "0x";
  out->append(digits, std::to_chars(digits, digits + sizeof(digits), number, 16).ptr);
  return TextForm::kText;
}

TextForm AppendBytes(Span bytes, std::string* out) {
  AppendHexBytes(bytes, out);
  return TextForm::kText;
}

TextForm AppendBoolean(bool value, std::string* out) {
  *out += value ? "true" : "false";
  return TextForm::kBoolean;
}

TextForm AppendIp(Span bytes, std::string* out) {
  char text[kLongestIpText];
  char* const end =
      bytes.size() == 4 ? FormatIpv4(bytes.data(), text) : FormatIpv6(bytes.data(), text);
  out->append(text, static_cast<size_t>(end - text));
  return TextForm::kText;
}

uint16_t BigEndian16(Span bytes, size_t at) {
  return static_cast<uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

// sockaddr_in and sockaddr_in6: u16 family, u16 port and then the address in network order.
TextForm AppendSocketAddress(Span bytes, std::string* out) {
  constexpr uint16_t kIpv4 = 2;
  constexpr uint16_t kIpv6 = 23;
  const uint16_t family = bytes.size() < 8 ? 0 : LoadAt<uint16_t>(bytes, 0);
  if (family == kIpv4) {
    AppendIp(bytes.subspan(4, 4), out);
  } else if (family == kIpv6 && bytes.size() >= 24) {
    *out += '[';
    AppendIp(bytes.subspan(8, 16), out);
    *out += ']';
  } else {
    return AppendBytes(bytes, out);
  }
  *out += ':';
  AppendNumber(BigEndian16(bytes, 2), out);
  return TextForm::kText;
}

// [MS-DTYP] 2.4.2.1. PayloadDecoder has checked its size.
TextForm AppendSid(Span sid, std::string* out) {
  if (sid.size() < 8) return TextForm::kText;
  uint64_t authority = 0;
  for (size_t i = 2; i < 8; ++i) authority = authority << 8 | sid[i];
  *out += "S-";
  AppendNumber(sid[0], out);
  *out += '-';
  AppendNumber(authority, out);
  for (size_t at = 8; at + 4 <= sid.size(); at += 4) {
    *out += '-';
    AppendNumber(LoadAt<uint32_t>(sid, at), out);
  }
  return TextForm::kText;
}

// SYSTEMTIME: u16 year, month, day of the week, day, hour, minute, second, millisecond.
TextForm AppendSystemTime(Span value, std::string* out) {
  const auto part = [&](size_t i) -> unsigned { return LoadAt<uint16_t>(value, 2 * i); };
  char text[64];
  const int size = std::snprintf(text, sizeof(text), "%04u-%02u-%02uT%02u:%02u:%02u.%03u", part(0),
                                 part(1), part(3), part(4), part(5), part(6), part(7));
  out->append(text, static_cast<size_t>(size));
  return TextForm::kText;
}

template <typename Float>
TextForm AppendFloat(Span value, std::string* out) {
  const auto number = LoadAt<Float>(value, 0);
  AppendNumber(number, out);
  return std::isfinite(number) ? TextForm::kNumber : TextForm::kText;
}

TextForm AppendText(Span value, std::string* out) {
  // What is of a given length may hold NULs; the text ends at the first.
  for (const uint8_t c : value) {
    if (c == 0) break;
    *out += static_cast<char>(c);
  }
  return TextForm::kText;
}

bool IsSigned(InType in) {
  return in == InType::kInt8 || in == InType::kInt16 || in == InType::kInt32 ||
         in == InType::kInt64;
}

TextForm AppendInteger(const FieldSchema& schema, Span value, std::string* out) {
  const uint64_t number = UnsignedOf(value);
  switch (schema.out) {
    case OutType::kText:  // a character
      if (value.size() == 2) {
        AppendUtf16(value, out);
        return TextForm::kText;
      }
      if (value.size() == 1) return AppendText(value, out);
      break;
    case OutType::kBool:
      return AppendBoolean(number != 0, out);
    case OutType::kPort:
      if (value.size() == 2) return AppendNumber(BigEndian16(value, 0), out);
      break;
    case OutType::kIpv4:
      if (value.size() == 4) return AppendIp(value, out);
      break;
    case OutType::kFileTime:
    case OutType::kUtcTime:
      if (value.size() == 8) {
        AppendFileTime(number, out);
        return TextForm::kText;
      }
      break;
    case OutType::kHex:
    case OutType::kNtStatus:
    case OutType::kHresult:
    case OutType::kCodePointer:
      return AppendHex(number, out);
    default:
      break;
  }
  const bool is_signed =
      schema.out == OutType::kSigned || (IsSigned(schema.in) && schema.out != OutType::kUnsigned);
  if (!is_signed) return AppendNumber(number, out);
  const size_t unused = 64 - 8 * value.size();
  return AppendNumber(static_cast<int64_t>(number << unused) >> unused, out);
}

TextForm AppendBinary(const FieldSchema& schema, Span value, std::string* out) {
  const bool ip = (schema.out == OutType::kIpv6 && value.size() == 16) ||
                  (schema.out == OutType::kIpv4 && value.size() == 4);
  if (ip) return AppendIp(value, out);
  if (schema.out == OutType::kSocketAddress) return AppendSocketAddress(value, out);
  const bool text = schema.out == OutType::kText || schema.out == OutType::kUtf8 ||
                    schema.out == OutType::kXml || schema.out == OutType::kJson;
  return text ? AppendText(value, out) : AppendBytes(value, out);
}

}  // namespace

TextForm AppendValue(const FieldSchema& schema, Span value, std::string* out) {
  switch (schema.in) {
    case InType::kUtf16:
    case InType::kCountedUtf16:
    case InType::kChar16:
      AppendUtf16(value, out);
      return TextForm::kText;
    case InType::kAnsi:
    case InType::kCountedAnsi:
      return AppendText(value, out);
    case InType::kBinary:
    case InType::kCountedBinary:
      return AppendBinary(schema, value, out);
    case InType::kGuid:
      AppendGuid(LoadAt<Guid>(value, 0), out);
      return TextForm::kText;
    case InType::kFileTime:
      AppendFileTime(UnsignedOf(value), out);
      return TextForm::kText;
    case InType::kSystemTime:
      return AppendSystemTime(value, out);
    case InType::kSid:
    case InType::kTokenSid:
      return AppendSid(value, out);
    case InType::kFloat:
      return AppendFloat<float>(value, out);
    case InType::kDouble:
      return AppendFloat<double>(value, out);
    case InType::kBool32:
      return AppendBoolean(UnsignedOf(value) != 0, out);
    case InType::kPointer:
    case InType::kHex32:
    case InType::kHex64:
      return AppendHex(UnsignedOf(value), out);
    case InType::kNone:
    case InType::kStruct:
      return TextForm::kText;
    default:
      return AppendInteger(schema, value, out);
  }
}

bool AppendValueName(const FieldSchema& schema, Span value, std::string* out) {
  const bool number = !value.empty() && value.size() <= sizeof(uint64_t);
  return schema.map != nullptr && number && schema.map->Append(UnsignedOf(value), out);
}

}  // namespace nuthatch
