#ifndef NUTHATCH_BASE_FILE_TIME_H_
#define NUTHATCH_BASE_FILE_TIME_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace nuthatch {

// Between FILETIME and milliseconds since 1970.
inline constexpr int64_t kTicksPerMillisecond = 10'000;
inline constexpr int64_t kUnixEpochMillis = 11'644'473'600'000;  // since 1601
constexpr int64_t FileTimeToUnixMillis(uint64_t time) {
  return static_cast<int64_t>(time) / kTicksPerMillisecond - kUnixEpochMillis;
}
constexpr uint64_t UnixMillisToFileTime(int64_t time) {
  return static_cast<uint64_t>(time + kUnixEpochMillis) * kTicksPerMillisecond;
}

// ISO 8601 of a FILETIME (100 ns since 1601, in UTC) to all of its 100 ns.
void AppendFileTime(uint64_t time, std::string* out);

// The same of one time after the other: within a second only the last digits are written anew.
class FileTimeText {
 public:
  // Lasts until the next call.
  std::string_view Of(uint64_t time);

 private:
  uint64_t second_ = UINT64_MAX;
  std::string text_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_BASE_FILE_TIME_H_
