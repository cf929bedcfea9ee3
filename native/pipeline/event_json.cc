#include "pipeline/event_json.h"

#include <charconv>
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

  void Write(uint64_t number, std::string_view joined) {
    out_ += '{';
    Number("record", number);
    Header();
    out_ += joined;
    Items();
    Stack(event_.stack, 0);
    Key("fields");
    out_ += '{';
    Members(0, event_.fields.size());
    out_ += '}';
    NamedValues();
    // Of a record without a schema that is its payload.
    if (!event_.rest.empty()) Bytes("rest", event_.rest);
    if (event_.incomplete) out_ += ",\"incomplete\":true";
    out_ += "}\n";
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

 private:
  void Header() {
    const EtwRecord& record = *event_.record;
    scratch_.clear();
    AppendFileTime(record.time, &scratch_);
    Text("time", scratch_);
    if (!event_.provider.empty()) Text("provider", event_.provider);
    if (record.kind == HeaderKind::kMessage) {
      Message();
    } else {
      GuidText("guid", record.provider);
      const bool has_id = record.kind == HeaderKind::kEvent;
      Number(has_id ? "id" : "type", has_id ? record.id : record.opcode);
      Number("version", record.version);
    }
    if (!event_.name.empty()) Text("event", event_.name);
    if (!event_.task.empty()) Text("task", event_.task);
    if (!event_.opcode.empty()) Text("opcode", event_.opcode);
    if (record.kind == HeaderKind::kEvent) Number("level", record.level);
    Number("cpu", record.cpu);
    if (record.pid != kNoId) Number("pid", record.pid);
    if (record.tid != kNoId) Number("tid", record.tid);
    if (record.activity != Guid{}) GuidText("activity", record.activity);
  }

  // A WPP message has what its flags say.
  void Message() {
    const EtwRecord& record = *event_.record;
    const auto has = [&](MessageFlag flag) { return (record.flags & flag) != 0; };
    if (has(kMessageGuid)) {
      GuidText("guid", record.provider);
    } else if (has(kMessageComponent)) {
      Number("component", record.provider.low);
    }
    Number("id", record.id);
    if (has(kMessageSequence)) Number("sequence", record.sequence);
  }

  // Each once, whatever a file repeats.
  void Items() {
    uint32_t seen = 0;
    ExtendedItems items = event_.record->extended;
    for (ExtendedItem item; items.Next(&item);) {
      const auto type = item.type == ExtendedType::kStack32 ? ExtendedType::kStack64 : item.type;
      if (type > ExtendedType::kContainerId) continue;
      const uint32_t bit = 1u << static_cast<uint16_t>(type);
      if ((seen & bit) == 0) Item(item);
      seen |= bit;
    }
  }

  void Item(const ExtendedItem& item) {
    const size_t size = item.data.size();
    switch (item.type) {
      case ExtendedType::kRelatedActivity:
        if (size >= sizeof(Guid)) GuidText("related_activity", LoadAt<Guid>(item.data, 0));
        break;
      case ExtendedType::kSid:
        if (size >= 8) Typed("user_sid", InType::kSid, item.data);
        break;
      case ExtendedType::kTerminalSession:
        if (size >= 4) Number("terminal_session", LoadAt<uint32_t>(item.data, 0));
        break;
      case ExtendedType::kStack32:
        if (size >= 8) Stack({item.data.subspan(8), 4}, LoadAt<uint64_t>(item.data, 0));
        break;
      case ExtendedType::kStack64:
        if (size >= 8) Stack({item.data.subspan(8), 8}, LoadAt<uint64_t>(item.data, 0));
        break;
      case ExtendedType::kEventKey:
        if (size >= 8) Typed("event_key", InType::kHex64, item.data.first(8));
        break;
      case ExtendedType::kProcessStartKey:
        if (size >= 8) Number("process_start_key", LoadAt<uint64_t>(item.data, 0));
        break;
      case ExtendedType::kContainerId:
        Typed("container", InType::kAnsi, item.data);
        break;
      default:
        break;
    }
  }

  // `match` is that of the other part, of the kernel or of the process, which is another record's.
  void Stack(const StackFrames& frames, uint64_t match) {
    if (frames.count() == 0) return;
    Key("stack");
    out_ += '[';
    for (size_t i = 0; i < frames.count(); ++i) {
      if (i > 0) out_ += ',';
      Hex(frames[i]);
    }
    out_ += ']';
    if (match == 0) return;
    Key("stack_match");
    Hex(match);
  }

  void Hex(uint64_t number) {
    char digits[20] = "\"0x";
    char* const end = std::to_chars(digits + 3, digits + sizeof(digits) - 1, number, 16).ptr;
    *end = '"';
    out_.append(digits, end + 1);
  }

  // The numbers of the fields that have names instead.
  void NamedValues() {
    const char* before = ",\"values\":{";
    for (size_t at = 0; at < event_.fields.size(); at += 1 + event_.fields[at].children) {
      if (!IsNamed(event_.fields[at])) continue;
      out_ += before;
      before = ",";
      AppendJsonString(event_.fields[at].name(), &out_);
      out_ += ':';
      Value(*event_.fields[at].schema, event_.fields[at].data);
    }
    if (before[1] == '\0') out_ += '}';
  }

  // Leaves the name in `scratch_`.
  bool IsNamed(const DecodedField& field) {
    if (field.array || field.schema->map == nullptr) return false;
    scratch_.clear();
    return AppendValueName(*field.schema, field.data, &scratch_);
  }

  void Members(size_t begin, size_t end) {
    for (size_t at = begin; at < end; at += 1 + event_.fields[at].children) {
      if (at > begin) out_ += ',';
      AppendJsonString(event_.fields[at].name(), &out_);
      out_ += ':';
      const bool top = begin == 0;  // where `values` has the number
      if (top && IsNamed(event_.fields[at])) {
        AppendJsonString(scratch_, &out_);
      } else {
        Field(at);
      }
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
    if (!MayNeedEscapes(schema)) return PlainValue(schema, value);
    scratch_.clear();
    if (AppendValue(schema, value, &scratch_) == TextForm::kText) {
      AppendJsonString(scratch_, &out_);
    } else {
      out_ += scratch_;
    }
  }

  void PlainValue(const FieldSchema& schema, std::span<const uint8_t> value) {
    const size_t begin = out_.size();
    out_ += '"';
    if (AppendValue(schema, value, &out_) == TextForm::kText) {
      out_ += '"';
    } else {
      out_.erase(begin, 1);
    }
  }

  // Of ours: there is nothing to escape.
  void Key(std::string_view name) {
    if (out_.back() != '{') out_ += ',';
    out_ += '"';
    out_ += name;
    out_ += "\":";
  }
  void Text(std::string_view name, std::string_view value) {
    Key(name);
    AppendJsonString(value, &out_);
  }
  void GuidText(std::string_view name, const Guid& guid) {
    Key(name);
    out_ += '"';
    AppendGuid(guid, &out_);
    out_ += '"';
  }
  void Number(std::string_view name, uint64_t value) {
    Key(name);
    AppendJsonNumber(value, &out_);
  }
  void Bytes(std::string_view name, std::span<const uint8_t> bytes) {
    Typed(name, InType::kBinary, bytes);
  }
  void Typed(std::string_view name, InType in, std::span<const uint8_t> bytes) {
    FieldSchema schema;
    schema.in = in;
    Key(name);
    Value(schema, bytes);
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

void AppendFieldJson(const DecodedEvent& event, size_t at, std::string* scratch, std::string* out) {
  EventJson(event, scratch, out).Field(at);
}

}  // namespace nuthatch
