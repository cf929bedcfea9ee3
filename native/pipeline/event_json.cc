#include "pipeline/event_json.h"

#include <cstdint>
#include <string_view>

#include "base/file_time.h"
#include "etw/value_text.h"
#include "pipeline/json_writer.h"

namespace nuthatch {
namespace {

class EventJson {
 public:
  EventJson(const DecodedEvent& event, std::string* scratch, std::string* out)
      : event_(event), scratch_(*scratch), out_(*out) {}

  void Write(uint64_t number, std::string_view joined) {
    out_ += '{';
    Number("record", number);
    Header();
    out_ += joined;
    Key("fields");
    out_ += '{';
    Members(0, event_.fields.size());
    out_ += '}';
    // Of a record without a schema that is its payload.
    if (!event_.rest.empty()) Bytes("rest", event_.rest);
    if (event_.incomplete) out_ += ",\"incomplete\":true";
    out_ += "}\n";
  }

 private:
  void Header() {
    const EtwRecord& record = *event_.record;
    scratch_.clear();
    AppendFileTime(record.time, &scratch_);
    Text("time", scratch_);
    if (!event_.provider.empty()) Text("provider", event_.provider);
    Text("guid", ToText(record.provider));
    const bool has_id = record.kind == HeaderKind::kEvent || record.kind == HeaderKind::kMessage;
    Number(has_id ? "id" : "type", has_id ? record.id : record.opcode);
    Number("version", record.version);
    if (!event_.name.empty()) Text("event", event_.name);
    if (!event_.task.empty()) Text("task", event_.task);
    if (!event_.opcode.empty()) Text("opcode", event_.opcode);
    if (record.kind == HeaderKind::kEvent) Number("level", record.level);
    Number("cpu", record.cpu);
    if (record.pid != kNoId) Number("pid", record.pid);
    if (record.tid != kNoId) Number("tid", record.tid);
    if (record.activity != Guid{}) Text("activity", ToText(record.activity));
  }

  void Members(size_t begin, size_t end) {
    for (size_t at = begin; at < end; at += 1 + event_.fields[at].children) {
      if (at > begin) out_ += ',';
      AppendJsonString(event_.fields[at].name(), &out_);
      out_ += ':';
      Field(at);
    }
  }

  void Field(size_t at) {
    const DecodedField& field = event_.fields[at];
    const size_t end = at + 1 + field.children;
    if (field.array) {
      out_ += '[';
      if (field.value_size > 0) {
        Values(field);
      } else {
        Elements(at + 1, end);
      }
      out_ += ']';
    } else if (field.schema->in == InType::kStruct) {
      out_ += '{';
      Members(at + 1, end);
      out_ += '}';
    } else {
      Value(*field.schema, field.data);
    }
  }

  void Values(const DecodedField& field) {
    // As many as there are, where the payload ended within the array.
    const size_t count = field.data.size() / field.value_size;
    for (size_t i = 0; i < count; ++i) {
      if (i > 0) out_ += ',';
      Value(*field.schema, field.value(i));
    }
  }

  void Elements(size_t begin, size_t end) {
    for (size_t at = begin; at < end; at += 1 + event_.fields[at].children) {
      if (at > begin) out_ += ',';
      Field(at);
    }
  }

  void Value(const FieldSchema& schema, std::span<const uint8_t> value) {
    scratch_.clear();
    if (AppendValue(schema, value, &scratch_) == TextForm::kText) {
      AppendJsonString(scratch_, &out_);
    } else {
      out_ += scratch_;
    }
  }

  void Key(std::string_view name) {
    if (out_.back() != '{') out_ += ',';
    AppendJsonString(name, &out_);
    out_ += ':';
  }
  void Text(std::string_view name, std::string_view value) {
    Key(name);
    AppendJsonString(value, &out_);
  }
  void Number(std::string_view name, uint64_t value) {
    Key(name);
    AppendJsonNumber(value, &out_);
  }
  void Bytes(std::string_view name, std::span<const uint8_t> bytes) {
    static const FieldSchema kBytes = [] {
      FieldSchema schema;
      schema.in = InType::kBinary;
      return schema;
    }();
    Key(name);
    Value(kBytes, bytes);
  }

  const DecodedEvent& event_;
  std::string& scratch_;
  std::string& out_;
};

}  // namespace

void AppendEventJson(const DecodedEvent& event, uint64_t number, std::string_view joined,
                     std::string* scratch, std::string* out) {
  EventJson(event, scratch, out).Write(number, joined);
}

}  // namespace nuthatch
