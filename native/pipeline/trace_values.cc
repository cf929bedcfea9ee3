#include "pipeline/trace_values.h"

#include <algorithm>
#include <cassert>
#include <charconv>

#include "base/ip_address.h"
#include "base/utf8.h"
#include "etw/value_text.h"
#include "pipeline/event_json.h"
#include "pipeline/joined_json.h"
#include "pipeline/json_writer.h"

namespace nuthatch {
namespace {

// Of keys with dots between them.
PathTree::Slot SlotOf(const PathTree& paths, std::string_view dotted) {
  std::vector<std::string> path;
  for (size_t end = 0; end != dotted.npos;) {
    end = dotted.find('.');
    path.emplace_back(dotted.substr(0, end));
    if (end != dotted.npos) dotted.remove_prefix(end + 1);
  }
  return paths.SlotOf(path);
}

bool HasGuid(const EtwRecord& record) {
  return record.kind != HeaderKind::kMessage || (record.flags & kMessageGuid) != 0;
}

bool HasId(const EtwRecord& record) {
  return record.kind == HeaderKind::kEvent || record.kind == HeaderKind::kMessage;
}

uint32_t NumberOf(const EtwRecord& record) { return HasId(record) ? record.id : record.opcode; }

constexpr std::string_view kNoMembers = "{}";

}  // namespace

TraceValues::ProcessSlots::ProcessSlots(const PathTree& paths, const std::string& at)
    : guid(SlotOf(paths, at + ".guid")),
      pid(SlotOf(paths, at + ".pid")),
      name(SlotOf(paths, at + ".name")),
      path(SlotOf(paths, at + ".path")),
      command_line(SlotOf(paths, at + ".command_line")),
      user_sid(SlotOf(paths, at + ".user_sid")),
      username(SlotOf(paths, at + ".username")),
      user_domain(SlotOf(paths, at + ".user_domain")),
      session(SlotOf(paths, at + ".session_id")),
      integrity(SlotOf(paths, at + ".integrity")) {}

TraceValues::StackSlots::StackSlots(const PathTree& paths)
    : frames(SlotOf(paths, "callstack.frames")),
      symbols(SlotOf(paths, "callstack.symbols")),
      modules(SlotOf(paths, "callstack.modules")),
      kernel_modules(SlotOf(paths, "callstack.kernel_modules")),
      summary(SlotOf(paths, "callstack.summary")),
      trace(SlotOf(paths, "callstack.trace")),
      final_user_module(SlotOf(paths, "callstack.final_user_module")),
      contains_unbacked(SlotOf(paths, "callstack.contains_unbacked")),
      unbacked_code(SlotOf(paths, "callstack.unbacked_code")),
      direct_syscall(SlotOf(paths, "callstack.direct_syscall")),
      indirect_syscall(SlotOf(paths, "callstack.indirect_syscall")) {}

TraceValues::TraceValues(const PathTree& paths, TraceJoiner* joiner)
    : paths_(paths),
      joiner_(*joiner),
      record_(SlotOf(paths, "record")),
      time_(SlotOf(paths, "time")),
      provider_(SlotOf(paths, "provider")),
      guid_(SlotOf(paths, "guid")),
      id_(SlotOf(paths, "id")),
      type_(SlotOf(paths, "type")),
      event_(SlotOf(paths, "event")),
      pid_(SlotOf(paths, "pid")),
      device_(SlotOf(paths, "device")),
      happened_(SlotOf(paths, "happened")),
      image_path_(SlotOf(paths, "image.path")),
      file_path_(SlotOf(paths, "file.path")),
      file_previous_path_(SlotOf(paths, "file.previous_path")),
      key_path_(SlotOf(paths, "key.path")),
      key_value_(SlotOf(paths, "key.value")),
      key_data_(SlotOf(paths, "key.data")),
      key_data_type_(SlotOf(paths, "key.data_type")),
      direction_(SlotOf(paths, "network.direction")),
      protocol_(SlotOf(paths, "network.protocol")),
      local_ip_(SlotOf(paths, "network.local_ip")),
      local_port_(SlotOf(paths, "network.local_port")),
      remote_ip_(SlotOf(paths, "network.remote_ip")),
      remote_port_(SlotOf(paths, "network.remote_port")),
      process_(paths, "process"),
      parent_(paths, "process.parent"),
      creator_(paths, "process.creator"),
      target_(paths, "target"),
      grandparent_name_(SlotOf(paths, "process.parent.parent.name")),
      ancestor_names_(SlotOf(paths, "process.ancestor_names")),
      ancestor_paths_(SlotOf(paths, "process.ancestor_paths")),
      image_timestamp_(SlotOf(paths, "process.image_timestamp")),
      image_checksum_(SlotOf(paths, "process.image_checksum")),
      fields_(SlotOf(paths, "fields")),
      field_node_(paths.Find(PathTree::kRoot, "fields").child),
      value_node_(paths.Find(PathTree::kRoot, "values").child),
      stack_(paths) {}

void TraceValues::SetBlock(TraceBlock* block) {
  assert(block->text.empty());
  block_ = block;
  block_->text = kNoMembers;
  ++blocks_;
}

void TraceValues::Add(const DecodedEvent& event, const JoinedEvent& joined, uint64_t record) {
  const size_t begin = block_->found.size();
  PutKind(event, joined);
  Header(*event.record, record);
  Joined(joined);
  Fields(event);
  block_->events.push_back(
      {record, static_cast<uint32_t>(begin), static_cast<uint32_t>(block_->found.size() - begin)});
  if (!stacks_ || !stacks_->Add(event, joined)) return;
  stacked_.push_back({block_, block_->events.size() - 1});
  ++block_->waiting;
}

void TraceValues::FinishStacks(uint64_t time, const TraceBlock* until) {
  TraceBlock* const current = block_;
  while (!stacked_.empty()) {
    const auto [block, event] = stacked_.front();
    const CallStack* stack = stacks_->Next(time, /*now=*/until != nullptr && until->waiting > 0);
    if (stack == nullptr) break;
    stacked_.pop_front();
    --block->waiting;
    if (stack->frames.empty()) continue;
    // With what is added its values stand together again, at the end.
    block_ = block;
    TraceBlock::Record& record = block->events[event];
    const size_t begin = block->found.size();
    CopyFound(record.found_begin, record.found_size);
    Stack(*stack);
    record.found_begin = static_cast<uint32_t>(begin);
    record.found_size = static_cast<uint32_t>(block->found.size() - begin);
  }
  block_ = current;
}

void TraceValues::Stack(const CallStack& stack) {
  List(stack_.frames, stack.frames);
  List(stack_.symbols, stack.symbols);
  List(stack_.modules, stack.modules);
  List(stack_.kernel_modules, stack.kernel_modules);
  Text(stack_.summary, stack.summary);
  Text(stack_.trace, stack.trace);
  Text(stack_.final_user_module, stack.final_user_module);
  Truth(stack_.contains_unbacked, stack.contains_unbacked);
  Truth(stack_.unbacked_code, stack.unbacked_code);
  Truth(stack_.direct_syscall, stack.direct_syscall);
  Truth(stack_.indirect_syscall, stack.indirect_syscall);
}

void TraceValues::List(Slot slot, const std::string& json) {
  if (slot == PathTree::kNoSlot || json.empty()) return;
  const auto begin = static_cast<uint32_t>(block_->text.size());
  block_->text += json;
  block_->found.push_back({slot, JsonSlice(JsonKind::kArray, begin, json.size())});
}

void TraceValues::Truth(Slot slot, std::optional<bool> truth) {
  if (truth) Text(slot, *truth ? "true" : "false");
}

// That a file has changed is told once of those that are written to in turns: a block's news are
// all read before its events.
void TraceValues::AddFile(FileNews news, std::string_view path, const ImageNumbers& numbers) {
  constexpr size_t kInTurns = 8;
  std::vector<TraceBlock::File>& files = block_->files;
  if (path.empty()) return;
  if (news == FileNews::kChanged) {
    const size_t last = std::min(files.size(), kInTurns);
    const bool told = std::any_of(files.end() - static_cast<ptrdiff_t>(last), files.end(),
                                  [&](const TraceBlock::File& file) {
                                    return file.news == news && block_->PathOf(file) == path;
                                  });
    if (told) return;
  }
  std::string& text = block_->text;
  const auto begin = static_cast<uint32_t>(text.size());
  AppendValidUtf8(path, &text);
  files.push_back({news, numbers, begin, static_cast<uint32_t>(text.size()) - begin});
}

// `write` appends the value's text.
template <typename Write>
void TraceValues::Put(Slot slot, Write write) {
  if (slot == PathTree::kNoSlot) return;
  std::string& text = block_->text;
  const size_t begin = text.size();
  write(&text);
  block_->found.push_back(
      {slot, JsonSlice(kPlainText, static_cast<uint32_t>(begin), text.size() - begin)});
}

void TraceValues::Text(Slot slot, std::string_view text) {
  if (!text.empty()) Put(slot, [&](std::string* out) { AppendValidUtf8(text, out); });
}

void TraceValues::Number(Slot slot, uint64_t number) {
  Put(slot, [&](std::string* out) { AppendJsonNumber(number, out); });
}

void TraceValues::Ip(Slot slot, std::span<const uint8_t> ip) {
  if (!ip.empty()) Put(slot, [&](std::string* out) { AppendIp(ip, out); });
}

void TraceValues::Path(Slot slot, std::string_view nt_path) {
  if (nt_path.empty()) return;
  path_.clear();
  joiner_.volumes().AppendPath(nt_path, &path_);
  Text(slot, path_);
}

template <typename Write>
void TraceValues::Array(Slot slot, Write write) {
  if (slot == PathTree::kNoSlot) return;
  std::string& text = block_->text;
  const size_t begin = text.size();
  if (!write(&text)) return;
  block_->found.push_back(
      {slot, JsonSlice(JsonKind::kArray, static_cast<uint32_t>(begin), text.size() - begin)});
}

void TraceValues::CopyFound(size_t begin, size_t size) {
  std::vector<FoundValue>& found = block_->found;
  const size_t end = found.size();
  found.resize(end + size);
  std::copy_n(found.begin() + static_cast<ptrdiff_t>(begin), size,
              found.begin() + static_cast<ptrdiff_t>(end));
}

// Schemas of self-describing events come and go, and a provider that the schema does not name may
// have its name from the record. Other schemas stay, and with them the names of event and provider.
void TraceValues::PutKind(const DecodedEvent& event, const JoinedEvent& joined) {
  const EtwRecord& record = *event.record;
  if (event.schema == nullptr || event.source == SchemaSource::kSelfDescribing ||
      event.schema->provider.empty() || record.kind == HeaderKind::kMessage) {
    return Common(event, joined);
  }
  const Kind kind{event.schema,     record.provider, record.kind,
                  NumberOf(record), joined.happened, joiner_.computer().size()};
  const size_t happened = joined.happened ? static_cast<size_t>(*joined.happened) + 1 : 0;
  WrittenKind& written =
      kinds_[(reinterpret_cast<uintptr_t>(kind.schema) / sizeof(void*) + happened) % kinds_.size()];
  if (written.block == blocks_ && written.kind == kind) {
    return CopyFound(written.begin, written.size);
  }
  const size_t begin = block_->found.size();
  Common(event, joined);
  written = {kind, blocks_, begin, block_->found.size() - begin};
}

// `fields` is there in any case: a mapping knows a trace's event by it.
void TraceValues::Common(const DecodedEvent& event, const JoinedEvent& joined) {
  const EtwRecord& record = *event.record;
  Text(provider_, event.provider);
  if (HasGuid(record)) Put(guid_, [&](std::string* out) { AppendGuid(record.provider, out); });
  Number(HasId(record) ? id_ : type_, NumberOf(record));
  Text(event_, event.name);
  Text(device_, joiner_.computer());
  if (joined.happened) Text(happened_, EventTypeName(*joined.happened));
  if (fields_ != PathTree::kNoSlot)
    block_->found.push_back({fields_, JsonSlice(JsonKind::kObject, 0, kNoMembers.size())});
}

void TraceValues::Header(const EtwRecord& record, uint64_t number) {
  Number(record_, number);
  Put(time_, [&](std::string* out) { *out += time_text_.Of(record.time); });
  if (record.pid != kNoId) Number(pid_, record.pid);
}

void TraceValues::Joined(const JoinedEvent& joined) {
  if (joined.process.pid != kNoProcess) Actor(joined.process);
  if (joined.target.pid != kNoProcess) {
    if (joined.target.known != nullptr) {
      Identity(target_, *joined.target.known);
    } else {
      Ids(target_, joined.target.pid, 0);
    }
  }
  Text(image_path_, joined.image_path);
  Text(file_path_, joined.file_path);
  Text(file_previous_path_, joined.file_previous_path);
  Text(key_path_, joined.key_path);
  if (joined.has_value) Text(key_value_, joined.value_name);
  if (!joined.data_type.empty()) {
    Text(key_data_, joined.data);
    Text(key_data_type_, joined.data_type);
  }
  if (joined.network.known) Connection(joined.network);
}

void TraceValues::Connection(const JoinedConnection& connection) {
  Text(direction_, connection.inbound ? "inbound" : "outbound");
  Text(protocol_, connection.udp ? "udp" : "tcp");
  Ip(local_ip_, connection.local_ip);
  Number(local_port_, connection.local_port);
  Ip(remote_ip_, connection.remote_ip);
  Number(remote_port_, connection.remote_port);
}

void TraceValues::Actor(const JoinedProcess& process) {
  if (process.known == nullptr) return Ids(process_, process.pid, 0);
  std::vector<FoundValue>& found = block_->found;
  const size_t begin = found.size();
  const uint64_t id = process.known->id;
  Written& written = written_[id % written_.size()];
  const uint64_t revision = joiner_.revision();  // accounts become known at any time
  if (written.process == id && written.block == blocks_ && written.revision == revision) {
    return CopyFound(written.begin, written.size);
  }
  Ancestry(*process.known);
  written = {id, revision, blocks_, begin, found.size() - begin};
}

void TraceValues::Ancestry(const Process& process) {
  Identity(process_, process);
  Facts(process_, process);
  if (process.image_timestamp != 0) Number(image_timestamp_, process.image_timestamp);
  if (process.image_checksum != 0) Number(image_checksum_, process.image_checksum);
  Parents(process);
  if (!process.is_created_by_other()) return;
  if (const Process* creator = joiner_.history().CreatorOf(process)) {
    Identity(creator_, *creator);
    Facts(creator_, *creator);
  } else {
    Number(creator_.pid, process.creator_pid);
  }
}

void TraceValues::Parents(const Process& process) {
  std::array<const Process*, ProcessHistory::kMaxAncestors> all;
  const bool every = ancestor_names_ != PathTree::kNoSlot || ancestor_paths_ != PathTree::kNoSlot;
  const size_t asked = every ? all.size() : 2;
  const size_t size = joiner_.history().AncestorsOf(process, std::span(all).first(asked));
  if (size == 0) {
    if (process.parent_pid != kNoProcess) Number(parent_.pid, process.parent_pid);
    return;
  }
  Identity(parent_, *all[0]);
  Facts(parent_, *all[0]);
  if (size > 1) Text(grandparent_name_, all[1]->name());
  const Processes ancestors(all.data(), size);
  Array(ancestor_names_, [&](std::string* out) { return AppendNames(ancestors, out); });
  Array(ancestor_paths_,
        [&](std::string* out) { return AppendPaths(ancestors, joiner_.volumes(), &path_, out); });
}

void TraceValues::Ids(const ProcessSlots& slots, uint32_t pid, uint64_t start) {
  Put(slots.guid, [&](std::string* out) { AppendProcessGuid(pid, start, out); });
  Number(slots.pid, pid);
}

void TraceValues::Identity(const ProcessSlots& slots, const Process& process) {
  Ids(slots, process.pid, process.start_time());
  Text(slots.name, process.name());
  Path(slots.path, process.path);
}

void TraceValues::Facts(const ProcessSlots& slots, const Process& process) {
  Text(slots.command_line, process.command_line);
  Text(slots.user_sid, process.user_sid);
  const bool asks = slots.username != PathTree::kNoSlot || slots.user_domain != PathTree::kNoSlot;
  if (const Account* const account = asks ? joiner_.AccountOf(process) : nullptr) {
    Text(slots.username, account->name);
    Text(slots.user_domain, account->domain);
  }
  if (process.session != kNoProcess) Number(slots.session, process.session);
  Text(slots.integrity, process.integrity);
}

void TraceValues::Fields(const DecodedEvent& event) {
  if (event.schema == nullptr) return;
  const SchemaSlots& slots = SlotsOf(event);
  if (slots.empty()) return;
  for (size_t at = 0; at < event.fields.size(); at += 1 + event.fields[at].children) {
    const auto index = static_cast<size_t>(event.fields[at].schema - event.schema->fields.data());
    if (slots[index].wanted()) Field(event, at, slots[index]);
  }
}

void TraceValues::Field(const DecodedEvent& event, size_t at, FieldSlots slots) {
  const DecodedField& field = event.fields[at];
  const FieldSchema& schema = *field.schema;
  if (field.array || schema.in == InType::kStruct) {
    if (slots.field == PathTree::kNoSlot) return;
    std::string& text = block_->text;
    const size_t begin = text.size();
    AppendFieldJson(event, at, &scratch_, &text);
    const JsonKind kind = field.array ? JsonKind::kArray : JsonKind::kObject;
    block_->found.push_back(
        {slots.field, JsonSlice(kind, static_cast<uint32_t>(begin), text.size() - begin)});
    return;
  }
  scratch_.clear();
  if (!AppendValueName(schema, field.data, &scratch_)) return Value(slots.field, field);
  Put(slots.field, [&](std::string* out) { AppendValidUtf8(scratch_, out); });
  Value(slots.value, field);
}

void TraceValues::Value(Slot slot, const DecodedField& field) {
  Put(slot, [&](std::string* out) {
    scratch_.clear();
    AppendValue(*field.schema, field.data, &scratch_);
    AppendValidUtf8(scratch_, out);
  });
}

// Schemas of self-describing events come and go.
const TraceValues::SchemaSlots& TraceValues::SlotsOf(const DecodedEvent& event) {
  if (event.source == SchemaSource::kSelfDescribing) {
    Look(*event.schema, &self_described_);
    return self_described_;
  }
  const auto [known, added] = schemas_.try_emplace(event.schema);
  if (added) Look(*event.schema, &known->second);
  return known->second;
}

// Keeps the memory of *slots.
void TraceValues::Look(const EventSchema& schema, SchemaSlots* slots) const {
  const auto slot_of = [&](PathTree::Node node, const std::string& name) {
    return node == PathTree::kNoNode ? PathTree::kNoSlot : paths_.Find(node, name).slot;
  };
  slots->clear();
  bool any = false;
  for (const FieldSchema& field : schema.fields) {
    slots->push_back({slot_of(field_node_, field.name), slot_of(value_node_, field.name)});
    any = any || slots->back().wanted();
  }
  if (!any) slots->clear();
}

}  // namespace nuthatch
