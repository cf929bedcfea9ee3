// The processes of a trace, each with the time in which it lived: Windows gives their numbers to
// others as soon as they have ended.
#ifndef NUTHATCH_ENRICH_PROCESS_HISTORY_H_
#define NUTHATCH_ENRICH_PROCESS_HISTORY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <list>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace nuthatch {

// Who tells of a process: both may, of the same one.
enum class ProcessSource : uint8_t { kKernelLogger, kProvider };

constexpr uint32_t kNoProcess = std::numeric_limits<uint32_t>::max();

// What is not known is empty, 0, or kNoProcess. Texts are UTF-8, paths as the kernel has them.
struct Process {
  using Key = std::pair<uint32_t, uint64_t>;  // pid, begin
  static constexpr uint64_t kAlive = std::numeric_limits<uint64_t>::max();

  uint64_t id = 0;  // its own in this history
  uint32_t pid = 0;
  uint32_t parent_pid = kNoProcess;
  uint32_t creator_pid = kNoProcess;  // who created it, mostly the parent
  uint32_t session = kNoProcess;
  // In the time of the records: FILETIME. 0 where it began before the first of them.
  uint64_t begin = 0;
  uint64_t end = kAlive;
  uint64_t create_time = 0;  // as the system keeps it: some ms off from records' times
  uint64_t sequence = 0;
  uint64_t parent_sequence = 0;
  uint64_t told[2] = {};  // when each source said that it starts
  std::string image_name;
  std::string path;
  bool path_is_sure = false;     // not only that of the first .exe in it
  uint32_t image_timestamp = 0;  // of the header of its image
  uint32_t image_checksum = 0;
  std::string command_line;
  std::string user_sid;
  std::string_view integrity;      // a literal
  bool has_thread = false;         // for who follows threads: it had one
  std::list<Key>::iterator place;  // the history's
  mutable uint64_t start = 0;
  mutable bool start_is_told = false;

  // When it started, as far as is known when it is asked for first: ids are made of it. In a live
  // session a better time may come later.
  uint64_t start_time() const {
    if (!start_is_told) start = create_time != 0 ? create_time : begin;
    start_is_told = true;
    return start;
  }
  bool is_created_by_other() const {
    return creator_pid != kNoProcess && parent_pid != kNoProcess && creator_pid != parent_pid;
  }
  // The last part of its path, else what the kernel calls it, which may be cut off.
  std::string_view name() const;
};

class ProcessHistory {
 public:
  static constexpr size_t kMaxProcesses = 4096;
  static constexpr size_t kMaxAncestors = 16;
  static constexpr size_t kMaxBytes = size_t{3} << 20;  // of their texts
  // Handles are closed, and files deleted, after the end of a process by itself.
  static constexpr uint64_t kAfterEnd = 50'000'000;  // 5 s

  // The processes that are returned last until one of these is called again. `create_time` is 0
  // where it is not known.
  Process& Started(uint32_t pid, uint64_t time, ProcessSource source, uint64_t create_time);
  Process& Running(uint32_t pid, uint64_t time, uint64_t create_time);
  Process& Ended(uint32_t pid, uint64_t time, uint64_t create_time);
  // It has ended, mostly before the first record, and somebody still holds on to its number.
  Process& Defunct(uint32_t pid, uint64_t time);

  // The one that lived at that time; nullptr when it is not known.
  const Process* Find(uint32_t pid, uint64_t time) { return FindMutable(pid, time); }
  const Process* ParentOf(const Process& process);
  const Process* CreatorOf(const Process& process);
  // Fills `ancestors` with its parent, that one's parent and so on, each once. Returns how many.
  size_t AncestorsOf(const Process& process, std::span<const Process*> ancestors);

  // Facts are filled in once: what was told first stays.
  void Fill(std::string Process::*text, std::string_view value, Process* process);
  template <typename Number>
  void Fill(Number Process::*number, Number value, Number none, Process* process) {
    if (process->*number != none || value == none) return;
    process->*number = value;
    ++revision_;
  }
  void SetImageName(std::string_view name, Process* process);
  void SetPath(std::string_view path, Process* process);  // or only a name
  // Of an image that was loaded into it: its own, or another one.
  void AddImage(std::string_view path, Process* process);
  Process* FindMutable(uint32_t pid, uint64_t time);

  // Rises with every change of what is known.
  uint64_t revision() const { return revision_; }
  size_t size() const { return processes_.size(); }
  size_t bytes() const { return bytes_; }

 private:
  using Key = Process::Key;
  using Map = std::map<Key, Process>;
  struct Looked {
    uint32_t pid = 0;
    uint64_t from = 1;  // empty
    uint64_t until = 0;
    Process* process = nullptr;
    uint64_t structure = 0;
  };

  Map::iterator LastBegun(uint32_t pid, uint64_t time);
  const Process* FindSequence(uint32_t pid, uint64_t time, uint64_t sequence);
  Process& Add(uint32_t pid, uint64_t begin);
  Process& BeginAt(uint64_t time, Map::iterator at);
  Process& EndedAt(uint64_t time, uint64_t create_time, Process* process);
  void EndBy(uint64_t time, Process* process);
  void DropOldest();
  static size_t BytesOf(const Process& process);
  void Assign(std::string_view value, std::string* text);

  Map processes_;
  std::list<Key> running_;  // in the order in which they came to be known
  std::list<Key> ended_;    // and ended
  std::array<Looked, 1024> looked_{};
  uint64_t structure_ = 1;  // changes with who lived when
  uint64_t revision_ = 1;
  uint64_t next_id_ = 1;
  size_t bytes_ = 0;
};

}  // namespace nuthatch

#endif  // NUTHATCH_ENRICH_PROCESS_HISTORY_H_
