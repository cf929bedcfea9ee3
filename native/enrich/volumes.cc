#include "enrich/volumes.h"

#include <algorithm>

#include "base/ascii.h"

namespace nuthatch {
namespace {

constexpr std::string_view kDevice = "\\Device\\";
constexpr std::string_view kSystemRoot = "\\SystemRoot\\";
constexpr std::string_view kWindows = "\\Windows\\";
constexpr std::string_view kLoader = "\\Windows\\System32\\ntdll.dll";

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
constexpr std::string_view kNetwork = "\\Device\\Mup\\";

std::string WithBackslash(std::string_view text) {
  std::string result(text);
  if (!result.ends_with('\\')) result += '\\';
  return result;
}

bool EndsWithIgnoringAsciiCase(std::string_view text, std::string_view suffix) {
  return text.size() >= suffix.size() &&
         EqualIgnoringAsciiCase(text.substr(text.size() - suffix.size()), suffix);
}

// Where the server's name begins, after the redirector and the drive that it is mounted as:
// \Device\Mup\;LanmanRedirector\;Z:0000000000020d40\server\share.
size_t ServerAt(std::string_view nt_path) {
  const size_t drive = nt_path.rfind("\\;");
  if (drive == nt_path.npos) return kNetwork.size();
  const size_t end = nt_path.find('\\', drive + 1);
  return end == nt_path.npos ? kNetwork.size() : end + 1;
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
  ++revision_;
}

void Volumes::SetWindowsFolder(std::string_view path) {
  while (path.ends_with('\\')) path.remove_suffix(1);
  if (path.empty() || path.size() > kLongestPrefix || path == windows_) return;
  windows_ = path;
  ++revision_;
}

void Volumes::LearnFromImage(std::string_view nt_path) {
  if (!system_volume_.empty() || nt_path.size() > kLongestPrefix) return;
  if (!StartsWithIgnoringAsciiCase(nt_path, kDevice)) return;
  if (!EndsWithIgnoringAsciiCase(nt_path, kLoader)) return;
  system_volume_ = nt_path.substr(0, nt_path.size() - kLoader.size() + 1);
  ++revision_;
}

void Volumes::AppendPath(std::string_view nt_path, std::string* out) const {
  const auto replace = [&](size_t prefix, std::string_view by, std::string_view more = {}) {
    out->append(by).append(more).append(nt_path.substr(prefix));
  };
  if (!nt_path.starts_with('\\')) return replace(0, {});
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
  // Windows 7's rundown of images leaves the volume out.
  if (StartsWithIgnoringAsciiCase(nt_path, kWindows)) return replace(0, drive);
  if (StartsWithIgnoringAsciiCase(nt_path, kNetwork)) return replace(ServerAt(nt_path), "\\\\");
  for (const Prefix& prefix : kPrefixes) {
    if (StartsWithIgnoringAsciiCase(nt_path, prefix.nt))
      return replace(prefix.nt.size(), prefix.dos);
  }
  replace(0, {});
}

}  // namespace nuthatch
