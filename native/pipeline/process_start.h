// A process start as the process table keeps it: the values that its facts come from, as they stand
// in its record. A fact is computed when an event asks for it; of most starts none is ever asked
// for.
#ifndef NUTHATCH_PIPELINE_PROCESS_START_H_
#define NUTHATCH_PIPELINE_PROCESS_START_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "telemetry/mapped_record.h"
#include "telemetry/standardizer.h"

namespace nuthatch {

// Appends to *out the start of a record with that route; see MappedRecord::Begin. Values without
// a place in `kept`, and overlong ones, are left out.
void KeepStart(const char* base, std::span<const FoundValue> found, RouteId route,
               const std::vector<uint8_t>& kept, std::string* out);

// Reused from event to event; one thread at a time.
class ProcessStart {
 public:
  // `standardizer`, the one by which starts were read, must outlive it.
  explicit ProcessStart(const Standardizer& standardizer) : record_(standardizer) {}

  // `start` is what KeepStart made. It and `arena`, to which new text goes, must stay until the
  // next Begin, and so must the values given out.
  void Begin(std::optional<std::string_view> start, Arena* arena);
  // Missing when the start did not tell it, or is not known.
  Value Fact(PropertyId id) { return known_ ? record_.Property(id) : Value::Missing(); }

 private:
  bool known_ = false;
  MappedRecord record_;
  std::vector<FoundValue> found_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_PROCESS_START_H_
