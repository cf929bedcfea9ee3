// Services of Windows that start processes for others, by their programs.
#ifndef NUTHATCH_ENRICH_PROCESS_BROKER_H_
#define NUTHATCH_ENRICH_PROCESS_BROKER_H_

#include <optional>
#include <string_view>

namespace nuthatch {

// What is known of a process; texts may be empty.
struct ProcessFacts {
  std::string_view path;
  std::string_view command_line;
  std::string_view user_sid;
};

// "dcom", "task_scheduler" and so on, a literal: of what kind the one is that starts processes for
// others. Empty when it is none, or not known to be.
std::string_view BrokerOf(const ProcessFacts& process);

// Whether `creator`, which made another process the parent of a new one, lies about it. Nothing
// when that is not known. `is_copy`: the new one's image is its parent's.
std::optional<bool> SpoofsParent(const ProcessFacts& creator, bool is_copy);

}  // namespace nuthatch

#endif  // NUTHATCH_ENRICH_PROCESS_BROKER_H_
