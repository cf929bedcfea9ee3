// The values of a trace's events that mappings ask for, found without being JSON in between. They
// are the members of the lines that TraceText writes, as docs/etw.md describes them.
#ifndef NUTHATCH_PIPELINE_TRACE_VALUES_H_
#define NUTHATCH_PIPELINE_TRACE_VALUES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/file_time.h"
#include "pipeline/trace_block.h"
#include "pipeline/trace_events.h"
#include "pipeline/waiting_stacks.h"
#include "telemetry/path_tree.h"

namespace nuthatch {

class TraceValues final : public TraceOutput {
 public:
  // What a thread keeps of a block should fit in a core's cache.
  static constexpr size_t kBlockBytes = size_t{128} << 10;

  // Both outlive this. `paths` says which values are asked for, and their slots.
  TraceValues(const PathTree& paths, TraceJoiner* joiner);

  // From now on events have their call stacks; to be said before the first. A block whose
  // events wait for them (`waiting`) stays until FinishStacks has written them. Arguments are those
  // of WaitingStacks.
  void FollowStacks(SymbolSource* symbols,
                    std::optional<WaitingStacks::EventTypes> asked = std::nullopt) {
    stacks_.emplace(&joiner_, symbols, asked);
  }

  // Where events go from now on: an empty block.
  void SetBlock(TraceBlock* block);
  // Writes the stacks of events that wait no more at the time of the last record; those of all
  // events up to the end of `until`, if that is given, whether or not more comes.
  void FinishStacks(uint64_t time, const TraceBlock* until = nullptr);

  void Add(const DecodedEvent& event, const JoinedEvent& joined, uint64_t record) override;
  void AddFile(FileNews news, std::string_view path, const ImageNumbers& numbers) override;
  bool full() const override { return block_->bytes() >= kBlockBytes; }

 private:
  using Slot = PathTree::Slot;

  // Of a process, its parent, its creator, or the one that is acted upon.
  struct ProcessSlots {
    ProcessSlots(const PathTree& paths, const std::string& at);
    Slot guid, pid, name, path, command_line, user_sid, username, user_domain, session, integrity;
  };
  // Of a field, and of its number where that has a name.
  struct FieldSlots {
    Slot field = PathTree::kNoSlot;
    Slot value = PathTree::kNoSlot;
    bool wanted() const { return field != PathTree::kNoSlot || value != PathTree::kNoSlot; }
  };
  using SchemaSlots = std::vector<FieldSlots>;  // by field; empty when none is wanted

  // A process and its ancestors are written once a block, and again when more is known.
  struct Written {
    uint64_t process = 0;  // Process::id
    uint64_t revision = 0;
    uint64_t block = 0;
    size_t begin = 0;  // in the block's `found`
    size_t size = 0;
  };

  // What the events of a kind have in common is written once a block.
  struct Kind {
    const EventSchema* schema = nullptr;
    Guid provider;
    HeaderKind header = HeaderKind::kEvent;
    uint32_t number = 0;
    std::optional<EventType> happened;
    size_t computer = 0;  // the size of its name, which is learned once

    friend bool operator==(const Kind&, const Kind&) = default;
  };
  struct WrittenKind {
    Kind kind;
    uint64_t block = 0;
    size_t begin = 0;  // in the block's `found`
    size_t size = 0;
  };

  template <typename Write>
  void Put(Slot slot, Write write);
  void Text(Slot slot, std::string_view text);
  void Number(Slot slot, uint64_t number);
  void Ip(Slot slot, std::span<const uint8_t> ip);
  void Path(Slot slot, std::string_view nt_path);
  // `write` appends an array of JSON, or says that there is none.
  template <typename Write>
  void Array(Slot slot, Write write);

  void CopyFound(size_t begin, size_t size);
  void PutKind(const DecodedEvent& event, const JoinedEvent& joined);
  void Common(const DecodedEvent& event, const JoinedEvent& joined);
  void Header(const EtwRecord& record, uint64_t number);
  void Joined(const JoinedEvent& joined);
  void Connection(const JoinedConnection& connection);
  void Actor(const JoinedProcess& process);
  void Ancestry(const Process& process);
  void Parents(const Process& process);
  void Ids(const ProcessSlots& slots, uint32_t pid, uint64_t start);
  void Identity(const ProcessSlots& slots, const Process& process);
  void Facts(const ProcessSlots& slots, const Process& process);
  void Stack(const CallStack& stack);
  void List(Slot slot, const std::string& json);
  void Truth(Slot slot, std::optional<bool> truth);
  void Fields(const DecodedEvent& event);
  void Field(const DecodedEvent& event, size_t at, FieldSlots slots);
  void Value(Slot slot, const DecodedField& field);
  const SchemaSlots& SlotsOf(const DecodedEvent& event);
  void Look(const EventSchema& schema, SchemaSlots* slots) const;

  const PathTree& paths_;
  TraceJoiner& joiner_;
  const Slot record_, time_, provider_, guid_, id_, type_, event_, pid_;
  const Slot device_, happened_, image_path_, file_path_, file_previous_path_;
  const Slot key_path_, key_value_, key_data_, key_data_type_;
  const Slot direction_, protocol_, local_ip_, local_port_, remote_ip_, remote_port_;
  const ProcessSlots process_, parent_, creator_, target_;
  const Slot grandparent_name_, ancestor_names_, ancestor_paths_;
  const Slot image_timestamp_, image_checksum_;  // of the process
  const Slot fields_;
  const PathTree::Node field_node_, value_node_;

  // Of an event's call stack.
  struct StackSlots {
    explicit StackSlots(const PathTree& paths);
    Slot frames, symbols, modules, kernel_modules, summary, trace, final_user_module;
    Slot contains_unbacked, unbacked_code, direct_syscall, indirect_syscall;
  };
  struct StackedEvent {
    TraceBlock* block;
    size_t event;
  };

  const StackSlots stack_;
  std::optional<WaitingStacks> stacks_;
  std::deque<StackedEvent> stacked_;  // as they wait

  TraceBlock* block_ = nullptr;
  uint64_t blocks_ = 0;
  std::array<Written, 256> written_{};  // by Process::id
  std::array<WrittenKind, 64> kinds_{};
  FileTimeText time_text_;
  std::unordered_map<const EventSchema*, SchemaSlots> schemas_;
  SchemaSlots self_described_;
  std::string scratch_;
  std::string path_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_TRACE_VALUES_H_
