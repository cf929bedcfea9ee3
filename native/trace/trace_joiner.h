// Joins the records of a trace with one another: which process acted, and how it came to be; what
// the files and keys are called that records have only numbers of; and which of them tell of
// something that happened, as opposed to all that is said on the way.
#ifndef NUTHATCH_TRACE_TRACE_JOINER_H_
#define NUTHATCH_TRACE_TRACE_JOINER_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "etw/decoded_event.h"
#include "trace/event_fields.h"
#include "trace/file_joins.h"
#include "trace/joined_event.h"
#include "trace/network_joins.h"
#include "trace/process_joins.h"
#include "trace/registry_joins.h"
#include "trace/stack_matcher.h"

namespace nuthatch {

// For one thread at a time. Of a file all records are observed and learned first, because much of
// what is joined stands at its end; then all are observed and joined. In a live session a record is
// learned when it arrives, a moment before it is joined. Memory is bounded; once the tables have
// grown, an event allocates nothing.
class TraceJoiner {
 public:
  static constexpr size_t kMaxStackMatches = 4096;

  // In the pass before: true when the event is to be decoded and given to Learn.
  bool ObserveToLearn(const EtwRecord& record);
  // In a pass between these two: the same, of what tells which images are where.
  bool ObserveToMap(const EtwRecord& record);
  void Learn(const DecodedEvent& event);  // of the record observed last

  // In the pass in which events are given out: true when the event is to be joined whether or not
  // anybody wants it, for others hang on it or it may be something that happened.
  bool Observe(const EtwRecord& record);
  // The event, whichever it is, of the record observed last. Of what is `unasked` nothing is filled
  // in but that it happened, and the process's number, unless it happened. What it returns lasts,
  // as far as it refers to the event, as long as that, and until the next call.
  const JoinedEvent& Join(const DecodedEvent& event, bool unasked = false);

  // From now on it is known which images run, and each change of a file is told (file_changed). For
  // who knows something of files' contents; to be said before the first record. `loads`: of images
  // that are loaded it is told as soon as their records are learnt.
  void FollowImages(bool loads);
  RunningImages* running_images() { return processes_.running_images(); }

  // Of the accounts that processes run as; to be said before the first record. `accounts` outlives
  // this.
  void NameAccounts(AccountSource* accounts) { processes_.NameAccounts(accounts); }
  const Account* AccountOf(const Process& process) const { return processes_.AccountOf(process); }
  // Starts of processes that were given out while their account's name was not known.
  uint64_t unnamed_starts() const { return processes_.unnamed_starts(); }

  // From now on stacks are brought to events, and it is known which images are where; to be said
  // before the first record.
  void FollowStacks();
  // nullptr when they are not followed, or the pass before has found none.
  StackMatcher* stacks() { return stacks_ ? &*stacks_ : nullptr; }
  const StackMatcher* stacks() const { return stacks_ ? &*stacks_ : nullptr; }
  const ImageMap* images() { return processes_.images() ? &*processes_.images() : nullptr; }
  // Where images are is not to be learned in the pass that begins: it takes much memory, and the
  // trace may have no stacks.
  void PutOffMapping() { processes_.UnmapImages(); }
  // After the pass before: true when stacks are followed, the trace has some, and mapping was put
  // off: then a pass of ObserveToMap is next.
  bool NeedsMapping();
  // `lost`: the session has lost records, nobody knows which.
  void EndLearning(bool lost);
  // In a live session: records were lost before that time (FILETIME).
  void RecordsLost(uint64_t time);

  // In a live session: the kernel's logger tells of processes, whoever else does, and whose record
  // comes first. To be said before the first record.
  void ExpectKernelLogger() {
    chosen_[static_cast<size_t>(TraceFamily::kProcess)] = TraceSource::kKernelLogger;
  }
  // What the records of a live session do not tell. To be said before the first of them.
  void SetComputer(std::string name) { computer_ = std::move(name); }
  Volumes* mutable_volumes() { return &processes_.volumes(); }

  // Of the record observed last, FILETIME.
  uint64_t time() const { return time_; }
  const std::string& computer() const { return computer_; }
  const Volumes& volumes() const { return processes_.volumes(); }
  ProcessHistory& history() { return processes_.history(); }
  // Rises with every change of what is known of processes, their paths and their accounts.
  uint64_t revision() const { return processes_.revision(); }

 private:
  static bool IsOperation(TraceEvent event);
  void Choose(TraceKind kind, bool late);
  bool Says(TraceKind kind) const;
  void TakeMachine(TraceEvent event, const EventFields& fields);
  void TakeKind(const DecodedEvent& event, bool unasked);
  void KeyStack(const DecodedEvent& event, uint32_t thread);
  void TakeStack(const DecodedEvent& event);
  void TakeStackItems(const EtwRecord& record);
  uint32_t ActorOf(const DecodedEvent& event, uint32_t thread) const;

  FieldFinder finder_;
  ProcessJoins processes_;
  FileJoins files_;
  RegistryJoins registry_;
  NetworkJoins network_;
  bool follows_images_ = false;
  std::optional<StackMatcher> stacks_;
  bool has_stacks_ = false;  // the pass before has found one
  uint64_t records_ = 0;     // that were observed
  uint64_t time_ = 0;
  // The records whose stacks come in two parts, in items with the same number.
  RecentMap<StackKey> stack_matches_{kMaxStackMatches};
  // Where both sources tell of a family, one says what happened.
  std::array<std::optional<TraceSource>, kTraceFamilies> chosen_;
  TraceKind kind_;  // of the record observed last
  std::string computer_;
  std::string text_;
  JoinedEvent joined_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_TRACE_TRACE_JOINER_H_
