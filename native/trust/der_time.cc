#include "trust/der_time.h"

#include <chrono>
#include <string_view>

namespace nuthatch {
namespace {

// Two digits, which are taken away; -1 when they are none.
int TakeTwo(std::string_view* text) {
  if (text->size() < 2) return -1;
  const int high = (*text)[0] - '0';
  const int low = (*text)[1] - '0';
  if (high < 0 || high > 9 || low < 0 || low > 9) return -1;
  text->remove_prefix(2);
  return high * 10 + low;
}

// ".25" and so on, which is taken away.
int TakeMillis(std::string_view* text) {
  if (!text->starts_with('.')) return 0;
  text->remove_prefix(1);
  int millis = 0;
  int scale = 100;
  while (!text->empty() && text->front() >= '0' && text->front() <= '9') {
    millis += (text->front() - '0') * scale;
    scale /= 10;
    text->remove_prefix(1);
  }
  return millis;
}

}  // namespace

std::optional<UnixMillis> DerTime(const DerElement& element) {
  std::string_view text(reinterpret_cast<const char*>(element.content.data()),
                        element.content.size());
  int century = 0;
  if (element.tag == kDerGeneralizedTime) {
    century = TakeTwo(&text);
  } else if (element.tag != kDerUtcTime) {
    return std::nullopt;
  }
  const int two = TakeTwo(&text);
  if (century < 0 || two < 0) return std::nullopt;
  if (element.tag == kDerUtcTime) century = two < 50 ? 20 : 19;  // RFC 5280, 4.1.2.5.1
  const std::chrono::year year(century * 100 + two);
  const std::chrono::month month(static_cast<unsigned>(TakeTwo(&text)));
  const std::chrono::day day(static_cast<unsigned>(TakeTwo(&text)));
  const std::chrono::year_month_day date(year, month, day);
  const int hour = TakeTwo(&text);
  const int minute = TakeTwo(&text);
  const int second = text.empty() || text[0] == 'Z' ? 0 : TakeTwo(&text);
  const int millis = TakeMillis(&text);
  if (!date.ok() || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
      second > 60 || text != "Z")
    return std::nullopt;
  const int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000 + millis;
}

}  // namespace nuthatch
