// Paths by number, as RecentNames; folders, which many have in common, are kept once.
#ifndef NUTHATCH_ENRICH_RECENT_PATHS_H_
#define NUTHATCH_ENRICH_RECENT_PATHS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "enrich/recent_names.h"

namespace nuthatch {

// By a keyed hash of their text, so that no two have the same. Paths refer to them so, and are not
// known any more when their folder is not.
class RecentFolders {
 public:
  RecentFolders(size_t folders, size_t bytes) : folders_(folders, bytes) {}

  uint64_t Put(std::string_view folder);
  const RecentNames::Name* Find(uint64_t folder) const { return folders_.Find(folder); }

 private:
  const SipKey key_{RandomWord(), RandomWord()};
  RecentNames folders_;
};

class RecentPaths {
 public:
  using Path = RecentNames::Name;  // whose text is not the path's

  // `folders` may be those of other paths too, and outlive this.
  RecentPaths(size_t paths, size_t bytes, RecentFolders* folders)
      : folders_(*folders), paths_(paths, bytes) {}

  // These are as those of RecentNames.
  Path* Find(uint64_t key) { return paths_.Find(key); }
  const Path* Find(uint64_t key) const { return paths_.Find(key); }
  Path& Put(uint64_t key, std::string_view path);
  void PutIfAbsent(uint64_t key, std::string_view path) {
    if (Find(key) == nullptr) Put(key, path);
  }
  void Erase(uint64_t key) { paths_.Erase(key); }
  size_t size() const { return paths_.size(); }

  // Replaces *text, whose memory is kept.
  void TextOf(const Path& path, std::string* text) const;

 private:
  RecentFolders& folders_;
  RecentNames paths_;  // the hash of the folder, 0 if none is kept apart; and what is after that
  std::string text_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_ENRICH_RECENT_PATHS_H_
