// Processes, their threads and their images.
#ifndef NUTHATCH_TRACE_PROCESS_JOINS_H_
#define NUTHATCH_TRACE_PROCESS_JOINS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "enrich/account_source.h"
#include "enrich/image_map.h"
#include "enrich/process_history.h"
#include "enrich/recent_map.h"
#include "enrich/volumes.h"
#include "trace/event_fields.h"
#include "trace/joined_event.h"
#include "trace/running_images.h"

namespace nuthatch {

class ProcessJoins {
 public:
  static constexpr size_t kMaxThreads = 65536;

  // What a record says, in the pass in which records are also given out (`joined`), or in one
  // before it, of which everything comes late (nullptr). `says`: whether the record's source is the
  // one that says what happened.
  void Take(TraceKind kind, const EtwRecord& record, const EventFields& fields, bool says,
            JoinedEvent* joined);
  // From now on rundowns tell of running_images(), and so do `loads` that come late.
  void FollowImages(bool loads) {
    follows_images_ = true;
    follows_loads_ = loads;
  }
  RunningImages* running_images() { return &running_images_; }
  // From now on accounts have names, and starts of processes that are given out without them are
  // counted; nullptr: not.
  void NameAccounts(AccountSource* accounts) { accounts_ = accounts; }
  // Which a process runs as; nullptr where it is not known, or one of Windows itself.
  const Account* AccountOf(const Process& process) const;
  uint64_t unnamed_starts() const { return unnamed_starts_; }
  // Rises with every change of what is known of processes, their paths and their accounts.
  uint64_t revision() const {
    return history_.revision() + volumes_.revision() +
           (accounts_ == nullptr ? 0 : accounts_->revision());
  }
  // From now on it is known which images are where.
  void MapImages() { images_.emplace(); }
  void UnmapImages() { images_.reset(); }
  std::optional<ImageMap>& images() { return images_; }
  // Which thread runs on a CPU from now on.
  void Switch(uint16_t cpu, uint32_t thread);

  ProcessHistory& history() { return history_; }
  const ProcessHistory& history() const { return history_; }
  Volumes& volumes() { return volumes_; }
  const Volumes& volumes() const { return volumes_; }

  // kNoProcess when the thread is not known.
  uint32_t ProcessOfThread(uint32_t thread) const;
  uint32_t ProcessOnCpu(uint16_t cpu) const;

 private:
  void TakeProcess(TraceKind kind, const EtwRecord& record, const EventFields& fields,
                   JoinedEvent* joined);
  void NoteStart(JoinedEvent* joined);
  void FillFacts(TraceKind kind, const EventFields& fields, bool late, Process* process);
  bool HasAccountToName(const Process& process) const;
  void TakeThread(TraceEvent event, const EtwRecord& record, const EventFields& fields, bool says,
                  JoinedEvent* joined);
  void TakeImage(TraceEvent event, const EtwRecord& record, const EventFields& fields,
                 JoinedEvent* joined);
  void MapImage(TraceEvent event, const EtwRecord& record, const EventFields& fields, uint32_t pid);
  void AddImage(const EventFields& fields, bool of_process, bool loaded);

  ProcessHistory history_;
  Volumes volumes_;
  RecentMap<uint32_t> threads_{kMaxThreads};  // their processes
  std::vector<uint32_t> on_cpu_;              // threads, by CPU
  bool follows_images_ = false;
  bool follows_loads_ = false;
  RunningImages running_images_;
  AccountSource* accounts_ = nullptr;
  uint64_t unnamed_starts_ = 0;
  std::optional<ImageMap> images_;
  std::string text_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_TRACE_PROCESS_JOINS_H_
