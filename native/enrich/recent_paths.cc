#include "enrich/recent_paths.h"

#include <cstring>

namespace nuthatch {
namespace {

// Not worth an entry of its own.
constexpr size_t kShortFolder = 16;

}  // namespace

uint64_t RecentFolders::Put(std::string_view folder) {
  const uint64_t hash = SipHash(key_, folder);
  const RecentNames::Name* const known = folders_.Find(hash);
  if (known == nullptr || folders_.IsOld(*known)) folders_.Put(hash, folder);
  return hash;
}

RecentPaths::Path& RecentPaths::Put(uint64_t key, std::string_view path) {
  const size_t folder = path.find_last_of('\\') + 1;  // npos + 1 is 0
  if (path.empty()) return paths_.Put(key, {});
  const uint64_t hash = folder > kShortFolder ? folders_.Put(path.substr(0, folder)) : 0;
  text_.assign(reinterpret_cast<const char*>(&hash), sizeof(hash));
  text_ += path.substr(hash != 0 ? folder : 0);
  return paths_.Put(key, text_);
}

void RecentPaths::TextOf(const Path& path, std::string* text) const {
  text->clear();
  std::string_view rest = path.text();
  uint64_t hash = 0;
  if (rest.size() < sizeof(hash)) return;
  std::memcpy(&hash, rest.data(), sizeof(hash));
  rest.remove_prefix(sizeof(hash));
  if (hash != 0) {
    const RecentNames::Name* const folder = folders_.Find(hash);
    if (folder == nullptr) return;
    *text = folder->text();
  }
  *text += rest;
}

}  // namespace nuthatch
