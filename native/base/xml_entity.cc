#include "base/xml_entity.h"

#include <charconv>
#include <cstdint>
#include <utility>

namespace nuthatch {

char32_t XmlEntityCode(std::string_view entity) {
  static constexpr std::pair<std::string_view, char32_t> kNamed[] = {
      {"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}};
  for (const auto& [name, code] : kNamed) {
    if (entity == name) return code;
  }
  if (!entity.starts_with('#')) return 0;
  entity.remove_prefix(1);
  const bool hexadecimal = entity.starts_with('x');
  if (hexadecimal) entity.remove_prefix(1);
  if (entity.size() > (hexadecimal ? 6u : 7u)) return 0;
  uint32_t code = 0;
  const char* const end = entity.data() + entity.size();
  const auto [stop, error] = std::from_chars(entity.data(), end, code, hexadecimal ? 16 : 10);
  if (error != std::errc{} || stop != end) return 0;
  const bool scalar = code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
  return scalar ? code : 0;
}

}  // namespace nuthatch
