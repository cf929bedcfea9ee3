#include "platform/file.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace nuthatch {

bool operator==(const FileIdentity& a, const FileIdentity& b) {
  const auto compared = [](const FileIdentity& i) {
    return std::tie(i.device, i.file, i.size, i.modified, i.changed, i.deleted, i.revision);
  };
  return compared(a) == compared(b);
}

bool IsUnchanged(const FileIdentity& known, const FileIdentity& now) {
  constexpr int64_t kCoarsest = 2'000'000'000;  // of FAT
  return known == now && std::max(known.modified, known.changed) < known.asked - kCoarsest;
}

OpenSource OpeningFile(std::string path) {
  return [path = std::move(path)](std::unique_ptr<ByteSource>* source) {
    return OpenFile(path, source);
  };
}

const char* TextOf(OpenFault fault) {
  switch (fault) {
    case OpenFault::kNotFound:
      return "there is no such file";
    case OpenFault::kPermissionDenied:
      return "no permission to read it";
    case OpenFault::kLocked:
      return "another process has locked it";
    case OpenFault::kNotRegular:
      return "it is no regular file, but a folder, a pipe, a device, or a link that is not "
             "followed";
    default:
      return "the system cannot open it";
  }
}

}  // namespace nuthatch
