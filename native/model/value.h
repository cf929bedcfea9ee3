// One property of one event, as matchers see it.
#ifndef NUTHATCH_MODEL_VALUE_H_
#define NUTHATCH_MODEL_VALUE_H_

#include <cstddef>
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
// arena). Only strings can hold several values. Two words, so that a value is passed in registers:
// a text of 4 GiB or more does not fit.
class Value {
 public:
  class Texts;

  static Value Missing() { return {}; }
  static Value Pending() { return Value(ValueState::kPending, ValueKind::kString, 0); }
  static Value String(std::string_view text) {
    Value v(ValueState::kPresent, ValueKind::kString, static_cast<uint32_t>(text.size()));
    v.text_ = text.data();
    return v;
  }
  // `texts` must outlive the value and hold at least one.
  static Value Strings(std::span<const std::string_view> texts) {
    Value v(ValueState::kPresent, ValueKind::kString, static_cast<uint32_t>(texts.size()));
    v.many_ = 1;
    v.texts_ = texts.data();
    return v;
  }
  static Value Number(double number) {
    Value v(ValueState::kPresent, ValueKind::kNumber, 0);
    v.number_ = number;
    return v;
  }
  static Value Boolean(bool boolean) {
    return Value(ValueState::kPresent, ValueKind::kBoolean, boolean ? 1 : 0);
  }
  Value() : Value(ValueState::kMissing, ValueKind::kString, 0) {}

  ValueState state() const { return state_; }
  ValueKind kind() const { return kind_; }
  bool present() const { return state_ == ValueState::kPresent; }
  Texts strings() const;
  // The first text; empty where there is none.
  std::string_view text() const;
  double number() const { return number_; }
  bool boolean() const { return size_ != 0; }

 private:
  Value(ValueState state, ValueKind kind, uint32_t size)
      : size_(size), state_(state), kind_(kind) {}

  union {
    const char* text_ = nullptr;
    const std::string_view* texts_;
    double number_;
  };
  uint32_t size_;  // of the text, or how many there are
  ValueState state_;
  ValueKind kind_;
  uint16_t many_ = 0;  // a truth value; of two bytes, so that values have no padding to copy around
};
static_assert(sizeof(Value) == 16);

// The texts of a value, at least one.
class Value::Texts {
 public:
  explicit Texts(const Value& value) : value_(value) {}

  size_t size() const { return value_.many_ != 0 ? value_.size_ : 1; }
  std::string_view operator[](size_t i) const {
    return value_.many_ != 0 ? value_.texts_[i] : std::string_view(value_.text_, value_.size_);
  }

  class Iterator {
   public:
    using difference_type = std::ptrdiff_t;
    using value_type = std::string_view;

    Iterator() = default;
    Iterator(const Texts* texts, size_t at) : texts_(texts), at_(at) {}
    std::string_view operator*() const { return (*texts_)[at_]; }
    Iterator& operator++() {
      ++at_;
      return *this;
    }
    Iterator operator++(int) { return {texts_, at_++}; }
    bool operator==(const Iterator& other) const = default;

   private:
    const Texts* texts_ = nullptr;
    size_t at_ = 0;
  };
  Iterator begin() const { return {this, 0}; }
  Iterator end() const { return {this, size()}; }

 private:
  Value value_;
};

inline Value::Texts Value::strings() const { return Texts(*this); }
inline std::string_view Value::text() const {
  return present() && kind() == ValueKind::kString ? strings()[0] : std::string_view();
}

}  // namespace nuthatch

#endif  // NUTHATCH_MODEL_VALUE_H_
