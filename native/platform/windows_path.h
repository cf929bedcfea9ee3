// Paths of Windows in the form that reaches files and nothing else.
#ifndef NUTHATCH_PLATFORM_WINDOWS_PATH_H_
#define NUTHATCH_PLATFORM_WINDOWS_PATH_H_

#include <optional>
#include <string>
#include <string_view>

namespace nuthatch {

// `path`, in UTF-8, as a path below \\?\, which Windows takes as it is: of up to 32,767 characters
// instead of 260, and with names such as NUL, or ones that end in a dot or a space, for the files
// that bear them. A relative one goes on from `folder`, which is absolute. Names as the kernel has
// them in its events (\Device\HarddiskVolume3\…, \SystemRoot\…, \??\C:\…) are taken too. None if it
// names a device, a pipe or a mail slot: to open one can do something.
std::optional<std::string> ExtendedPath(std::string_view path, std::string_view folder);

}  // namespace nuthatch

#endif  // NUTHATCH_PLATFORM_WINDOWS_PATH_H_
