#include "telemetry/time_operation.h"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "base/ascii.h"

namespace nuthatch {
namespace {

constexpr size_t kSecondsSize = std::string_view("YYYY-MM-DDThh:mm:ss").size();

// `text` is made of digits where `form` has 0, and of form's other characters.
bool HasForm(std::string_view text, std::string_view form) {
  if (text.size() < form.size()) return false;
  for (size_t i = 0; i < form.size(); ++i) {
    if (form[i] == '0' ? !IsAsciiDigit(text[i]) : text[i] != form[i]) return false;
  }
  return true;
}

int TwoDigits(std::string_view text, size_t at) {
  return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

void PutTwoDigits(int number, char* out) {
  out[0] = static_cast<char>('0' + number / 10);
  out[1] = static_cast<char>('0' + number % 10);
}

// Minutes east of UTC that "Z", "+hh:mm" or nothing says; false for anything else.
bool ReadOffset(std::string_view zone, int* minutes) {
  *minutes = 0;
  if (zone.empty() || zone == "Z") return true;
  if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-')) return false;
  if (!HasForm(zone.substr(1), "00:00")) return false;
  const int hours = TwoDigits(zone, 1);
  const int rest = TwoDigits(zone, 4);
  *minutes = (zone[0] == '-' ? -1 : 1) * (hours * 60 + rest);
  return hours <= 23 && rest <= 59;
}

// Writes the date and time of `text` less `offset` minutes; false outside of the years 0 to 9999.
bool WriteShifted(std::string_view text, int offset, char* out) {
  using namespace std::chrono;
  const year_month_day date(year(TwoDigits(text, 0) * 100 + TwoDigits(text, 2)),
                            month(static_cast<unsigned>(TwoDigits(text, 5))),
                            day(static_cast<unsigned>(TwoDigits(text, 8))));
  const sys_time<minutes> time =
      sys_days(date) + hours(TwoDigits(text, 11)) + minutes(TwoDigits(text, 14)) - minutes(offset);
  const sys_days midnight = floor<days>(time);
  const year_month_day shifted(midnight);
  const int y = static_cast<int>(shifted.year());
  if (y < 0 || y > 9999) return false;
  const auto minute = static_cast<int>((time - midnight).count());
  PutTwoDigits(y / 100, out);
  PutTwoDigits(y % 100, out + 2);
  PutTwoDigits(static_cast<int>(static_cast<unsigned>(shifted.month())), out + 5);
  PutTwoDigits(static_cast<int>(static_cast<unsigned>(shifted.day())), out + 8);
  PutTwoDigits(minute / 60, out + 11);
  PutTwoDigits(minute % 60, out + 14);
  return true;
}

}  // namespace

std::string_view UtcTime(std::string_view x, Arena* arena) {
  if (!HasForm(x, "0000-00-00") || x.size() < kSecondsSize) return {};
  if (x[10] != 'T' && x[10] != ' ') return {};
  if (!HasForm(x.substr(11), "00:00:00")) return {};
  const int month = TwoDigits(x, 5);
  const int day = TwoDigits(x, 8);
  if (month < 1 || month > 12 || day < 1 || day > 31) return {};
  if (TwoDigits(x, 11) > 23 || TwoDigits(x, 14) > 59 || TwoDigits(x, 17) > 60) return {};

  size_t end = kSecondsSize;
  if (end < x.size() && x[end] == '.') {
    end = std::min(x.find_first_not_of("0123456789", end + 1), x.size());
    if (end == kSecondsSize + 1) return {};
  }
  const std::string_view zone = x.substr(end);
  int offset = 0;
  if (!ReadOffset(zone, &offset)) return {};
  if (zone == "Z" && x[10] == 'T') return x;

  char* const text = arena->Allocate(end + 1);
  std::memcpy(text, x.data(), end);
  text[10] = 'T';
  text[end] = 'Z';
  if (zone.size() > 1 && !WriteShifted(x, offset, text)) return {};
  return {text, end + 1};
}

std::string_view ZonedTime(std::string_view x, Arena* arena) {
  // Beyond the seconds and their fraction there can only be a zone.
  const bool zoned = x.find_first_of("Z+-", kSecondsSize) != std::string_view::npos;
  return zoned ? UtcTime(x, arena) : std::string_view();
}

}  // namespace nuthatch
