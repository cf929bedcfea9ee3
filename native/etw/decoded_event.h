// A record with its payload read: what standardizing and printing go by.
#ifndef NUTHATCH_ETW_DECODED_EVENT_H_
#define NUTHATCH_ETW_DECODED_EVENT_H_

#include <cassert>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/load_bytes.h"
#include "etw/event_schema.h"
#include "etw/record.h"
#include "etw/stack_cache.h"

namespace nuthatch {

// Fields are a tree in a list. A struct, an array of structs and an array of values of different
// sizes have `children`: the entries that follow it and belong to it, nested ones too. The elements
// of such an array are entries with `element`; those of a struct array are structs. An array of
// values of one size is one entry.
struct DecodedField {
  const FieldSchema* schema = nullptr;
  std::span<const uint8_t> data;  // of all elements; of text without NUL, of SIDs the SID alone
  uint32_t children = 0;
  uint16_t count = 1;      // elements of an array
  uint8_t value_size = 0;  // of each element; 0 when not fixed
  bool array = false;
  bool element = false;

  std::string_view name() const {
    return element ? std::string_view() : std::string_view(schema->name);
  }
  std::span<const uint8_t> value(size_t i) const {
    assert(value_size > 0);
    return data.subspan(i * value_size, value_size);
  }
};

// An integer of 1 to 8 bytes as it is stored, without its sign extended.
inline uint64_t UnsignedOf(std::span<const uint8_t> value) {
  return LoadBytes(reinterpret_cast<const char*>(value.data()),
                   value.size() < 8 ? value.size() : 8);
}

enum class SchemaSource : uint8_t {
  kNone,  // the payload is raw
  kTables,
  kSelfDescribing,
  kTraceMetadata,
  kEventSource,
};

// Views into the record, and into what the decoder knows: until its next call.
struct DecodedEvent {
  const EtwRecord* record = nullptr;
  SchemaSource source = SchemaSource::kNone;
  const EventSchema* schema = nullptr;  // of `fields`; nullptr when the payload is raw
  std::string_view provider;            // empty when nothing says it; the record has the GUID
  std::string_view name;                // as are these
  std::string_view task;
  std::string_view opcode;
  std::span<const DecodedField> fields;
  std::span<const uint8_t> rest;  // of the payload, after the fields
  StackFrames stack;              // that the record names by its key; others are in its items
  bool incomplete = false;        // the payload ends, or is wrong, before the last field

  // The first number of a kind, such as a process's; kNoId where there is none.
  uint32_t FirstOf(OutType type) const {
    for (const DecodedField& field : fields) {
      if (field.schema->out == type && !field.array)
        return static_cast<uint32_t>(UnsignedOf(field.data));
    }
    return kNoId;
  }

  // The top-level field of that name; nullptr where there is none.
  const DecodedField* Find(std::string_view field) const {
    for (size_t i = 0; i < fields.size(); i += 1 + fields[i].children) {
      if (fields[i].schema->name == field) return &fields[i];
    }
    return nullptr;
  }
};

}  // namespace nuthatch

#endif  // NUTHATCH_ETW_DECODED_EVENT_H_
