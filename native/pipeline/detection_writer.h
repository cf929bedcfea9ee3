// Writes events and detections as NDJSON; lib/stream/detection.ts describes a detection.
#ifndef NUTHATCH_PIPELINE_DETECTION_WRITER_H_
#define NUTHATCH_PIPELINE_DETECTION_WRITER_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evaluate/evaluator.h"
#include "model/event.h"
#include "pipeline/event_source.h"
#include "pipeline/program.h"
#include "telemetry/record_reader.h"

namespace nuthatch {

// The event in standard form: event_type, then the properties it has, in schema order. Whoever
// reads it derives the derived ones again, so they are written only when somebody wants to see
// them.
void AppendEvent(Event* event, bool with_derived, std::string* out);

// Where a record comes from.
struct RecordOrigin {
  std::string_view source;
  uint64_t line;
  std::string_view text;                   // the line itself
  std::span<const FoundValue> trace = {};  // of a trace: all values, which stand in `text`
};

// Reused from record to record; one thread at a time.
class DetectionWriter {
 public:
  DetectionWriter(const Program& program, const ProcessTable* processes,
                  SignatureCache* signatures);

  // Appends a line for each of the detectors that fired on `event`, which `evaluator` evaluated
  // last; it is of `source`, whose signatures it has. The record is read again, now with all its
  // properties.
  void Append(std::span<const DetectorId> fired, Event* event, Evaluator* evaluator,
              const EventSource& source, const RecordOrigin& origin, ProcessTable::Ordinal as_of,
              std::string* out);
  // Replaces *out with the record in standard form, without what is found out of signatures. False
  // only if the bytes are no longer those that were evaluated.
  bool StandardForm(const RecordOrigin& origin, ProcessTable::Ordinal as_of, std::string* out);

 private:
  bool ReadAgain(const RecordOrigin& origin, ProcessTable::Ordinal as_of);
  void AppendMatches(DetectorId detector, Event* event, Evaluator* evaluator, std::string* out);

  const Program& program_;
  RecordReader reader_;
  MappedRecord record_;
  EventSource source_;
  Event event_;
  Arena arena_;
  std::vector<FoundValue> found_;
  std::vector<Literal> terms_;
  std::string standard_form_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_DETECTION_WRITER_H_
