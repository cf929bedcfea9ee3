#include "etw/trace_logging.h"

#include <string>
#include <utility>

#include "base/byte_reader.h"

namespace nuthatch {
namespace {

constexpr uint8_t kChained = 0x80;  // another byte follows
constexpr uint8_t kCountMask = 0x60;
constexpr uint8_t kFixedCount = 0x20;
constexpr uint8_t kVariableCount = 0x40;

class SchemaReader {
 public:
  SchemaReader(std::span<const uint8_t> bytes, EventSchema* schema)
      : reader_(bytes), schema_(schema) {}

  bool Read() {
    SkipTags();
    schema_->name = Name();
    while (reader_.ok() && !reader_.AtEnd()) {
      if (!ReadField(0)) return false;
    }
    return reader_.ok();
  }

 private:
  // In a struct at `depth`, with all its members.
  bool ReadField(unsigned depth) {
    if (schema_->fields.size() == EventSchema::kMaxFields || depth > EventSchema::kMaxDepth)
      return false;
    const size_t at = schema_->fields.size();
    FieldSchema& field = schema_->fields.emplace_back();
    field.name = Name();
    const uint8_t in = reader_.U8();
    uint8_t out = 0;
    if ((in & kChained) != 0) {
      out = reader_.U8();
      if ((out & kChained) != 0) SkipTags();
    }
    if (!SetType(in, out & 0x7F, &field)) return false;
    if (field.in != InType::kStruct) return reader_.ok();
    for (unsigned member = 0; member < (out & 0x7Fu); ++member) {
      if (reader_.AtEnd() || !ReadField(depth + 1)) return false;
    }
    schema_->fields[at].members = static_cast<uint16_t>(schema_->fields.size() - at - 1);
    return reader_.ok();
  }

  bool SetType(uint8_t in, uint8_t out, FieldSchema* field) {
    const uint8_t type = in & 0x1F;
    if (type > static_cast<uint8_t>(InType::kCountedBinary)) return false;
    field->in = static_cast<InType>(type);
    if (field->in == InType::kBinary) field->in = InType::kCountedBinary;
    if (field->in != InType::kStruct) field->out = static_cast<OutType>(out);
    switch (in & kCountMask) {
      case kFixedCount:
        field->count = {Extent::Form::kFixed, reader_.U16()};
        break;
      case kVariableCount:
        field->count.form = Extent::Form::kPrefix;
        break;
      case kCountMask:  // of a form that only its provider knows: bytes, after their number
        reader_.Bytes(reader_.U16());
        field->in = InType::kCountedBinary;
        break;
      default:
        break;
    }
    if (IsCharacters(*field)) {
      field->in = FixedSize(field->in, 0) == 1 ? InType::kAnsi : InType::kUtf16;
      field->length = std::exchange(field->count, {});
    }
    return true;
  }

  // An array of them is text, as TDH has it.
  static bool IsCharacters(const FieldSchema& field) {
    const bool text = field.out == OutType::kText || field.out == OutType::kUtf8 ||
                      field.out == OutType::kXml || field.out == OutType::kJson;
    const bool unit = field.in == InType::kInt8 || field.in == InType::kUint8 ||
                      field.in == InType::kInt16 || field.in == InType::kUint16;
    return text && unit && field.count.form != Extent::Form::kNone;
  }

  std::string Name() {
    std::string name;
    for (uint8_t c; (c = reader_.U8()) != 0;) {
      if (name.size() < EventSchema::kMaxNameSize) name += static_cast<char>(c);
    }
    return name;
  }

  void SkipTags() {
    while ((reader_.U8() & kChained) != 0) {
    }
  }

  ByteReader reader_;
  EventSchema* schema_;
};

}  // namespace

bool ReadTraceLoggingSchema(std::span<const uint8_t> item, EventSchema* schema) {
  ByteReader reader(item);
  const uint16_t size = reader.U16();
  if (size < 2 || size > item.size()) return false;
  return SchemaReader(item.subspan(2, size - 2), schema).Read();
}

}  // namespace nuthatch
