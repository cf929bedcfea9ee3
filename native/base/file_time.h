#ifndef NUTHATCH_BASE_FILE_TIME_H_
#define NUTHATCH_BASE_FILE_TIME_H_

#include <cstdint>
#include <string>

namespace nuthatch {

// ISO 8601 of a FILETIME (100 ns since 1601, in UTC) to all of its 100 ns.
void AppendFileTime(uint64_t time, std::string* out);

}  // namespace nuthatch

#endif  // NUTHATCH_BASE_FILE_TIME_H_
