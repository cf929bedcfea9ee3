// Accounts that a test knows.
#ifndef NUTHATCH_TEST_TRACE_KNOWN_ACCOUNTS_H_
#define NUTHATCH_TEST_TRACE_KNOWN_ACCOUNTS_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "enrich/account_source.h"
#include "etw/etl_writer.h"

namespace nuthatch {

inline const Bytes kAna = {1,  5, 0, 0, 0,  0, 0, 5, 21, 0, 0, 0,  // S-1-5-21-11-22-33-1104
                           11, 0, 0, 0, 22, 0, 0, 0, 33, 0, 0, 0, 0x50, 4, 0, 0};
inline constexpr const char* kAnaSid = "S-1-5-21-11-22-33-1104";

class KnownAccounts final : public AccountSource {
 public:
  const Account* Find(std::string_view sid) override {
    asked.emplace_back(sid);
    const auto found = accounts_.find(std::string(sid));
    return found == accounts_.end() ? nullptr : &found->second;
  }
  uint64_t revision() const override { return accounts_.size(); }

  void Add(const std::string& sid, Account account) { accounts_[sid] = std::move(account); }

  std::vector<std::string> asked;

 private:
  std::map<std::string, Account> accounts_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_TEST_TRACE_KNOWN_ACCOUNTS_H_
