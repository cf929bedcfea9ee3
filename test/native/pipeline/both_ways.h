// The values of an event as they are found directly, against those read from its line of JSON.
#ifndef NUTHATCH_TEST_PIPELINE_BOTH_WAYS_H_
#define NUTHATCH_TEST_PIPELINE_BOTH_WAYS_H_

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/trace_text.h"
#include "pipeline/trace_values.h"
#include "telemetry/record_reader.h"

namespace nuthatch {

// What the mapping of traces asks for, but for fields.
inline constexpr std::string_view kTracePaths[] = {
    "record",
    "time",
    "provider",
    "guid",
    "id",
    "type",
    "event",
    "pid",
    "device",
    "happened",
    "process.guid",
    "process.pid",
    "process.name",
    "process.path",
    "process.command_line",
    "process.user_sid",
    "process.username",
    "process.user_domain",
    "process.session_id",
    "process.integrity",
    "process.image_timestamp",
    "process.image_checksum",
    "process.parent.guid",
    "process.parent.pid",
    "process.parent.name",
    "process.parent.path",
    "process.parent.command_line",
    "process.parent.user_sid",
    "process.parent.username",
    "process.parent.user_domain",
    "process.parent.session_id",
    "process.parent.integrity",
    "process.parent.parent.name",
    "process.ancestor_names",
    "process.ancestor_paths",
    "process.creator.guid",
    "process.creator.pid",
    "process.creator.name",
    "process.creator.path",
    "process.creator.command_line",
    "process.creator.user_sid",
    "target.guid",
    "target.pid",
    "target.name",
    "target.path",
    "image.path",
    "file.path",
    "file.previous_path",
    "key.path",
    "key.value",
    "key.data",
    "key.data_type",
    "network.direction",
    "network.protocol",
    "network.local_ip",
    "network.local_port",
    "network.remote_ip",
    "network.remote_port",
    "fields",
};

// Those, and fields of these names. Of fields the JSON reader takes only what can be a key.
template <typename Names>
PathTree TracePaths(const Names& fields) {
  PathTree paths;
  for (std::string_view dotted : kTracePaths) {
    std::vector<std::string> path;
    for (; dotted.find('.') != dotted.npos; dotted.remove_prefix(dotted.find('.') + 1))
      path.emplace_back(dotted.substr(0, dotted.find('.')));
    path.emplace_back(dotted);
    paths.Add(path);
  }
  for (const auto& name : fields) {
    for (const char* members : {"fields", "values"}) {
      const std::string path[] = {members, std::string(name)};
      paths.Add(path);
    }
  }
  paths.Finish();
  return paths;
}

class BothWays final : public TraceOutput {
 public:
  // Both outlive this.
  BothWays(const PathTree& paths, TraceJoiner* joiner)
      : reader_(paths), text_(joiner), values_(paths, joiner) {
    values_.SetBlock(&block_);
  }

  void Add(const DecodedEvent& event, const JoinedEvent& joined, uint64_t record) override {
    ++events_;
    if (values_.full()) {
      block_.Clear();
      values_.SetBlock(&block_);
    }
    text_.Clear();
    text_.Add(event, joined, record);
    values_.Add(event, joined, record);
    std::string_view line = text_.text();
    line.remove_suffix(1);
    std::vector<FoundValue> found;
    const JsonFault fault = reader_.Read(line, &found);
    const auto by_text = fault.ok() ? ValuesOf(line.data(), found) : Values();
    const auto direct = ValuesOf(block_.text.data(), block_.FoundOf(block_.events.back()));
    values_found_ += direct.size();
    if (fault.ok() && by_text == direct) return;
    if (difference_.empty()) difference_ = std::string(line) + Shown(by_text) + Shown(direct);
  }
  bool full() const override { return false; }

  size_t events() const { return events_; }
  size_t values() const { return values_found_; }
  // The first: the line, and its values both ways. Empty when there is none.
  const std::string& difference() const { return difference_; }

 private:
  // By slot. Containers are told from texts; empty texts are no values to the mapping.
  using Values = std::map<PathTree::Slot, std::string>;

  Values ValuesOf(const char* base, std::span<const FoundValue> found) {
    Values values;
    arena_.Reset();
    for (const auto& [slot, slice] : found) {
      const std::string_view raw(base + slice.offset, slice.length());
      switch (slice.kind()) {
        case JsonKind::kObject:
          values[slot] = "an object";
          break;
        case JsonKind::kArray:
          values[slot] = "the array " + std::string(raw);
          break;
        case JsonKind::kString:
          values[slot] = UnescapeJson(raw, &arena_);
          break;
        default:
          values[slot] = raw;
      }
    }
    std::erase_if(values, [](const auto& value) { return value.second.empty(); });
    return values;
  }

  static std::string Shown(const Values& values) {
    std::string text = "\n";
    for (const auto& [slot, value] : values) text += std::to_string(slot) + "=" + value + " ";
    return text;
  }

  RecordReader reader_;
  TraceText text_;
  TraceValues values_;
  TraceBlock block_;
  Arena arena_;
  size_t events_ = 0;
  size_t values_found_ = 0;
  std::string difference_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_TEST_PIPELINE_BOTH_WAYS_H_
