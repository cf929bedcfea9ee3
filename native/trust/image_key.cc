#include "trust/image_key.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/case_fold.h"

namespace nuthatch {
namespace {

bool StartsWith(std::string_view text, std::string_view folded_prefix) {
  if (text.size() < folded_prefix.size()) return false;
  for (size_t i = 0; i < folded_prefix.size(); ++i) {
    const char c = text[i] == '/' ? '\\' : text[i];
    if (ToLowerAscii(c) != folded_prefix[i]) return false;
  }
  return true;
}

struct Prefix {
  std::string_view written;  // folded
  std::string_view means;
};
// Longer ones before those they begin with.
constexpr Prefix kPrefixes[] = {
    {R"(\??\unc\)", R"(\\)"},
    {R"(\\?\unc\)", R"(\\)"},
    {R"(\device\mup\)", R"(\\)"},
    {R"(\\?\globalroot\)", R"(\)"},
    {R"(\??\)", ""},
    {R"(\\?\)", ""},
    {R"(\\.\)", ""},
    {R"(\global??\)", ""},
    {R"(\dosdevices\)", ""},
    {R"(\systemroot\)", R"(c:\windows\)"},
};

// Takes the prefix of a namespace off; returns what stands for it.
std::string_view TakePrefix(std::string_view* path) {
  if (!path->starts_with('\\') && !path->starts_with('/')) return {};
  for (const Prefix& prefix : kPrefixes) {
    if (!StartsWith(*path, prefix.written)) continue;
    path->remove_prefix(prefix.written.size());
    return prefix.means;
  }
  return {};
}

size_t Write(std::string_view prefix, std::string_view rest, char* out) {
  std::copy(prefix.begin(), prefix.end(), out);
  char* const begin = out + prefix.size();
  const size_t size = FoldFileName(rest, begin);
  std::replace(begin, begin + size, '/', '\\');
  return prefix.size() + size;
}

}  // namespace

NormalPath::NormalPath(std::string_view path, DiskVolumes volumes) {
  std::string_view means = TakePrefix(&path);
  constexpr std::string_view kDevice = R"(\device\)";
  if (volumes == DiskVolumes::kAreDriveC && StartsWith(path, kDevice)) {
    const size_t end = std::min(path.size(), path.find_first_of(R"(\/)", kDevice.size()));
    if (IsDiskVolume(path.substr(kDevice.size(), end - kDevice.size()))) {
      means = R"(c:\)";
      path.remove_prefix(std::min(path.size(), end + 1));
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

bool IsDiskVolume(std::string_view device) {
  constexpr std::string_view kDisk = "harddiskvolume";
  if (!StartsWithIgnoringAsciiCase(device, kDisk) || device.size() == kDisk.size()) return false;
  return std::all_of(device.begin() + kDisk.size(), device.end(), IsAsciiDigit);
}

bool IsOnNetwork(std::string_view normal_path) {
  return normal_path.starts_with(R"(\\)") ||
         normal_path.starts_with(R"(\device\lanmanredirector\)");
}

}  // namespace nuthatch
