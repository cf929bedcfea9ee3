#ifndef NUTHATCH_ETW_PAYLOAD_DECODER_H_
#define NUTHATCH_ETW_PAYLOAD_DECODER_H_

#include <cstdint>
#include <span>
#include <vector>

#include "etw/decoded_event.h"

namespace nuthatch {

// Reads payloads by schemas. Its memory is reused: a call allocates only when an event has more
// fields than any before.
class PayloadDecoder {
 public:
  // Entries of one event; what has more is incomplete.
  static constexpr size_t kMaxEntries = 32768;

  // Sets fields, rest and incomplete of `event`.
  void Decode(const EventSchema& schema, std::span<const uint8_t> payload, uint8_t pointer_size,
              DecodedEvent* event);

 private:
  using Span = std::span<const uint8_t>;

  bool DecodeFields(size_t begin, size_t end);
  bool TakeNumber(size_t index);
  bool DecodeField(size_t index);
  bool DecodeArray(size_t index, size_t count);
  bool DecodeUntilEnd(size_t index);
  bool DecodeStruct(size_t index);
  bool DecodeValue(size_t index, DecodedField* field);
  bool Extend(const Extent& extent, size_t* value);
  bool TakeText(const FieldSchema& field, size_t unit, Span* value);
  bool TakeSid(Span* value);
  bool TakeTokenSid(Span* value);
  bool TakeCounted(Span* value);
  bool Take(size_t size, Span* value);
  DecodedField* Push(size_t index);

  const EventSchema* schema_ = nullptr;
  Span rest_;
  uint8_t pointer_size_ = 8;
  std::vector<DecodedField> entries_;
  std::vector<uint32_t> values_;  // of referenced fields, by their index
};

}  // namespace nuthatch

#endif  // NUTHATCH_ETW_PAYLOAD_DECODER_H_
