#include "enrich/recent_names.h"

namespace nuthatch {

RecentNames::Name& RecentNames::Put(uint64_t key, std::string_view text) {
  bool added = false;
  Name* name = &names_.Put(key, &added);
  if (added) name->note = 0;
  text_bytes_ -= name->text.capacity();
  name->text.assign(text);
  text_bytes_ += name->text.capacity();
  while (bytes() > budget_ && names_.size() > 1) {
    Release(&names_.Oldest());
    names_.EraseOldest();
  }
  return *name;
}

// An entry that is free keeps its memory for the next one, as long as there is plenty.
void RecentNames::Erase(uint64_t key) {
  Name* name = names_.Find(key);
  if (name == nullptr) return;
  if (bytes() > budget_ / 2) Release(name);
  names_.Erase(key);
}

void RecentNames::Release(Name* name) {
  text_bytes_ -= name->text.capacity();
  name->text = std::string();
  text_bytes_ += name->text.capacity();
}

}  // namespace nuthatch
