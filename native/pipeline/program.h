// What a pipeline runs on records. Immutable, shared by its threads.
#ifndef NUTHATCH_PIPELINE_PROGRAM_H_
#define NUTHATCH_PIPELINE_PROGRAM_H_

#include <bitset>
#include <memory>
#include <optional>
#include <vector>

#include "evaluate/plan.h"
#include "telemetry/mappings.h"
#include "telemetry/standardizer.h"

namespace nuthatch {

enum class Output { kDetections, kEvents, kEventsWithDerived };

struct Program {
  Program(std::shared_ptr<const Plan> plan, std::shared_ptr<const Mappings> mappings,
          Output output);

  const std::shared_ptr<const Plan> plan;
  const Output output;
  // What detectors ask for, of any event.
  bool asks_image_signatures = false;
  bool asks_process_signatures = false;
  bool asks_accounts = false;  // for the name of one that a process runs as
  bool asks_signatures() const { return asks_image_signatures || asks_process_signatures; }
  // Facts of a process's start that are joined onto later events.
  std::bitset<kPropertyCount> kept_facts;
  Standardizer standardizer;  // for what detectors, or all events that are put out, ask for
  Standardizer reporter;      // for everything: records are read again for their detections
  // Of whose call stacks, in a trace, something is asked.
  std::bitset<kEventTypeCount> stacked_types;
  bool asks_stacks() const { return stacked_types.any(); }
  // By slot of `reporter`, that of the same value for `standardizer`, or none.
  std::vector<PathTree::Slot> live_slots;
  // By slot of `standardizer`, 1 where the facts of starts come from it, else 0.
  std::vector<uint8_t> start_slots;
};

// The property of the parent process that `property` of a process repeats, such as process_name for
// parent_name.
std::optional<PropertyId> FactOfParent(PropertyId property);

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_PROGRAM_H_
