// Parts of a path, with either kind of separator, as views into it.
#ifndef NUTHATCH_ENRICH_PATH_PARTS_H_
#define NUTHATCH_ENRICH_PATH_PARTS_H_

#include <string_view>

namespace nuthatch {

// What is before the last separator; a root keeps it (C:\, /). Empty when there is no separator.
std::string_view PathDirectory(std::string_view path);

// What follows the last dot of the file name. Empty without a dot, or when the name begins with its
// only one (.bashrc).
std::string_view PathExtension(std::string_view path);

}  // namespace nuthatch

#endif  // NUTHATCH_ENRICH_PATH_PARTS_H_
