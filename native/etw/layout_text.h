#ifndef NUTHATCH_ETW_LAYOUT_TEXT_H_
#define NUTHATCH_ETW_LAYOUT_TEXT_H_

#include <string_view>
#include <vector>

#include "etw/event_schema.h"

namespace nuthatch {

// Reads LayoutRow::fields. False when they are malformed, or name what is not there.
bool ParseLayout(std::string_view text, std::vector<FieldSchema>* fields);

}  // namespace nuthatch

#endif  // NUTHATCH_ETW_LAYOUT_TEXT_H_
