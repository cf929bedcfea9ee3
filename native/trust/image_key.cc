#include "trust/image_key.h"

#include <algorithm>
#include <cstring>

#include "base/ascii.h"
#include "base/case_fold.h"

namespace nuthatch {
namespace {

char Folded(char c) { return c == '/' ? '\\' : ToLowerAscii(c); }

bool StartsWith(std::string_view text, std::string_view folded_prefix) {
  const size_t size = folded_prefix.size();
  // Most texts differ in the last one, few in the first.
  if (text.size() < size || Folded(text[size - 1]) != folded_prefix[size - 1]) return false;
  for (size_t i = 0; i < folded_prefix.size(); ++i)
    if (Folded(text[i]) != folded_prefix[i]) return false;
  return true;
}

struct Prefix {
  std::string_view written;  // folded
  std::string_view means;
  size_t stays = 0;  // of its end
};
// Longer ones before those they begin with.
constexpr Prefix kPrefixes[] = {
    {R"(\??\unc\)", R"(\\)"},
    {R"(\\?\unc\)", R"(\\)"},
    {R"(\device\mup\)", R"(\\)"},
    {R"(\\?\globalroot\)", "", 1},
    {R"(\??\)", ""},
    {R"(\\?\)", ""},
    {R"(\\.\)", ""},
    {R"(\global??\)", ""},
    {R"(\dosdevices\)", ""},
    {R"(\systemroot\)", R"(c:\windows\)"},
};

// Takes the prefix of a namespace off; returns what stands for it.
std::string_view TakePrefix(std::string_view* path) {
  if (path->size() < 2 || Folded((*path)[0]) != '\\') return {};
  const char second = Folded((*path)[1]);  // most paths have that of no prefix, or of two
  for (const Prefix& prefix : kPrefixes) {
    if (second != prefix.written[1] || !StartsWith(*path, prefix.written)) continue;
    path->remove_prefix(prefix.written.size() - prefix.stays);
    return prefix.means;
  }
  return {};
}

// Where a path goes on behind \Device\HarddiskVolumeN, and N; 0 of all other paths.
struct OnDisk {
  uint32_t number = 0;
  size_t end = 0;
};
OnDisk OnDiskOf(std::string_view path) {
  constexpr std::string_view kDevice = R"(\device\)";
  if (!StartsWith(path, kDevice)) return {};
  const size_t end = std::min(path.size(), path.find_first_of(R"(\/)", kDevice.size()));
  const uint32_t number = DiskNumberOf(path.substr(kDevice.size(), end - kDevice.size()));
  return {number, std::min(path.size(), end + 1)};
}

size_t Write(std::string_view prefix, std::string_view rest, char* out) {
  std::copy(prefix.begin(), prefix.end(), out);
  char* const begin = out + prefix.size();
  const size_t size = FoldFileName(rest, begin);
  // Few have one.
  if (std::memchr(begin, '/', size) != nullptr) std::replace(begin, begin + size, '/', '\\');
  return prefix.size() + size;
}

}  // namespace

NormalPath::NormalPath(std::string_view path, WindowsVolume* windows, bool asks) {
  std::string_view means = TakePrefix(&path);
  if (windows != nullptr) {
    const OnDisk disk = OnDiskOf(path);
    if (disk.number != 0 && (asks ? windows->IsOrBecomes(disk.number) : windows->Is(disk.number))) {
      means = R"(c:\)";
      path.remove_prefix(disk.end);
    }
  }
  const size_t capacity = means.size() + FoldedCapacity(path.size());
  if (capacity <= sizeof(small_)) {
    size_ = Write(means, path, small_);
    return;
  }
  large_.resize(capacity);
  large_.resize(Write(means, path, large_.data()));
}

std::string WithoutPrefix(std::string_view path) {
  std::string plain(TakePrefix(&path));
  plain += path;
  std::replace(plain.begin(), plain.end(), '/', '\\');
  return plain;
}

uint32_t DiskNumberOf(std::string_view device) {
  constexpr std::string_view kDisk = "harddiskvolume";
  constexpr size_t kMostDigits = 9;
  if (!StartsWith(device, kDisk)) return 0;
  device.remove_prefix(kDisk.size());
  if (device.empty() || device.size() > kMostDigits || device[0] == '0') return 0;
  uint32_t number = 0;
  for (const char digit : device) {
    if (!IsAsciiDigit(digit)) return 0;
    number = 10 * number + static_cast<uint32_t>(digit - '0');
  }
  return number;
}

uint32_t DiskOf(std::string_view path) {
  TakePrefix(&path);
  return OnDiskOf(path).number;
}

bool IsOnNetwork(std::string_view normal_path) {
  return normal_path.starts_with(R"(\\)") ||
         normal_path.starts_with(R"(\device\lanmanredirector\)");
}

}  // namespace nuthatch
