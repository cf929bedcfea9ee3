// Where the files of another machine are: on a disk that is mounted below a folder of this one, or
// in a copy of it.
#ifndef NUTHATCH_TRUST_IMAGE_ROOT_H_
#define NUTHATCH_TRUST_IMAGE_ROOT_H_

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "trust/image_key.h"

namespace nuthatch {

// Of one thread: it remembers what it has read of folders.
class ImageRoot {
 public:
  // `folder` is UTF-8.
  explicit ImageRoot(const std::string& folder);

  // The file below the root that a path of Windows names; its letters' case does not matter where
  // there are no two that differ by it alone: then it is the one that is written just so. A
  // drive or a device is the folder of its name (`C`, `C:`, `HarddiskVolume3`) if there is one;
  // else C: and disks are the root itself. Nothing is known of other devices: a CD has other files.
  // Nothing where there is no such file, for what could not be told (U+FFFD in it), for a server's,
  // and where the way would lead outside: over
  // "..", or a link. What is there now can be a link later: open it by OpenRegularFileBelow.
  std::optional<std::string> Find(std::string_view path);
  // Whether devices of disks and C: are all the root itself, now.
  DiskVolumes volumes();

 private:
  // The name of each entry by its folded one.
  struct Folder {
    std::filesystem::file_time_type written;
    // Whether it had been as it was for so long that any change since has made `written` another.
    bool settled = false;
    std::unordered_multimap<std::string, std::string> names;
  };

  const Folder& Read(const std::filesystem::path& folder);
  bool Enter(std::string_view name, std::filesystem::path* at);
  bool EnterEntry(std::string_view name, std::filesystem::path* at);
  bool EnterDrive(char letter, std::filesystem::path* at);
  bool EnterVolume(std::string_view* path, std::filesystem::path* at);

  const std::filesystem::path root_;
  std::unordered_map<std::string, Folder> folders_;
  size_t names_ = 0;  // in all of them
};

}  // namespace nuthatch

#endif  // NUTHATCH_TRUST_IMAGE_ROOT_H_
