// Appends JSON to text.
#ifndef NUTHATCH_PIPELINE_JSON_WRITER_H_
#define NUTHATCH_PIPELINE_JSON_WRITER_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "model/value.h"

namespace nuthatch {

// A string in quotes. Bytes that are not valid UTF-8 become U+FFFD.
void AppendJsonString(std::string_view text, std::string* out);
void AppendJsonNumber(double number, std::string* out);  // finite
void AppendJsonNumber(uint64_t number, std::string* out);
// Of a value that is not missing: several texts as an array, pending as {"pending":true}.
void AppendJsonValue(const Value& value, std::string* out);

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_JSON_WRITER_H_
