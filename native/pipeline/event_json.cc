#include "pipeline/event_json.h"

#include <cstdint>
#include <string_view>

#include "base/file_time.h"
#include "etw/value_text.h"
#include "pipeline/json_writer.h"

namespace nuthatch {
namespace {

// Numbers, times, addresses, SIDs, GUIDs and bytes in hexadecimal are written as they are.
bool MayNeedEscapes(const FieldSchema& schema) {
  switch (schema.in) {
    case InType::kUtf16:
    case InType::kAnsi:
    case InType::kCountedUtf16:
    case InType::kCountedAnsi:
    case InType::kChar16:
      return true;
    default:
      return schema.out == OutType::kText || schema.out == OutType::kUtf8 ||
             schema.out == OutType::kXml || schema.out == OutType::kJson;
  }
}

class EventJson {
 public:
  EventJson(const DecodedEvent& event, std::string* scratch, std::string* out)
      : event_(event), scratch_(*scratch), out_(*out) {}

  void Write(std::string_view joined) {
    Header();
    out_ += joined;
    out_ += ",\"fields\":{";
    Members(0, event_.fields.size());
    out_ += '}';
    // Of a record without a schema that is its payload.
    if (!event_.rest.empty()) Bytes(",\"rest\":", event_.rest);
    if (event_.incomplete) out_ += ",\"incomplete\":true";
    out_ += "}\n";
  }

 private:
  void Header() {
    const EtwRecord& record = *event_.record;
    out_ += "{\"time\":\"";
    AppendFileTime(record.time, &out_);
    out_ += '"';
    Text(",\"provider\":", event_.provider);
    Guid(",\"guid\":\"", record.provider);
    const bool has_id = record.kind == HeaderKind::kEvent || record.kind == HeaderKind::kMessage;
    Number(has_id ? ",\"id\":" : ",\"type\":", has_id ? record.id : record.opcode);
    Number(",\"version\":", record.version);
    Text(",\"event\":", event_.name);
    Text(",\"task\":", event_.task);
    Text(",\"opcode\":", event_.opcode);
    if (record.kind == HeaderKind::kEvent) Number(",\"level\":", record.level);
    Number(",\"cpu\":", record.cpu);
    if (record.pid != kNoId) Number(",\"pid\":", record.pid);
    if (record.tid != kNoId) Number(",\"tid\":", record.tid);
    if (record.activity != nuthatch::Guid{}) Guid(",\"activity\":\"", record.activity);
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
    if (!MayNeedEscapes(schema)) {
      const size_t begin = out_.size();
      out_ += '"';
      if (AppendValue(schema, value, &out_) == TextForm::kText) {
        out_ += '"';
      } else {
        out_.erase(begin, 1);
      }
      return;
    }
    scratch_.clear();
    if (AppendValue(schema, value, &scratch_) == TextForm::kText) {
      AppendJsonString(scratch_, &out_);
    } else {
      out_ += scratch_;
    }
  }

  // Keys with the comma before them, and the colon.
  void Text(std::string_view key, std::string_view value) {
    if (value.empty()) return;
    out_ += key;
    AppendJsonString(value, &out_);
  }
  // `key` with the first quote of its value.
  void Guid(std::string_view key, const nuthatch::Guid& guid) {
    out_ += key;
    AppendGuid(guid, &out_);
    out_ += '"';
  }
  void Number(std::string_view key, uint64_t value) {
    out_ += key;
    AppendJsonNumber(value, &out_);
  }
  void Bytes(std::string_view key, std::span<const uint8_t> bytes) {
    static const FieldSchema kBytes = [] {
      FieldSchema schema;
      schema.in = InType::kBinary;
      return schema;
    }();
    out_ += key;
    Value(kBytes, bytes);
  }

  const DecodedEvent& event_;
  std::string& scratch_;
  std::string& out_;
};

}  // namespace

void AppendEventJson(const DecodedEvent& event, std::string_view joined, std::string* scratch,
                     std::string* out) {
  EventJson(event, scratch, out).Write(joined);
}

}  // namespace nuthatch
