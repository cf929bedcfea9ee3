#include "trust/image_root.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <system_error>
#include <utility>

#include "base/ascii.h"
#include "base/case_fold.h"
#include "trust/image_key.h"

namespace nuthatch {
namespace {

namespace fs = std::filesystem;

// Of all folders that are remembered: then they are read again.
constexpr size_t kMostNames = 200000;

// A change that comes so soon after another may have the same time.
constexpr auto kCoarsestTime = std::chrono::seconds(2);

std::string Utf8(const fs::path& path) {
  const std::u8string text = path.u8string();
  return {text.begin(), text.end()};
}

fs::path FromUtf8(std::string_view text) { return {std::u8string(text.begin(), text.end())}; }

// What is before the next backslash; it and that are taken off.
std::string_view TakeName(std::string_view* path) {
  const size_t end = path->find('\\');
  const std::string_view name = path->substr(0, end);
  path->remove_prefix(end == path->npos ? path->size() : end + 1);
  return name;
}

bool TakePrefix(std::string_view prefix, std::string_view* path) {
  if (!StartsWithIgnoringAsciiCase(*path, prefix)) return false;
  path->remove_prefix(prefix.size());
  return true;
}

}  // namespace

ImageRoot::ImageRoot(const std::string& folder, std::shared_ptr<WindowsVolume> windows)
    : root_(FromUtf8(folder)), windows_(std::move(windows)) {}

const ImageRoot::Folder& ImageRoot::Read(const fs::path& folder) {
  std::error_code error;
  const auto now = fs::file_time_type::clock::now();
  const fs::file_time_type written = fs::last_write_time(folder, error);
  Folder& known = folders_[Utf8(folder)];
  if (known.settled && known.written == written) return known;
  names_ -= known.names.size();
  known.names.clear();
  known.written = written;
  known.settled = !error && written < now - kCoarsestTime;
  for (fs::directory_iterator it(folder, error); !error && it != fs::directory_iterator();
       it.increment(error)) {
    if (known.names.size() >= kMostNames) break;
    std::string name = Utf8(it->path().filename());
    std::string folded = FoldFileName(name);
    known.names.emplace(std::move(folded), std::move(name));
  }
  names_ += known.names.size();
  if (error) known.settled = false;  // it may be so for a moment only
  known.unread = error == std::errc::no_such_file_or_directory ? std::error_code() : error;
  return known;
}

// As EnterEntry, but a name that is none, or of a stream of a file, leads nowhere.
bool ImageRoot::Enter(std::string_view name, fs::path* at) {
  if (name.empty() || name == "." || name == "..") return false;
  return name.find_first_of("/:") == name.npos && EnterEntry(name, at);
}

// Goes on to an entry of that name that is no link.
bool ImageRoot::EnterEntry(std::string_view name, fs::path* at) {
  if (names_ > kMostNames) {
    folders_.clear();
    names_ = 0;
  }
  const Folder& folder = Read(*at);
  const auto [begin, end] = folder.names.equal_range(FoldFileName(name));
  if (begin == end && folder.unread) unread_ = folder.unread;
  if (begin == end) return false;
  auto found = std::find_if(begin, end, [&](const auto& entry) { return entry.second == name; });
  if (found == end && std::next(begin) != end) return false;
  if (found == end) found = begin;
  fs::path next = *at / FromUtf8(found->second);
  std::error_code error;
  const fs::file_type type = fs::symlink_status(next, error).type();
  if (error || (type != fs::file_type::directory && type != fs::file_type::regular)) return false;
  *at = std::move(next);
  return true;
}

// The system's drive may be the root itself.
bool ImageRoot::EnterDrive(char letter, fs::path* at) {
  return EnterEntry({&letter, 1}, at) || EnterEntry(std::string{letter, ':'}, at) ||
         ToLowerAscii(letter) == 'c';
}

bool ImageRoot::EnterVolume(std::string_view* path, fs::path* at) {
  if (path->starts_with(R"(\\)")) return false;
  if (TakePrefix(R"(\device\)", path)) {
    const std::string_view device = TakeName(path);
    const uint32_t disk = DiskNumberOf(device);
    return Enter(device, at) ||
           (disk != 0 && windows_ && windows_->IsOrBecomes(disk) && EnterDrive('c', at));
  }
  if (TakePrefix(R"(\)", path)) return true;
  const std::string_view drive = TakeName(path);
  const bool is_drive = drive.size() == 2 && drive[1] == ':' && ToLowerAscii(drive[0]) >= 'a' &&
                        ToLowerAscii(drive[0]) <= 'z';
  return is_drive && EnterDrive(drive[0], at);
}

bool ImageRoot::HasDisks() {
  const auto& names = Read(root_).names;
  return std::any_of(names.begin(), names.end(),
                     [](const auto& name) { return DiskNumberOf(name.first) != 0; });
}

std::optional<std::string> ImageRoot::Find(std::string_view path) {
  unread_.clear();
  if (path.size() > NormalPath::kLongest) return std::nullopt;
  if (path.find("\uFFFD") != path.npos) return std::nullopt;
  const std::string plain = WithoutPrefix(path);
  std::string_view rest = plain;
  fs::path at = root_;
  if (!EnterVolume(&rest, &at) || rest.empty()) return std::nullopt;
  while (!rest.empty()) {
    if (!Enter(TakeName(&rest), &at)) return std::nullopt;
  }
  const std::u8string below = at.lexically_relative(root_).generic_u8string();
  return std::string(below.begin(), below.end());
}

}  // namespace nuthatch
