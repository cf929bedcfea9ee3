// A file on disk, read at positions and not mapped: a mapped file that somebody shortens would end
// the process with SIGBUS.
#ifndef NUTHATCH_PLATFORM_FILE_H_
#define NUTHATCH_PLATFORM_FILE_H_

#include <memory>
#include <string>

#include "base/byte_source.h"
#include "base/status.h"

namespace nuthatch {

// `path` is UTF-8. Others may write to the file, rename and delete it meanwhile. Fails with
// NUTHATCH_INPUT_UNREADABLE.
Status OpenFile(const std::string& path, std::unique_ptr<ByteSource>* out);

}  // namespace nuthatch

#endif  // NUTHATCH_PLATFORM_FILE_H_
