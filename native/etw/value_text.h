#ifndef NUTHATCH_ETW_VALUE_TEXT_H_
#define NUTHATCH_ETW_VALUE_TEXT_H_

#include <cstdint>
#include <span>
#include <string>

#include "etw/event_schema.h"

namespace nuthatch {

enum class TextForm : uint8_t { kNumber, kBoolean, kText };

// Appends a value of a field (not a struct or an array) as JSON or people write it: numbers
// decimal, or as 0x… where the field says so; times in ISO 8601; addresses, GUIDs and SIDs in their
// usual forms; other bytes in hexadecimal. Text of code pages is appended as it is. Says what it
// is.
TextForm AppendValue(const FieldSchema& schema, std::span<const uint8_t> value, std::string* out);

// Appends the name that the field's map has for a value, as text; false when there is none.
bool AppendValueName(const FieldSchema& schema, std::span<const uint8_t> value, std::string* out);

}  // namespace nuthatch

#endif  // NUTHATCH_ETW_VALUE_TEXT_H_
