#include "enrich/volumes.h"

#include <algorithm>

#include "base/ascii.h"

namespace nuthatch {
namespace {

constexpr std::string_view kDevice = "\\Device\\";
constexpr std::string_view kDisk = "\\Device\\HarddiskVolume";
constexpr std::string_view kSystemRoot = "\\SystemRoot\\";
constexpr std::string_view kLoader = "Windows\\System32\\ntdll.dll";
constexpr std::string_view kSystemFolders[] = {"Windows\\System32\\", "Windows\\SysWOW64\\"};
// Where Windows is set up, these are on its volume.
constexpr std::string_view kSetUpFolders[] = {
    "\\Windows\\", "\\Program Files\\", "\\Program Files (x86)\\", "\\ProgramData\\", "\\Users\\"};

struct Prefix {
  std::string_view nt;
  std::string_view dos;
};
// The same on every machine. Longer ones first.
constexpr Prefix kPrefixes[] = {
    {"\\??\\UNC\\", "\\\\"},
    {"\\??\\", ""},
    {"\\DosDevices\\", ""},
    {"\\\\?\\", ""},
};
constexpr std::string_view kRedirectors[] = {"\\Device\\Mup\\", "\\Device\\LanmanRedirector\\"};

std::string WithBackslash(std::string_view text) {
  std::string result(text);
  if (!result.ends_with('\\')) result += '\\';
  return result;
}

// Where the component after the one at `at` begins; the path's end when there is none.
size_t NextComponent(std::string_view path, size_t at) {
  const size_t end = path.find('\\', at);
  return end == path.npos ? path.size() : end + 1;
}

// Where the server's name begins, after the redirector and the drive that it is mounted as:
// \Device\Mup\;LanmanRedirector\;Z:0000000000020d40\server\share, \Device\Mup\DfsClient\;Z:….
size_t ServerAt(std::string_view nt_path, size_t after_prefix) {
  const auto is_added = [&](size_t at) { return at < nt_path.size() && nt_path[at] == ';'; };
  const size_t second = NextComponent(nt_path, after_prefix);
  if (is_added(second)) return NextComponent(nt_path, second);
  return is_added(after_prefix) ? second : after_prefix;
}

template <size_t count>
const std::string_view* PrefixOf(const std::string_view (&prefixes)[count], std::string_view path) {
  const auto found = std::find_if(prefixes, prefixes + count, [&](std::string_view prefix) {
    return StartsWithIgnoringAsciiCase(path, prefix);
  });
  return found == prefixes + count ? nullptr : found;
}

// Of \Device\HarddiskVolume3\Windows: what is below the volume; nothing when it is not on one.
std::string_view BelowVolume(std::string_view nt_path) {
  if (!StartsWithIgnoringAsciiCase(nt_path, kDevice)) return {};
  return nt_path.substr(NextComponent(nt_path, kDevice.size()));
}

}  // namespace

void Volumes::Add(std::string_view nt_prefix, std::string_view dos_prefix) {
  // Merged traces say also that \??\ is nothing.
  if (nt_prefix.empty() || dos_prefix.empty()) return;
  if (std::max(nt_prefix.size(), dos_prefix.size()) > kLongestPrefix) return;
  if (mappings_.size() == kMaxMappings) return;
  Mapping mapping{WithBackslash(nt_prefix), WithBackslash(dos_prefix)};
  const auto same = [&](const Mapping& other) {
    return EqualIgnoringAsciiCase(other.nt, mapping.nt);
  };
  if (std::any_of(mappings_.begin(), mappings_.end(), same)) return;
  has_device_ = has_device_ || StartsWithIgnoringAsciiCase(mapping.nt, kDevice);
  const auto at = std::find_if(mappings_.begin(), mappings_.end(), [&](const Mapping& other) {
    return other.nt.size() < mapping.nt.size();
  });
  mappings_.insert(at, std::move(mapping));
  LetterWindowsFolder();
  ++revision_;
}

void Volumes::SetWindowsFolder(std::string_view path) {
  while (path.ends_with('\\')) path.remove_suffix(1);
  if (path.empty() || path.size() > kLongestPrefix) return;
  windows_said_ = true;
  if (path == windows_) return;
  windows_ = path;
  ++revision_;
}

void Volumes::LearnFromImage(std::string_view nt_path) {
  if (loader_seen_) return;
  const std::string_view below = BelowVolume(nt_path);
  if (!EqualIgnoringAsciiCase(below, kLoader)) return;
  loader_seen_ = true;
  SetSystemVolume(nt_path, below);
}

void Volumes::LearnFromProgram(std::string_view nt_path) {
  if (!system_volume_.empty()) return;
  const std::string_view below = BelowVolume(nt_path);
  if (PrefixOf(kSystemFolders, below) != nullptr) SetSystemVolume(nt_path, below);
}

void Volumes::SetSystemVolume(std::string_view nt_path, std::string_view below) {
  const std::string_view volume = nt_path.substr(0, nt_path.size() - below.size());
  if (volume.size() > kLongestPrefix || volume == system_volume_) return;
  system_volume_ = volume;
  LetterWindowsFolder();
  ++revision_;
}

void Volumes::LetterWindowsFolder() {
  if (windows_said_ || system_volume_.empty()) return;
  for (const Mapping& mapping : mappings_) {
    const bool is_drive = mapping.dos.size() == 3 && mapping.dos[1] == ':';
    if (is_drive && EqualIgnoringAsciiCase(mapping.nt, system_volume_))
      windows_ = mapping.dos + "Windows";
  }
}

void Volumes::AppendPath(std::string_view nt_path, std::string* out) const {
  const auto replace = [&](size_t prefix, std::string_view by, std::string_view more = {}) {
    out->append(by).append(more).append(nt_path.substr(prefix));
  };
  if (!nt_path.starts_with('\\')) return replace(0, {});
  // Before mappings: merged traces have one of \Device\Mup\ too, that knows no drives.
  if (const std::string_view* redirector = PrefixOf(kRedirectors, nt_path))
    return replace(ServerAt(nt_path, redirector->size()), "\\\\");
  for (const Mapping& mapping : mappings_) {
    if (StartsWithIgnoringAsciiCase(nt_path, mapping.nt))
      return replace(mapping.nt.size(), mapping.dos);
  }
  const std::string_view drive = std::string_view(windows_).substr(0, windows_.find('\\'));
  if (!has_device_ && !system_volume_.empty() &&
      StartsWithIgnoringAsciiCase(nt_path, system_volume_))
    return replace(system_volume_.size(), drive, "\\");
  if (StartsWithIgnoringAsciiCase(nt_path, kSystemRoot))
    return replace(kSystemRoot.size(), windows_, "\\");
  // Windows 7's events of images leave the volume out.
  if (PrefixOf(kSetUpFolders, nt_path) != nullptr) return replace(0, drive);
  for (const Prefix& prefix : kPrefixes) {
    if (StartsWithIgnoringAsciiCase(nt_path, prefix.nt))
      return replace(prefix.nt.size(), prefix.dos);
  }
  if (StartsWithIgnoringAsciiCase(nt_path, kDisk)) met_unknown_ = true;
  replace(0, {});
}

std::string_view Volumes::windows_volume() const {
  const std::string drive = WithBackslash(windows_.substr(0, windows_.find('\\')));
  for (const Mapping& mapping : mappings_)
    if (EqualIgnoringAsciiCase(mapping.dos, drive)) return mapping.nt;
  return has_device_ ? std::string_view() : system_volume_;
}

}  // namespace nuthatch
