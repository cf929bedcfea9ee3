// Joins the records of a trace with one another: which process acted, and how it came to be; what
// the files and keys are called that records have only numbers of; and which of them tell of
// something that happened, as opposed to all that is said on the way.
#ifndef NUTHATCH_TRACE_TRACE_JOINER_H_
#define NUTHATCH_TRACE_TRACE_JOINER_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "etw/decoded_event.h"
#include "trace/event_fields.h"
#include "trace/file_joins.h"
#include "trace/joined_event.h"
#include "trace/network_joins.h"
#include "trace/process_joins.h"
#include "trace/registry_joins.h"

namespace nuthatch {

// For one thread at a time. Of a file all records are observed and learned first, because much of
// what is joined stands at its end; then all are observed and joined. In a live session there is
// no first pass, and what is known is what came before. Memory is bounded; once the tables have
// grown, an event allocates nothing.
class TraceJoiner {
 public:
  // In the pass before: true when the event is to be decoded and given to Learn.
  bool ObserveToLearn(const EtwRecord& record);
  void Learn(const DecodedEvent& event);  // of the record observed last

  // In the pass in which events are given out: true when the event is to be joined whether or not
  // anybody wants it, for others hang on it or it may be something that happened.
  bool Observe(const EtwRecord& record);
  // The event, whichever it is, of the record observed last. Of what is `unasked` nothing is filled
  // in but that it happened, and the process's number, unless it happened. What it returns lasts,
  // as far as it refers to the event, as long as that, and until the next call.
  const JoinedEvent& Join(const DecodedEvent& event, bool unasked = false);

  // From now on it is known which images run, and each change of a file is told (file_changed). For
  // who knows something of files' contents; to be said before the first record.
  void FollowImages();
  const RunningImages& running_images() const { return processes_.running_images(); }

  const std::string& computer() const { return computer_; }
  const Volumes& volumes() const { return processes_.volumes(); }
  ProcessHistory& history() { return processes_.history(); }
  // Rises with every change of what is known of processes and their paths.
  uint64_t revision() const {
    return processes_.history().revision() + processes_.volumes().revision();
  }

 private:
  static bool IsOperation(TraceEvent event);
  void Choose(TraceKind kind, bool late);
  bool Says(TraceKind kind) const;
  void TakeMachine(TraceEvent event, const EventFields& fields);
  void TakeKind(const DecodedEvent& event, bool unasked);
  uint32_t ActorOf(const DecodedEvent& event, uint32_t thread) const;

  FieldFinder finder_;
  ProcessJoins processes_;
  FileJoins files_;
  RegistryJoins registry_;
  NetworkJoins network_;
  bool follows_images_ = false;
  // Where both sources tell of a family, one says what happened.
  std::array<std::optional<TraceSource>, kTraceFamilies> chosen_;
  TraceKind kind_;  // of the record observed last
  std::string computer_;
  std::string text_;
  JoinedEvent joined_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_TRACE_TRACE_JOINER_H_
