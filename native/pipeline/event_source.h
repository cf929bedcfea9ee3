// Where the properties of a record's event come from: its mapping; then, for what the record does
// not tell, the process table; then what the engine derives.
#ifndef NUTHATCH_PIPELINE_EVENT_SOURCE_H_
#define NUTHATCH_PIPELINE_EVENT_SOURCE_H_

#include <span>

#include "enrich/process_table.h"
#include "model/event.h"
#include "telemetry/mapped_record.h"

namespace nuthatch {

// Reused from record to record; one thread at a time.
class EventSource final : public PropertySource {
 public:
  // `processes` is nullptr when nothing is joined. Both must outlive it.
  EventSource(const Standardizer& standardizer, const ProcessTable* processes)
      : standardizer_(standardizer), record_(standardizer), processes_(processes) {}

  // Makes `event` the one of a record with that route; see MappedRecord::Begin. Joined facts are
  // as of a process start.
  void Begin(const char* base, std::span<const FoundValue> found, RouteId route,
             ProcessTable::Ordinal as_of, Event* event);

  Value Resolve(Event* event, PropertyId id) override;

 private:
  Value Join(Event* event, PropertyId id);
  const ProcessTable::Process& Find(PropertyId guid, Event* event, ProcessTable::Process* process,
                                    bool* found);

  const Standardizer& standardizer_;
  MappedRecord record_;
  const ProcessTable* const processes_;
  ProcessTable::Ordinal as_of_ = 0;
  // Of this event, once looked for.
  ProcessTable::Process process_;
  ProcessTable::Process parent_;
  bool found_process_ = false;
  bool found_parent_ = false;
};

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_EVENT_SOURCE_H_
