#include "base/file_time.h"

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

// As many digits, with zeros before them. Returns their end.
char* PutDigits(uint64_t number, unsigned digits, char* out) {
  for (unsigned i = digits; i > 0; number /= 10) out[--i] = static_cast<char>('0' + number % 10);
  return out + digits;
}

constexpr uint64_t kTicksPerSecond = 10'000'000;
constexpr unsigned kTickDigits = 7;

}  // namespace

std::string_view FileTimeText::Of(uint64_t time) {
  const uint64_t second = time / kTicksPerSecond;
  if (second != second_) {
    second_ = second;
    text_.clear();
    AppendFileTime(time, &text_);
  } else {
    PutDigits(time % kTicksPerSecond, kTickDigits, text_.data() + text_.size() - kTickDigits - 1);
  }
  return text_;
}

void AppendFileTime(uint64_t time, std::string* out) {
  constexpr uint64_t kSecondsPerDay = 86'400;
  const uint64_t second = time / kTicksPerSecond;
  const Date date = DateOf(second / kSecondsPerDay);
  const auto in_day = static_cast<unsigned>(second % kSecondsPerDay);
  char text[40];
  char* at = text;
  if (date.year > 9999) *at++ = '+';
  at = PutDigits(date.year, date.year > 9999 ? 6 : 4, at);
  const auto part = [&](char separator, uint64_t number, unsigned digits) {
    *at++ = separator;
    at = PutDigits(number, digits, at);
  };
  part('-', date.month, 2);
  part('-', date.day, 2);
  part('T', in_day / 3600, 2);
  part(':', in_day / 60 % 60, 2);
  part(':', in_day % 60, 2);
  part('.', time % kTicksPerSecond, kTickDigits);
  *at++ = 'Z';
  out->append(text, at);
}

}  // namespace nuthatch
