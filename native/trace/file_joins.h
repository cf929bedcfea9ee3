// Operations on files, and their names.
#ifndef NUTHATCH_TRACE_FILE_JOINS_H_
#define NUTHATCH_TRACE_FILE_JOINS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "enrich/recent_map.h"
#include "enrich/recent_paths.h"
#include "enrich/volumes.h"
#include "trace/event_fields.h"
#include "trace/joined_event.h"

namespace nuthatch {

class FileJoins {
 public:
  static constexpr size_t kMaxNames = size_t{1} << 17;
  static constexpr size_t kMaxNameBytes = size_t{5} << 20;
  static constexpr size_t kMaxOpen = size_t{1} << 16;
  static constexpr size_t kMaxOpenBytes = size_t{5} << 19;
  static constexpr size_t kMaxFolders = size_t{1} << 15;
  static constexpr size_t kMaxFolderBytes = size_t{2} << 20;
  static constexpr size_t kMaxPending = size_t{1} << 14;

  // That the source tells of such events.
  void Expect(TraceKind kind);

  // A name, in a pass before the one in which records are given out.
  void Learn(const EventFields& fields);
  // `says`: whether the record's source is the one that says what happened. `pid`: who acts.
  void Take(TraceKind kind, const EventFields& fields, bool says, uint32_t pid,
            JoinedEvent* joined);
  // Of the record taken last.
  void FillPaths(const Volumes& volumes, JoinedEvent* joined) const;

 private:
  // The notes of files that are open. kMayReplace: how the operation ended that may have replaced
  // the file is not told yet.
  enum Done : uint32_t {
    kCreated = 1,
    kModified = 2,
    kDeleted = 4,
    kResized = 8,
    kMayReplace = 16
  };

  struct Pending {
    uint64_t file = 0;
    uint32_t pid = 0;
    StackKey stack;
  };

  void TakeOperation(TraceKind kind, const EventFields& fields, uint32_t pid, JoinedEvent* joined);
  void Open(TraceKind kind, const EventFields& fields, uint32_t pid, JoinedEvent* joined);
  void Complete(const EventFields& fields, JoinedEvent* joined);
  void Resize(const EventFields& fields, JoinedEvent* joined);
  void Link(const EventFields& fields, JoinedEvent* joined);
  void Rename(const EventFields& fields, JoinedEvent* joined);
  void Once(uint64_t file, Done done, EventType happened, JoinedEvent* joined);
  void CompleteNewName(const std::string& old_name);
  bool Expects(TraceKind kind, TraceEvent event) const;
  void NameOf(const EventFields& fields, std::string* name) const;
  void NameOf(uint64_t file, uint64_t key, std::string* name) const;

  RecentFolders folders_{kMaxFolders, kMaxFolderBytes};
  // By FileKey, or FileObject where there is none.
  RecentPaths names_{kMaxNames, kMaxNameBytes, &folders_};
  // By FileObject; names as they were opened by.
  RecentPaths open_{kMaxOpen, kMaxOpenBytes, &folders_};
  RecentMap<Pending> creating_{kMaxPending};  // by IRP
  uint64_t expected_[2] = {};                 // by source, bits by event
  std::string text_;
  std::string previous_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_TRACE_FILE_JOINS_H_
