#include "telemetry/operations.h"

#include <array>
#include <charconv>
#include <memory>
#include <optional>

#include "base/ascii.h"
#include "telemetry/json_text.h"
#include "telemetry/network_operations.h"
#include "telemetry/path_operations.h"
#include "telemetry/time_operation.h"
#include "telemetry/utf16_operation.h"
#include "telemetry/xml_operations.h"

namespace nuthatch {
namespace {

constexpr size_t kNone = std::string_view::npos;

Value TextOrMissing(std::string_view text) {
  return text.empty() ? Value::Missing() : Value::String(text);
}

Value BeforeLast(std::string_view x, std::string_view separator, Arena*) {
  const size_t at = x.rfind(separator);
  return at == kNone ? Value::Missing() : TextOrMissing(x.substr(0, at));
}

Value AfterLast(std::string_view x, std::string_view separator, Arena*) {
  const size_t at = x.rfind(separator);
  return TextOrMissing(at == kNone ? x : x.substr(at + separator.size()));
}

Value BeforeFirst(std::string_view x, std::string_view separator, Arena*) {
  return TextOrMissing(x.substr(0, x.find(separator)));
}

Value AfterFirst(std::string_view x, std::string_view separator, Arena*) {
  const size_t at = x.find(separator);
  return at == kNone ? Value::Missing() : TextOrMissing(x.substr(at + separator.size()));
}

// Takes what precedes the next `separator`, and the separator, from the front of *rest.
std::string_view TakePart(std::string_view* rest, std::string_view separator) {
  const size_t at = rest->find(separator);
  const std::string_view part = rest->substr(0, at);
  rest->remove_prefix(at == kNone ? rest->size() : at + separator.size());
  return part;
}

Value ListItem(std::string_view x, std::string_view key, Arena* arena) {
  while (!x.empty()) {
    const std::string_view item = TakePart(&x, ",");
    const size_t equals = item.find('=');
    if (!EqualIgnoringAsciiCase(TrimAscii(item.substr(0, equals)), key)) continue;
    const std::string_view value = TrimAscii(equals == kNone ? "" : item.substr(equals + 1));
    if (value.find_first_not_of('0') == kNone) return Value::Missing();
    return Value::String(LowerAscii(value, arena));
  }
  return Value::Missing();
}

// The number that `digits`, all of them, are in `base`; nothing when it is 2^64 or more.
std::optional<uint64_t> Whole(std::string_view digits, int base) {
  uint64_t number = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, number, base);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

// 1 to 16 hexadecimal digits after 0x.
std::optional<uint64_t> Hexadecimal(std::string_view x) {
  if (x.size() > 18 || !StartsWithIgnoringAsciiCase(x, "0x")) return std::nullopt;
  return Whole(x.substr(2), 16);
}

Value Number(std::string_view x, std::string_view, Arena*) {
  x = TrimAscii(x);
  if (const auto number = Hexadecimal(x)) return Value::Number(static_cast<double>(*number));
  if (!IsJsonNumber(x)) return Value::Missing();
  double number = 0;
  if (std::from_chars(x.data(), x.data() + x.size(), number).ec == std::errc{}) {
    return Value::Number(number);
  }
  // Out of range: too large, unless it is too close to 0.
  const size_t e = x.find_first_of("eE");
  const bool tiny = e != kNone ? x[e + 1] == '-' : x.starts_with("0.") || x.starts_with("-0.");
  return tiny ? Value::Number(0) : Value::Missing();
}

Value Hex(std::string_view x, std::string_view, Arena* arena) {
  x = TrimAscii(x);
  auto number = Hexadecimal(x);
  if (!number && x.size() <= 20) number = Whole(x, 10);
  if (!number) return Value::Missing();
  char* const text = arena->Allocate(2 + 16);
  text[0] = '0';
  text[1] = 'x';
  const char* const end = std::to_chars(text + 2, text + 18, *number, 16).ptr;
  return Value::String({text, static_cast<size_t>(end - text)});
}

Value Boolean(std::string_view x, std::string_view, Arena*) {
  for (const std::string_view yes : {"true", "1", "yes"}) {
    if (EqualIgnoringAsciiCase(x, yes)) return Value::Boolean(true);
  }
  for (const std::string_view no : {"false", "0", "no"}) {
    if (EqualIgnoringAsciiCase(x, no)) return Value::Boolean(false);
  }
  return Value::Missing();
}

Value Guid(std::string_view x, std::string_view, Arena* arena) {
  if (x.starts_with('{')) x.remove_prefix(1);
  if (x.ends_with('}')) x.remove_suffix(1);
  if (x.find_first_not_of("0-") == kNone) return Value::Missing();
  return Value::String(LowerAscii(x, arena));
}

// The parts of x that `clean` leaves something of.
template <typename Clean>
Value Parts(std::string_view x, std::string_view separator, Arena* arena, Clean clean) {
  if (separator.empty()) return TextOrMissing(clean(x));
  size_t count = 1;
  for (size_t at = 0; (at = x.find(separator, at)) != kNone; at += separator.size()) ++count;
  auto* const parts = arena->AllocateArray<std::string_view>(count);
  size_t kept = 0;
  for (size_t i = 0; i < count; ++i) {
    const std::string_view part = clean(TakePart(&x, separator));
    if (!part.empty()) std::construct_at(parts + kept++, part);
  }
  if (kept == 0) return Value::Missing();
  return Value::Strings({parts, kept});
}

Value Split(std::string_view x, std::string_view separator, Arena* arena) {
  return Parts(x, separator, arena, TrimAscii);
}

Value DnsAnswers(std::string_view x, std::string_view, Arena* arena) {
  return Parts(x, ";", arena, DnsAnswer);
}

Value Collapse(std::string_view x, std::string_view, Arena* arena) {
  x = TrimAscii(x);
  char* const text = arena->Allocate(x.size());
  size_t size = 0;
  for (const char c : x) {
    const bool space = IsAsciiSpace(c);
    if (!space || text[size - 1] != ' ') text[size++] = space ? ' ' : c;
  }
  return TextOrMissing({text, size});
}

Value Trim(std::string_view x, std::string_view, Arena*) { return TextOrMissing(TrimAscii(x)); }

template <std::string_view (*kFunction)(std::string_view, Arena*)>
Value Changed(std::string_view x, std::string_view, Arena* arena) {
  return TextOrMissing(kFunction(x, arena));
}

Value XmlTextOf(std::string_view x, std::string_view tag, Arena* arena) {
  return TextOrMissing(XmlText(x, tag, arena));
}

struct OperationRow {
  Operation operation;
  TextOperation function;
};

constexpr OperationRow kTextOperations[] = {
    {Operation::kLower, Changed<LowerAscii>},
    {Operation::kBasename, Changed<Basename>},
    {Operation::kBeforeLast, BeforeLast},
    {Operation::kAfterLast, AfterLast},
    {Operation::kBeforeFirst, BeforeFirst},
    {Operation::kAfterFirst, AfterFirst},
    {Operation::kListItem, ListItem},
    {Operation::kNumber, Number},
    {Operation::kHex, Hex},
    {Operation::kBoolean, Boolean},
    {Operation::kGuid, Guid},
    {Operation::kTime, Changed<UtcTime>},
    {Operation::kZonedTime, Changed<ZonedTime>},
    {Operation::kSplit, Split},
    {Operation::kIp, Changed<CanonicalIp>},
    {Operation::kNtPath, Changed<NtPath>},
    {Operation::kRegistry, Changed<RegistryPath>},
    {Operation::kRegistryData, Changed<RegistryData>},
    {Operation::kPlatformOf, Changed<PlatformOf>},
    {Operation::kXmlText, XmlTextOf},
    {Operation::kCollapse, Collapse},
    {Operation::kTrim, Trim},
    {Operation::kDnsAnswers, DnsAnswers},
    {Operation::kUtf16, Changed<HexUtf16>},
};

constexpr auto kByOperation = [] {
  std::array<TextOperation, kOperationCount> functions{};
  for (const OperationRow& row : kTextOperations) {
    functions[static_cast<size_t>(row.operation)] = row.function;
  }
  return functions;
}();

}  // namespace

TextOperation TextOperationOf(Operation operation) {
  return kByOperation[static_cast<size_t>(operation)];
}

}  // namespace nuthatch
