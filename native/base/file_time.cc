#include "base/file_time.h"

#include <chrono>
#include <cstdio>

namespace nuthatch {

void AppendFileTime(uint64_t time, std::string* out) {
  using std::chrono::days;
  constexpr uint64_t kTicksPerSecond = 10'000'000;
  constexpr uint64_t kSecondsPerDay = 86'400;
  constexpr int kDaysBefore1970 = 134'774;  // from 1601
  const uint64_t second = time / kTicksPerSecond;
  const std::chrono::sys_days day(
      days(static_cast<int>(second / kSecondsPerDay) - kDaysBefore1970));
  const std::chrono::year_month_day date(day);
  const auto in_day = static_cast<unsigned>(second % kSecondsPerDay);
  char text[48];
  const int size = std::snprintf(text, sizeof(text), "%04d-%02u-%02uT%02u:%02u:%02u.%07uZ",
                                 static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                                 static_cast<unsigned>(date.day()), in_day / 3600, in_day / 60 % 60,
                                 in_day % 60, static_cast<unsigned>(time % kTicksPerSecond));
  out->append(text, static_cast<size_t>(size));
}

}  // namespace nuthatch
