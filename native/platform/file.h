// A file on disk, read at positions and not mapped: a mapped file that somebody shortens would end
// the process with SIGBUS.
#ifndef NUTHATCH_PLATFORM_FILE_H_
#define NUTHATCH_PLATFORM_FILE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/byte_source.h"
#include "base/status.h"

namespace nuthatch {

// `path` is UTF-8. Others may write to the file, rename and delete it meanwhile. Fails with
// NUTHATCH_INPUT_UNREADABLE.
Status OpenFile(const std::string& path, std::unique_ptr<ByteSource>* out);
OpenSource OpeningFile(std::string path);

// What tells a file from others, and from itself before somebody wrote to it. Times are in
// nanoseconds since 1970, of the clock of its file system.
struct FileIdentity {
  uint64_t device = 0;
  uint64_t file = 0;
  uint64_t size = 0;
  int64_t modified = 0;
  // Its data or what the system keeps of it. Programs cannot set it at will, but on Windows.
  int64_t changed = 0;
  bool deleted = false;
  // Where the file system numbers what is done to files (NTFS: its USN), of the last thing done to
  // this one; programs cannot set it. Else 0.
  int64_t revision = 0;
  // When all this was asked for, by the clock of this machine; no part of what is compared.
  int64_t asked = 0;

  friend bool operator==(const FileIdentity& a, const FileIdentity& b);
};

// Whether a file that had the identity `known` before it was read has the same bytes `now`. A write
// that comes soon after another can leave all as it is, for a file system's times may be as coarse
// as 2 s: nothing is known of one that was changed so shortly before it was read (as Git has it of
// "racily clean" entries). Nor does anything tell of writes through a mapping that was written
// through before, until the system has put those on the disk.
bool IsUnchanged(const FileIdentity& known, const FileIdentity& now);

class RegularFile : public ByteSource {
 public:
  // As it is now; none when the system fails.
  virtual std::optional<FileIdentity> Identity() const = 0;
  // The system's: a HANDLE on Windows, elsewhere a descriptor.
  virtual void* native_handle() const = 0;
  // What was opened, as the system was told it: on Windows below \\?\.
  virtual const std::string& path() const = 0;
};

enum class OpenFault : uint8_t {
  kNone,
  kNotFound,
  kPermissionDenied,
  kLocked,      // by another process; it may be free later
  kNotRegular,  // a folder, a device, a pipe; a link that was not to be followed
  kOther,
};

// For people: "there is no such file".
const char* TextOf(OpenFault fault);

// Opens what may be hostile: never waits for a pipe, a device or a file that has to be fetched from
// elsewhere. Others may go on writing to it, renaming and deleting it: Identity() tells.
OpenFault OpenRegularFile(const std::string& path, bool follow_links,
                          std::unique_ptr<RegularFile>* out);

// As that, of a file below `folder`, with slashes in `path`. No link on the way is followed,
// whoever puts one there meanwhile; on Windows that is so of the file itself alone.
OpenFault OpenRegularFileBelow(const std::string& folder, const std::string& path,
                               std::unique_ptr<RegularFile>* out);

}  // namespace nuthatch

#endif  // NUTHATCH_PLATFORM_FILE_H_
