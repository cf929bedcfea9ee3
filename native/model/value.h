// One property of one event, as matchers see it.
#ifndef NUTHATCH_MODEL_VALUE_H_
#define NUTHATCH_MODEL_VALUE_H_

#include <cstdint>
#include <span>
#include <string_view>

namespace nuthatch {

enum class ValueState : uint8_t {
  kMissing,  // positive terms are false, their does_not_ twins true
  kPending,  // still being found out: every term on it is unknown
  kPresent,
};

enum class ValueKind : uint8_t { kString, kNumber, kBoolean };

// Text is UTF-8 and lives as long as the event it belongs to (in the record's bytes or the event's
// arena). Only strings can hold several values.
class Value {
 public:
  static Value Missing() { return Value(ValueState::kMissing, ValueKind::kString); }
  static Value Pending() { return Value(ValueState::kPending, ValueKind::kString); }
  static Value String(std::string_view text) {
    Value v(ValueState::kPresent, ValueKind::kString);
    v.text_ = text;
    return v;
  }
  // `texts` must outlive the value and hold at least one.
  static Value Strings(std::span<const std::string_view> texts) {
    Value v(ValueState::kPresent, ValueKind::kString);
    v.many_ = texts.data();
    v.count_ = static_cast<uint32_t>(texts.size());
    return v;
  }
  static Value Number(double number) {
    Value v(ValueState::kPresent, ValueKind::kNumber);
    v.number_ = number;
    return v;
  }
  static Value Boolean(bool boolean) {
    Value v(ValueState::kPresent, ValueKind::kBoolean);
    v.number_ = boolean ? 1 : 0;
    return v;
  }
  Value() : Value(ValueState::kMissing, ValueKind::kString) {}

  ValueState state() const { return state_; }
  ValueKind kind() const { return kind_; }
  bool present() const { return state_ == ValueState::kPresent; }
  std::span<const std::string_view> strings() const {
    return many_ ? std::span(many_, count_) : std::span(&text_, 1);
  }
  double number() const { return number_; }
  bool boolean() const { return number_ != 0; }

 private:
  Value(ValueState state, ValueKind kind) : state_(state), kind_(kind) {}

  ValueState state_;
  ValueKind kind_;
  uint32_t count_ = 1;
  const std::string_view* many_ = nullptr;
  std::string_view text_;
  double number_ = 0;
};

}  // namespace nuthatch

#endif  // NUTHATCH_MODEL_VALUE_H_
