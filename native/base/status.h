// What a call that can fail returns. Core code throws nothing.
#ifndef NUTHATCH_BASE_STATUS_H_
#define NUTHATCH_BASE_STATUS_H_

#include <string>
#include <utility>

namespace nuthatch {

// Ok, or a stable code ("NUTHATCH_PLAN_CORRUPT") with a message that says what happened, where,
// and what to do.
class [[nodiscard]] Status {
 public:
  Status() = default;
  static Status Error(const char* code, std::string message) {
    Status s;
    s.code_ = code;
    s.message_ = std::move(message);
    return s;
  }
  bool ok() const { return code_ == nullptr; }
  // A string literal; nullptr when ok.
  const char* code() const { return code_; }
  const std::string& message() const { return message_; }

 private:
  const char* code_ = nullptr;
  std::string message_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_BASE_STATUS_H_
