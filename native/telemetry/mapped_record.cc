#include "telemetry/mapped_record.h"

#include <algorithm>
#include <cassert>
#include <memory>

#include "base/ascii.h"
#include "telemetry/operations.h"

namespace nuthatch {

using Expression = Mappings::Expression;

MappedRecord::MappedRecord(const Standardizer& standardizer)
    : standardizer_(standardizer),
      mappings_(standardizer.mappings()),
      slots_(standardizer.paths().slots()) {}

void MappedRecord::Begin(const char* base, std::span<const FoundValue> found, Arena* arena) {
  base_ = base;
  arena_ = arena;
  document_.Forget();
  container_.Forget();
  escaped_ = Escaped::kNo;
  record_ += 2;
  if (record_ <= 2) {
    std::fill(slots_.begin(), slots_.end(), SlotValue{});
    record_ = 3;
  }
  for (const FoundValue& value : found) {
    slots_[value.slot].record = record_;
    slots_[value.slot].slice = value.slice;
  }
}

std::optional<RouteId> MappedRecord::FindRoute() {
  mapping_ = nullptr;
  for (size_t i = 0; i < mappings_.mappings.size(); ++i) {
    if (!Recognise(i)) continue;
    const auto route = RouteIn(i);
    EndConditions();
    return route;
  }
  mapping_ = nullptr;
  return std::nullopt;
}

std::optional<RouteId> MappedRecord::RouteIn(size_t mapping) {
  const auto text_of = [this](ExpressionId source) { return TextOf(source).value_or(""); };
  const RouteIndex& index = standardizer_.routes_of(mapping);
  index.Find(text_of, &candidates_);
  for (const uint32_t candidate : candidates_) {
    const auto& when = mapping_->routes[candidate].when;
    const auto holds = [&](const Mappings::Condition& condition) {
      return &condition == index.indexed(candidate) || Holds(condition);
    };
    if (!std::all_of(when.begin(), when.end(), holds)) continue;
    route_ = standardizer_.first_route(mapping) + candidate;
    return route_;
  }
  return std::nullopt;
}

void MappedRecord::EndConditions() {
  if (!mapping_->escaped.empty()) escaped_ = Escaped::kUnknown;
}

// These conditions, too, read texts as they are.
void MappedRecord::FindEscaped() {
  escaped_ = Escaped::kNo;
  if (AllHold(mapping_->escaped)) escaped_ = Escaped::kYes;
}

bool MappedRecord::Recognise(size_t mapping) {
  if (!HasFieldsOf(mapping)) return false;
  mapping_ = &mappings_.mappings[mapping];
  return AllHold(mapping_->when);
}

// Mostly the first field decides.
bool MappedRecord::HasFieldsOf(size_t mapping) const {
  for (const std::vector<PathTree::Slot>& alternative : standardizer_.recognise(mapping)) {
    size_t present = 0;
    while (present < alternative.size() && SliceOf(alternative[present]).present()) ++present;
    if (present == alternative.size()) return true;
  }
  return false;
}

bool MappedRecord::AllHold(const std::vector<Mappings::Condition>& conditions) {
  return std::all_of(conditions.begin(), conditions.end(),
                     [this](const Mappings::Condition& condition) { return Holds(condition); });
}

bool MappedRecord::Holds(const Mappings::Condition& condition) {
  if (condition.values.empty()) return Evaluate(condition.source).state() != ValueState::kMissing;
  const auto text = TextOf(condition.source);
  return text && std::any_of(condition.values.begin(), condition.values.end(),
                             [&](const std::string& value) {
                               return EqualIgnoringAsciiCase(*text, value);
                             });
}

std::string_view MappedRecord::Label() {
  if (mapping_ == nullptr) return "unrecognised";
  return TextOf(mapping_->label).value_or(mapping_->name);
}

void MappedRecord::SetRoute(RouteId route) {
  route_ = route;
  mapping_ = &mappings_.mappings[standardizer_.mapping_of(route)];
  EndConditions();
}

Value MappedRecord::Property(PropertyId id) {
  const ExpressionId source = standardizer_.source(route_, id);
  if (source == Standardizer::kNoExpression) return Value::Missing();
  const Value value = Evaluate(source);
  if (!value.present()) return value;
  const PropertyKind kind = KindOf(id);
  const bool fits = kind == PropertyKind::kNumber    ? value.kind() == ValueKind::kNumber
                    : kind == PropertyKind::kBoolean ? value.kind() == ValueKind::kBoolean
                                                     : value.kind() == ValueKind::kString;
  return fits ? value : Value::Missing();  // only a Plan that encode.ts did not write
}

Value MappedRecord::Evaluate(ExpressionId id) {
  const Expression& expression = mappings_.expressions[id];
  switch (expression.operation) {
    case Operation::kField:
      return Field(expression);
    case Operation::kConstant:
      return Value::String(Literal(expression, 0));
    case Operation::kFirst:
      return First(expression);
    case Operation::kLookup:
    case Operation::kLookupOnly:
      return Lookup(expression);
    case Operation::kSelect:
      return Select(expression);
    case Operation::kJson:
      return Json(expression);
    case Operation::kJoin:
    case Operation::kJoinAll:
      return Join(expression);
    default:
      return OnText(expression);
  }
}

Value MappedRecord::Argument(const Expression& expression, uint32_t i) {
  const Mappings::Argument& argument = mappings_.arguments[expression.operands.begin + i];
  assert(!argument.is_literal);
  return Evaluate(argument.index);
}

std::string_view MappedRecord::Literal(const Expression& expression, uint32_t i) const {
  const Mappings::Argument& argument = mappings_.arguments[expression.operands.begin + i];
  assert(argument.is_literal);
  return mappings_.literals[argument.index];
}

std::optional<std::string_view> MappedRecord::TextOf(ExpressionId id) {
  const Value value = Evaluate(id);
  if (!value.present() || value.kind() != ValueKind::kString) return std::nullopt;
  return value.strings()[0];
}

Value MappedRecord::OnText(const Expression& expression) {
  const Value x = Argument(expression, 0);
  if (!x.present() || x.kind() != ValueKind::kString) return x;
  const std::string_view literal = expression.operands.count > 1 ? Literal(expression, 1) : "";
  return TextOperationOf(expression.operation)(x.strings()[0], literal, arena_);
}

Value MappedRecord::First(const Expression& expression) {
  for (uint32_t i = 0; i < expression.operands.count; ++i) {
    const Value value = Argument(expression, i);
    if (value.state() != ValueState::kMissing) return value;
  }
  return Value::Missing();
}

Value MappedRecord::Lookup(const Expression& expression) {
  const Value x = Argument(expression, 0);
  if (!x.present() || x.kind() != ValueKind::kString) return x;
  std::string_view text = x.strings()[0];
  bool found = expression.operation == Operation::kLookup;
  for (uint32_t i = 1; i < expression.operands.count; i += 2) {
    if (!EqualIgnoringAsciiCase(Literal(expression, i), text)) continue;
    text = Literal(expression, i + 1);
    found = true;
    break;
  }
  return found && !text.empty() ? Value::String(text) : Value::Missing();
}

Value MappedRecord::Select(const Expression& expression) {
  const Value x = Argument(expression, 0);
  if (!x.present() || x.kind() != ValueKind::kString) return x;
  for (uint32_t i = 1; i < expression.operands.count; i += 2) {
    if (EqualIgnoringAsciiCase(Literal(expression, i), x.strings()[0])) {
      return Argument(expression, i + 1);
    }
  }
  return Value::Missing();
}

Value MappedRecord::Join(const Expression& expression) {
  const std::string_view separator = Literal(expression, 0);
  const uint32_t count = expression.operands.count;
  auto* const texts = arena_->AllocateArray<std::string_view>(count);
  size_t present = 0;
  size_t size = 0;
  bool pending = false;
  for (uint32_t i = 1; i < count; ++i) {
    const Value value = Argument(expression, i);
    pending |= value.state() == ValueState::kPending;
    if (!value.present() || value.kind() != ValueKind::kString) continue;
    std::construct_at(texts + present++, value.strings()[0]);
    size += value.strings()[0].size() + separator.size();
  }
  if (pending) return Value::Pending();
  const bool needs_all = expression.operation == Operation::kJoinAll;
  if (present == 0 || (needs_all && present + 1 < count)) return Value::Missing();
  char* const joined = arena_->Allocate(size);
  char* end = joined;
  for (size_t i = 0; i < present; ++i) {
    if (i > 0) end += separator.copy(end, separator.size());
    end += texts[i].copy(end, texts[i].size());
  }
  if (end == joined) return Value::Missing();
  return Value::String({joined, static_cast<size_t>(end - joined)});
}

}  // namespace nuthatch
