#include "enrich/path_parts.h"

namespace nuthatch {

std::string_view PathDirectory(std::string_view path) {
  const size_t separator = path.find_last_of("\\/");
  if (separator == std::string_view::npos) return {};
  const bool is_root = separator == 0 || (separator == 2 && path[1] == ':');
  return path.substr(0, is_root ? separator + 1 : separator);
}

std::string_view PathExtension(std::string_view path) {
  const size_t separator = path.find_last_of("\\/");
  const std::string_view name =
      path.substr(separator == std::string_view::npos ? 0 : separator + 1);
  const size_t dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? std::string_view() : name.substr(dot + 1);
}

}  // namespace nuthatch
