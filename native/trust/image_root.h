// Where the files of another machine are: on a disk that is mounted below a folder of this one, or
// in a copy of it.
#ifndef NUTHATCH_TRUST_IMAGE_ROOT_H_
#define NUTHATCH_TRUST_IMAGE_ROOT_H_

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <unordered_map>

#include "trust/image_key.h"

namespace nuthatch {

// Of one thread: it remembers what it has read of folders.
class ImageRoot {
 public:
  // `folder` is UTF-8. `windows`: which disk is C:, if it has no folder; nullptr: none is.
  explicit ImageRoot(const std::string& folder, std::shared_ptr<WindowsVolume> windows = nullptr);

  // The file below the root that a path of Windows names; its letters' case does not matter where
  // there are no two that differ by it alone: then it is the one that is written just so. A
  // drive or a device is the folder of its name (`C`, `C:`, `HarddiskVolume3`) if there is one;
  // else Windows' disk is C:, and C: the root itself. Nothing is known of other disks and devices:
  // those have other files.
  // Nothing where there is no such file, for what could not be told (U+FFFD in it), for a server's,
  // and where the way would lead outside: over
  // "..", or a link. What is there now can be a link later: open it by OpenRegularFileBelow.
  std::optional<std::string> Find(std::string_view path);
  // Why a folder on the way could not be read, if that is why Find has found nothing.
  std::error_code unread() const { return unread_; }
  // Whether a disk has a folder, now: then each has its own.
  bool HasDisks();

 private:
  // The name of each entry by its folded one.
  struct Folder {
    std::filesystem::file_time_type written;
    // Whether it had been as it was for so long that any change since has made `written` another.
    bool settled = false;
    std::error_code unread;  // why its entries are not all there
    std::unordered_multimap<std::string, std::string> names;
  };

  const Folder& Read(const std::filesystem::path& folder);
  bool Enter(std::string_view name, std::filesystem::path* at);
  bool EnterEntry(std::string_view name, std::filesystem::path* at);
  bool EnterDrive(char letter, std::filesystem::path* at);
  bool EnterVolume(std::string_view* path, std::filesystem::path* at);

  const std::filesystem::path root_;
  const std::shared_ptr<WindowsVolume> windows_;
  std::unordered_map<std::string, Folder> folders_;
  size_t names_ = 0;  // in all of them
  std::error_code unread_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_TRUST_IMAGE_ROOT_H_
