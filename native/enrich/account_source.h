// Who has a SID.
#ifndef NUTHATCH_ENRICH_ACCOUNT_SOURCE_H_
#define NUTHATCH_ENRICH_ACCOUNT_SOURCE_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace nuthatch {

struct Account {
  std::string name;
  std::string domain;  // or computer
};

class AccountSource {
 public:
  virtual ~AccountSource() = default;
  // nullptr where it is not known, or not yet: it is asked for. Lasts until the next call. For one
  // thread at a time.
  virtual const Account* Find(std::string_view sid) = 0;
  // Rises with every account that becomes known.
  virtual uint64_t revision() const = 0;
};

// Of Windows itself (S-1-5-18 is SYSTEM): mappings name it, alike in all languages of Windows.
inline bool IsAccountOfWindows(std::string_view sid) {
  constexpr std::string_view kAuthority = "S-1-5-";
  return sid.starts_with(kAuthority) && sid.find('-', kAuthority.size()) == sid.npos;
}

}  // namespace nuthatch

#endif  // NUTHATCH_ENRICH_ACCOUNT_SOURCE_H_
