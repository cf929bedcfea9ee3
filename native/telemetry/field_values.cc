// MappedRecord: what stands in the record itself.
#include <algorithm>
#include <memory>

#include "telemetry/mapped_record.h"
#include "telemetry/xml_operations.h"

namespace nuthatch {

bool MappedRecord::IsAbsent(std::string_view text) const {
  return std::any_of(mapping_->absent.begin(), mapping_->absent.end(),
                     [&](const std::string& absent) { return absent == text; });
}

Value MappedRecord::Field(const Mappings::Expression& expression) {
  for (const PathTree::Slot slot : standardizer_.slots(expression)) {
    const Value value = Slot(slot);
    if (value.state() != ValueState::kMissing) return value;
  }
  return Value::Missing();
}

Value MappedRecord::Slot(PathTree::Slot slot) {
  const JsonSlice slice = SliceOf(slot);
  std::string_view text;
  switch (slice.kind()) {
    case JsonKind::kAbsent:
    case JsonKind::kNull:
      return Value::Missing();
    case JsonKind::kArray:
      return Elements(slice);
    case JsonKind::kObject:
      container_.Open(RawText(slice), arena_);
      return container_.pending() ? Value::Pending() : Value::Missing();
    case JsonKind::kString:
      text = String(slot);
      break;
    default:
      text = RawText(slice);
      break;
  }
  return IsAbsent(text) ? Value::Missing() : Value::String(text);
}

std::string_view MappedRecord::String(PathTree::Slot slot) {
  if (escaped_ == Escaped::kUnknown) FindEscaped();
  const bool escaped = escaped_ == Escaped::kYes;
  SlotValue& value = slots_[slot];
  const uint32_t text_of = record_ + (escaped ? 1 : 0);
  if (value.text_of != text_of) {
    value.text_of = text_of;
    value.text = UnescapeJson(RawText(value.slice), arena_);
    if (escaped) value.text = DecodeEntities(value.text, arena_);
  }
  return value.text;
}

Value MappedRecord::Elements(JsonSlice array) {
  found_.texts.clear();
  if (container_.Open(RawText(array), arena_)) container_.CollectElements(arena_, &found_);
  return FoundTexts(/*keep_empty=*/true);
}

Value MappedRecord::FoundTexts(bool keep_empty) {
  auto& texts = found_.texts;
  std::erase_if(texts, [&](std::string_view text) {
    return (text.empty() && !keep_empty) || IsAbsent(text);
  });
  if (texts.empty()) return Value::Missing();
  auto* const copy = arena_->AllocateArray<std::string_view>(texts.size());
  std::uninitialized_copy(texts.begin(), texts.end(), copy);
  return Value::Strings({copy, texts.size()});
}

// JSON text: of a field that is an object or array, that itself.
Value MappedRecord::JsonSource(ExpressionId id) {
  const Mappings::Expression& expression = mappings_.expressions[id];
  if (expression.operation != Operation::kField) return Evaluate(id);
  for (const PathTree::Slot slot : standardizer_.slots(expression)) {
    const JsonSlice slice = SliceOf(slot);
    if (slice.kind() == JsonKind::kObject || slice.kind() == JsonKind::kArray) {
      return Value::String(RawText(slice));
    }
    const Value value = Slot(slot);
    if (value.state() != ValueState::kMissing) return value;
  }
  return Value::Missing();
}

Value MappedRecord::Json(const Mappings::Expression& expression) {
  const Value source = JsonSource(mappings_.arguments[expression.operands.begin].index);
  if (!source.present() || source.kind() != ValueKind::kString) return source;
  if (!document_.Open(source.strings()[0], arena_)) return Value::Missing();
  if (document_.pending()) return Value::Pending();
  found_.texts.clear();
  found_.pending = false;
  document_.Collect(standardizer_.keys(expression), arena_, &found_);
  return found_.pending ? Value::Pending() : FoundTexts(/*keep_empty=*/false);
}

}  // namespace nuthatch
