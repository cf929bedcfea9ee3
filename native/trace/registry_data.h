#ifndef NUTHATCH_TRACE_REGISTRY_DATA_H_
#define NUTHATCH_TRACE_REGISTRY_DATA_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace nuthatch {

// Of bytes in hexadecimal: further ones are left out.
constexpr size_t kMaxBinaryData = 4096;

// REG_… as the standard schema names it; empty for a type that is none.
std::string_view RegistryTypeName(uint32_t type);

// Appends a value's data as text: numbers decimal, the strings of several with a space between
// them, everything else in hexadecimal.
void AppendRegistryData(uint32_t type, std::span<const uint8_t> data, std::string* out);

}  // namespace nuthatch

#endif  // NUTHATCH_TRACE_REGISTRY_DATA_H_
