// A decoded event as text, for tests: "Name=value; …", structs in braces, arrays in brackets.
#ifndef NUTHATCH_TEST_ETW_EVENT_TEXT_H_
#define NUTHATCH_TEST_ETW_EVENT_TEXT_H_

#include <string>

#include "etw/decoded_event.h"
#include "etw/value_text.h"

namespace nuthatch {

inline std::string ValueText(const FieldSchema& schema, std::span<const uint8_t> value) {
  std::string text;
  AppendValue(schema, value, &text);
  return text;
}

// The text of fields[*at], which ends after its last child.
inline std::string FieldText(std::span<const DecodedField> fields, size_t* at) {
  const DecodedField& field = fields[(*at)++];
  const size_t end = *at + field.children;
  std::string text;
  if (field.array && field.value_size > 0) {
    for (size_t i = 0; i < field.count; ++i)
      text += (i == 0 ? "" : ",") + ValueText(*field.schema, field.value(i));
    return "[" + text + "]";
  }
  if (!field.array && field.schema->in != InType::kStruct)
    return ValueText(*field.schema, field.data);
  while (*at < end) {
    const std::string name(fields[*at].name());
    text += text.empty() ? "" : field.array ? "," : "; ";
    if (!field.array) text += name + "=";
    text += FieldText(fields, at);
  }
  return field.array ? "[" + text + "]" : "{" + text + "}";
}

inline std::string TextOf(const DecodedEvent& event) {
  std::string text;
  for (size_t at = 0; at < event.fields.size();) {
    text += (at == 0 ? "" : "; ") + std::string(event.fields[at].name()) + "=";
    text += FieldText(event.fields, &at);
  }
  return text;
}

}  // namespace nuthatch

#endif  // NUTHATCH_TEST_ETW_EVENT_TEXT_H_
