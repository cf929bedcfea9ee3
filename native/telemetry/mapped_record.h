// One record as a mapping sees it: finds its route, and computes properties from its values.
// Nothing is decoded before it is asked for.
#ifndef NUTHATCH_TELEMETRY_MAPPED_RECORD_H_
#define NUTHATCH_TELEMETRY_MAPPED_RECORD_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "model/value.h"
#include "telemetry/json_document.h"
#include "telemetry/json_text.h"
#include "telemetry/record_reader.h"
#include "telemetry/standardizer.h"

namespace nuthatch {

// Reused from record to record; one thread at a time.
class MappedRecord {
 public:
  // `standardizer` must outlive it.
  explicit MappedRecord(const Standardizer& standardizer);

  // Begins a record: `found` is what RecordReader found, counted from `base`. The text, and
  // `arena`, which new text goes to, must stay until the next Begin, and so must the values given
  // out.
  void Begin(const char* base, std::span<const FoundValue> found, Arena* arena);

  // The route of the record; nothing when it has none.
  std::optional<RouteId> FindRoute();
  // What to count a record without a route under; after FindRoute.
  std::string_view Label();

  // After Begin: goes on with the route that FindRoute gave for this record before.
  void SetRoute(RouteId route);
  EventType type() const { return standardizer_.type(route_); }
  // A property that is not live is missing.
  Value Property(PropertyId id);

 private:
  // What a slot holds, if its record is this one; and its text, once decoded.
  struct SlotValue {
    uint32_t record = 0;
    uint32_t text_of = 0;
    JsonSlice slice;
    std::string_view text;
  };

  JsonSlice SliceOf(PathTree::Slot slot) const {
    const SlotValue& value = slots_[slot];
    return value.record == record_ ? value.slice : JsonSlice{};
  }
  bool Recognise(size_t mapping);
  bool HasFieldsOf(size_t mapping) const;
  std::optional<RouteId> RouteIn(size_t mapping);
  // From here on the texts of an escaped record are decoded; conditions read them as they are.
  void EndConditions();
  void FindEscaped();
  bool Holds(const Mappings::Condition& condition);
  bool AllHold(const std::vector<Mappings::Condition>& conditions);
  bool IsAbsent(std::string_view text) const;
  std::string_view RawText(JsonSlice slice) const { return {base_ + slice.offset, slice.length()}; }

  Value Evaluate(ExpressionId id);
  Value Argument(const Mappings::Expression& expression, uint32_t i);
  std::string_view Literal(const Mappings::Expression& expression, uint32_t i) const;
  // The first text of a source; nothing when it has none.
  std::optional<std::string_view> TextOf(ExpressionId id);
  Value OnText(const Mappings::Expression& expression);
  Value Field(const Mappings::Expression& expression);
  Value Slot(PathTree::Slot slot);
  std::string_view String(PathTree::Slot slot);
  Value Elements(JsonSlice array);
  Value First(const Mappings::Expression& expression);
  Value Lookup(const Mappings::Expression& expression);
  Value Select(const Mappings::Expression& expression);
  Value Join(const Mappings::Expression& expression);
  Value Json(const Mappings::Expression& expression);
  Value JsonSource(ExpressionId id);
  Value FoundTexts(bool keep_empty);

  const Standardizer& standardizer_;
  const Mappings& mappings_;
  const char* base_ = nullptr;
  Arena* arena_ = nullptr;
  const Mappings::Mapping* mapping_ = nullptr;
  RouteId route_ = 0;
  // Whether the texts are escaped, by the mapping; found out when the first one is asked for.
  enum class Escaped : uint8_t { kNo, kYes, kUnknown };
  Escaped escaped_ = Escaped::kNo;
  uint32_t record_ = 0;  // odd numbers, as texts of an escaped record count as of the next one
  std::vector<SlotValue> slots_;
  std::vector<uint32_t> candidates_;
  JsonDocument document_;   // of the operation json: one text, often asked again
  JsonDocument container_;  // arrays and objects that are a field's value
  JsonDocument::Found found_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_TELEMETRY_MAPPED_RECORD_H_
