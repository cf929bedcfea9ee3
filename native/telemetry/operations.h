// The operations of mappings that work on one text; lib/standardize/operations.ts says what each
// does.
#ifndef NUTHATCH_TELEMETRY_OPERATIONS_H_
#define NUTHATCH_TELEMETRY_OPERATIONS_H_

#include <string_view>

#include "base/arena.h"
#include "model/schema.h"
#include "model/value.h"

namespace nuthatch {

// `literal` is the argument after x, empty for operations without one. The result is part of x, of
// a literal, or new text in `arena`.
using TextOperation = Value (*)(std::string_view x, std::string_view literal, Arena* arena);

// nullptr for operations that work on something else than one text.
TextOperation TextOperationOf(Operation operation);

}  // namespace nuthatch

#endif  // NUTHATCH_TELEMETRY_OPERATIONS_H_
