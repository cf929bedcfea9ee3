// Names by number (files by their objects and keys, registry keys by their control blocks), bounded
// in number and in bytes: those that were put last stay.
#ifndef NUTHATCH_ENRICH_RECENT_NAMES_H_
#define NUTHATCH_ENRICH_RECENT_NAMES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "enrich/recent_map.h"

namespace nuthatch {

class RecentNames {
 public:
  struct Name {
    std::string text;   // changed by Put alone, which counts its memory
    uint64_t note = 0;  // the caller's
  };

  // Of an entry, besides its text.
  static constexpr size_t kEntryBytes = sizeof(Name) + 48;

  RecentNames(size_t names, size_t bytes) : names_(names), budget_(bytes) {}

  // nullptr when there is none; lasts until the next Put.
  Name* Find(uint64_t key) { return names_.Find(key); }
  const Name* Find(uint64_t key) const { return names_.Find(key); }

  // The note of a new entry is 0.
  Name& Put(uint64_t key, std::string_view text);
  // What is there stays.
  void PutIfAbsent(uint64_t key, std::string_view text) {
    if (Find(key) == nullptr) Put(key, text);
  }
  void Erase(uint64_t key);

  size_t size() const { return names_.size(); }
  size_t bytes() const { return text_bytes_ + names_.size() * kEntryBytes; }

 private:
  void Release(Name* name);

  RecentMap<Name> names_;
  const size_t budget_;
  size_t text_bytes_ = 0;  // capacities, also of entries that are free
};

}  // namespace nuthatch

#endif  // NUTHATCH_ENRICH_RECENT_NAMES_H_
