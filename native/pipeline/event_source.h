// Where the properties of a record's event come from: its mapping; then, for what the record does
// not tell, the process table; then what the engine derives.
#ifndef NUTHATCH_PIPELINE_EVENT_SOURCE_H_
#define NUTHATCH_PIPELINE_EVENT_SOURCE_H_

#include <span>

#include "enrich/process_table.h"
#include "model/event.h"
#include "pipeline/process_start.h"
#include "telemetry/mapped_record.h"

namespace nuthatch {

// Reused from record to record; one thread at a time.
class EventSource final : public PropertySource {
 public:
  // `processes` is nullptr when nothing is joined; `of_starts` has read what is in it. All must
  // outlive the source.
  EventSource(const Standardizer& standardizer, const Standardizer& of_starts,
              const ProcessTable* processes)
      : standardizer_(standardizer),
        record_(standardizer),
        processes_(processes),
        process_(of_starts),
        parent_(of_starts) {}

  // Makes `event` the one of a record with that route; see MappedRecord::Begin. Joined facts are
  // as of a process start.
  void Begin(const char* base, std::span<const FoundValue> found, RouteId route,
             ProcessTable::Ordinal as_of, Event* event);

  Value Resolve(Event* event, PropertyId id) override;

 private:
  Value Join(Event* event, PropertyId id);
  ProcessStart& Find(PropertyId guid, Event* event, ProcessStart* process, bool* found);

  const Standardizer& standardizer_;
  MappedRecord record_;
  const ProcessTable* const processes_;
  ProcessTable::Ordinal as_of_ = 0;
  // Of this event, once looked for.
  ProcessStart process_;
  ProcessStart parent_;
  bool found_process_ = false;
  bool found_parent_ = false;
};

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_EVENT_SOURCE_H_
