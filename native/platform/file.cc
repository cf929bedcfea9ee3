#include "platform/file.h"

namespace nuthatch {

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
