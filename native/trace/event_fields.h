// The fields of events by what they mean. Providers name the same thing differently; where a field
// is in the events of a schema is looked up once.
#ifndef NUTHATCH_TRACE_EVENT_FIELDS_H_
#define NUTHATCH_TRACE_EVENT_FIELDS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>

#include "etw/decoded_event.h"
#include "trace/trace_event.h"

namespace nuthatch {

enum class FieldSlot : uint8_t {
  kProcessId,
  kParentId,
  kThreadId,
  kSession,
  kUserSid,
  kImageName,
  kCommandLine,
  kCreateTime,
  kSequence,
  kParentSequence,
  kMandatoryLabel,
  kImageBase,
  kImageTimestamp,
  kImageChecksum,
  kImageSize,
  kPath,
  kIrp,
  kFileObject,
  kFileKey,
  kCreateOptions,
  kExtraInformation,
  kStatus,
  kDisposition,
  kKey,
  kBaseKey,
  kKeyName,
  kBaseName,
  kRelativeName,
  kValueName,
  kDataType,
  kData,
  kLocalIp,
  kRemoteIp,
  kLocalPort,
  kRemotePort,
  kComputerName,
  kWindowsFolder,
  kNtPath,
  kDosPath,
  kInfoClass,
};
constexpr size_t kSlots = 40;

// Where the field of each slot is among a schema's; kNoField when it has none.
constexpr uint8_t kNoField = 0xFF;
using SlotPositions = std::array<uint8_t, kSlots>;

class EventFields {
 public:
  using Span = std::span<const uint8_t>;

  EventFields(const DecodedEvent& event, const SlotPositions& positions)
      : event_(event), positions_(positions) {}

  // nullptr when the schema has no such field, or the payload ended before it.
  const DecodedField* Find(FieldSlot slot) const {
    const size_t at = positions_[static_cast<size_t>(slot)];
    if (at >= event_.fields.size()) return nullptr;
    const DecodedField& field = event_.fields[at];
    // After an array of structs positions differ.
    return field.schema == &event_.schema->fields[at] ? &field : nullptr;
  }
  bool Has(FieldSlot slot) const { return Find(slot) != nullptr; }
  Span Bytes(FieldSlot slot) const {
    const DecodedField* field = Find(slot);
    return field == nullptr ? Span() : field->data;
  }
  uint64_t Number(FieldSlot slot, uint64_t otherwise = 0) const {
    const DecodedField* field = Find(slot);
    return field == nullptr ? otherwise : UnsignedOf(field->data);
  }
  uint32_t Number32(FieldSlot slot, uint32_t otherwise = 0) const {
    return static_cast<uint32_t>(Number(slot, otherwise));
  }
  // Of numbers in network order.
  uint16_t Port(FieldSlot slot) const;
  // Replaces `text`, whose memory is kept, by the field's in UTF-8; empty when there is none.
  void Text(FieldSlot slot, std::string* text) const;

 private:
  const DecodedEvent& event_;
  const SlotPositions& positions_;
};

class FieldFinder {
 public:
  // Of an event that is decoded by a schema. Lasts until the next call.
  EventFields FieldsOf(TraceKind kind, const DecodedEvent& event);

 private:
  struct Last {
    const EventSchema* schema = nullptr;
    const SlotPositions* positions = nullptr;
  };

  std::array<std::array<Last, 2>, kTraceEvents> last_{};
  std::unordered_map<const EventSchema*, SlotPositions> positions_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_TRACE_EVENT_FIELDS_H_
