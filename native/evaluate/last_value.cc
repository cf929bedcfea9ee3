#include "evaluate/last_value.h"

#include <string_view>

namespace nuthatch {
namespace {

bool IsText(const Value& value) {
  return value.kind() == ValueKind::kString && value.strings().size() == 1;
}

}  // namespace

bool LastValue::Compare(const void* matcher, const Value& value) {
  if (matcher == matcher_ && IsText(value) && value.strings()[0] == text_) {
    misses_ = 0;
    return true;
  }
  matcher_ = nullptr;
  if (++misses_ == kMostMisses) {
    misses_ = 0;
    rest_ = kRest;
  }
  return false;
}

void LastValue::Copy(const void* matcher, const Value& value) {
  const bool keep = IsText(value) && value.strings()[0].size() <= kLongest;
  matcher_ = keep ? matcher : nullptr;
  if (!keep) return;
  text_.reserve(kLongest);  // so that it allocates once
  text_ = value.strings()[0];
}

}  // namespace nuthatch
