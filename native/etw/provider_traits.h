#ifndef NUTHATCH_ETW_PROVIDER_TRAITS_H_
#define NUTHATCH_ETW_PROVIDER_TRAITS_H_

#include <string_view>

#include "etw/record.h"

namespace nuthatch {

// The provider's name in UTF-8, where an item says it: self-describing events mostly do. It is in
// the record's memory.
inline std::string_view ProviderNameIn(ExtendedItems items) {
  ExtendedItem item;
  while (items.Next(&item)) {
    // u16 size of all, the name and its NUL, more.
    if (item.type != ExtendedType::kProviderTraits || item.data.size() < 2) continue;
    const std::string_view text(reinterpret_cast<const char*>(item.data.data()) + 2,
                                item.data.size() - 2);
    return text.substr(0, text.find('\0'));
  }
  return {};
}

}  // namespace nuthatch

#endif  // NUTHATCH_ETW_PROVIDER_TRAITS_H_
