#include "platform/windows_path.h"

#include <algorithm>
#include <vector>

#include "base/ascii.h"

namespace nuthatch {
namespace {

constexpr std::string_view kExtended = R"(\\?\)";
constexpr std::string_view kGlobalRoot = R"(GLOBALROOT\)";

bool HasDrive(std::string_view path) {
  return path.size() >= 2 && path[1] == ':' && IsAsciiLetter(path[0]);
}

// `root`, which ends with a separator, and the names in `rest` with its . and .. gone: none leads
// above the root.
std::string Join(std::string root, std::string_view rest) {
  std::vector<std::string_view> names;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find('\\'), rest.size());
    const std::string_view name = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (name.empty() || name == ".") continue;
    if (name != "..") {
      names.push_back(name);
    } else if (!names.empty()) {
      names.pop_back();
    }
  }
  for (const std::string_view name : names) {
    if (root.back() != '\\') root += '\\';
    root += name;
  }
  return root;
}

// Server, share and what follows.
std::optional<std::string> Network(std::string_view path) {
  const size_t server = path.find('\\');
  if (server == 0 || server == std::string_view::npos) return std::nullopt;
  const size_t share = std::min(path.find('\\', server + 1), path.size());
  const std::string_view name = path.substr(server + 1, share - server - 1);
  if (name.empty() || EqualIgnoringAsciiCase(name, "pipe") ||
      EqualIgnoringAsciiCase(name, "mailslot") || EqualIgnoringAsciiCase(name, "IPC$"))
    return std::nullopt;
  const std::string root(path.substr(0, share));
  return Join(std::string(kExtended) + "UNC\\" + root + '\\', path.substr(share));
}

// What follows \\?\ or \??\, which need not be normal.
std::optional<std::string> Extended(std::string_view path) {
  constexpr std::string_view kUnc = R"(UNC\)";
  constexpr std::string_view kVolume = "Volume{";
  if (StartsWithIgnoringAsciiCase(path, kUnc)) return Network(path.substr(kUnc.size()));
  if (StartsWithIgnoringAsciiCase(path, kGlobalRoot)) {
    constexpr std::string_view kDisk = R"(Device\HarddiskVolume)";
    const std::string_view name = path.substr(kGlobalRoot.size());
    const bool disk = StartsWithIgnoringAsciiCase(name, kDisk) &&
                      name.find('\\', kDisk.size()) != std::string_view::npos;
    if (!disk && !StartsWithIgnoringAsciiCase(name, R"(SystemRoot\)")) return std::nullopt;
    return std::string(kExtended).append(path);
  }
  // A drive or volume without a folder is the device.
  const bool volume = StartsWithIgnoringAsciiCase(path, kVolume);
  const bool drive = HasDrive(path) && path.size() > 2 && path[2] == '\\';
  if (!drive && !(volume && path.find('\\') != std::string_view::npos)) return std::nullopt;
  return std::string(kExtended).append(path);
}

}  // namespace

std::optional<std::string> ExtendedPath(std::string_view path, std::string_view folder) {
  constexpr std::string_view kMup = R"(\Device\Mup\)";
  // Below \\?\ a slash is a character of a name, which no file system of Windows allows.
  std::string normal(path);
  std::replace(normal.begin(), normal.end(), '/', '\\');
  path = normal;
  if (path.empty()) return std::nullopt;
  if (StartsWithIgnoringAsciiCase(path, kExtended) || StartsWithIgnoringAsciiCase(path, R"(\??\)"))
    return Extended(path.substr(kExtended.size()));
  if (StartsWithIgnoringAsciiCase(path, R"(\\.\)")) return std::nullopt;
  if (StartsWithIgnoringAsciiCase(path, R"(\\)")) return Network(path.substr(2));
  if (StartsWithIgnoringAsciiCase(path, kMup)) return Network(path.substr(kMup.size()));
  if (StartsWithIgnoringAsciiCase(path, R"(\Device\)") ||
      StartsWithIgnoringAsciiCase(path, R"(\SystemRoot\)"))
    return Extended(std::string(kGlobalRoot) + normal.substr(1));
  if (HasDrive(path) && path.size() > 2 && path[2] == '\\')
    return Join(std::string(kExtended) + normal.substr(0, 3), path.substr(3));
  const bool drive = HasDrive(path);
  // Of another drive nothing is known of where it stands.
  if (drive && !StartsWithIgnoringAsciiCase(folder, path.substr(0, 2)))
    return Join(std::string(kExtended) + normal.substr(0, 2) + '\\', path.substr(2));
  if (path[0] == '\\') {
    if (!HasDrive(folder)) return std::nullopt;
    return Join(std::string(kExtended).append(folder.substr(0, 2)) + '\\', path);
  }
  return ExtendedPath(std::string(folder) + '\\' + normal.substr(drive ? 2 : 0), {});
}

}  // namespace nuthatch
