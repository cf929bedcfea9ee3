#include "base/file_time.h"

#include <cstdio>

namespace nuthatch {
namespace {

struct Date {
  unsigned year;
  unsigned month;
  unsigned day;
};

// Of days since 1601-01-01. Years are counted from March, so that the day which leap years have
// more is their last: Hinnant, "chrono-Compatible Low-Level Date Algorithms". (Years of std::chrono
// end at 32767, FILETIME in 60056.)
Date DateOf(uint64_t days) {
  constexpr uint64_t kFromMarch1600 = 306;
  constexpr uint64_t kDaysPerEra = 146'097;  // 400 years
  days += kFromMarch1600;
  const uint64_t of_era = days % kDaysPerEra;
  const uint64_t year = (of_era - of_era / 1460 + of_era / 36'524 - of_era / 146'096) / 365;
  const uint64_t of_year = of_era - (365 * year + year / 4 - year / 100);
  const uint64_t month = (5 * of_year + 2) / 153;  // 0 is March
  const auto in_next_year = month >= 10 ? 1u : 0u;
  return {static_cast<unsigned>(1600 + days / kDaysPerEra * 400 + year) + in_next_year,
          static_cast<unsigned>(in_next_year != 0 ? month - 9 : month + 3),
          static_cast<unsigned>(of_year - (153 * month + 2) / 5 + 1)};
}

}  // namespace

void AppendFileTime(uint64_t time, std::string* out) {
  constexpr uint64_t kTicksPerSecond = 10'000'000;
  constexpr uint64_t kSecondsPerDay = 86'400;
  const uint64_t second = time / kTicksPerSecond;
  const Date date = DateOf(second / kSecondsPerDay);
  const auto in_day = static_cast<unsigned>(second % kSecondsPerDay);
  char text[64];
  const int size = std::snprintf(text, sizeof(text),
                                 date.year > 9999 ? "+%06u-%02u-%02uT%02u:%02u:%02u.%07uZ"
                                                  : "%04u-%02u-%02uT%02u:%02u:%02u.%07uZ",
                                 date.year, date.month, date.day, in_day / 3600, in_day / 60 % 60,
                                 in_day % 60, static_cast<unsigned>(time % kTicksPerSecond));
  out->append(text, static_cast<size_t>(size));
}

}  // namespace nuthatch
