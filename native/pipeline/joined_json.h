#ifndef NUTHATCH_PIPELINE_JOINED_JSON_H_
#define NUTHATCH_PIPELINE_JOINED_JSON_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "enrich/recent_names.h"
#include "trace/trace_joiner.h"

namespace nuthatch {

// Writes what was joined to an event as members of its line; docs/etw.md says which. A process with
// its ancestors is made to text once, and again when more is known.
class JoinedJson {
 public:
  static constexpr size_t kMaxProcesses = 1024;
  static constexpr size_t kMaxBytes = size_t{2} << 20;

  // `joiner` outlives this.
  explicit JoinedJson(TraceJoiner* joiner) : joiner_(*joiner) {}

  // Appends members, each with a comma before it.
  void Append(const JoinedEvent& joined, std::string* out);

 private:
  void AppendProcess(const JoinedProcess& process, std::string* out);
  void AppendAncestry(const Process& process, std::string* out);
  void AppendParents(const Process& process, std::string* out);
  void AppendIdentity(const Process& process, std::string* out);
  void AppendFacts(const Process& process, std::string* out);
  void AppendPath(std::string_view nt_path, std::string* out);

  TraceJoiner& joiner_;
  // By Process::id; notes are the revisions of which they are.
  RecentNames processes_{kMaxProcesses, kMaxBytes};
  std::string text_;
  std::string path_;
};

// "4242-1da9f3c0b2a1e00": a process's number, and the FILETIME at which it started in hexadecimal;
// 0 where that is not known.
void AppendProcessGuid(uint32_t pid, uint64_t start, std::string* out);
// As arrays of JSON, without those that are not known: names, and paths as Win32 writes them, by
// way of `scratch`. False, and nothing, when none is known.
using Processes = std::span<const Process* const>;
bool AppendNames(Processes processes, std::string* out);
bool AppendPaths(Processes processes, const Volumes& volumes, std::string* scratch,
                 std::string* out);
// Of 4 or 16 bytes.
void AppendIp(std::span<const uint8_t> ip, std::string* out);

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_JOINED_JSON_H_
