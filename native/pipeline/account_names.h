// Names of accounts, which the system is asked for.
#ifndef NUTHATCH_PIPELINE_ACCOUNT_NAMES_H_
#define NUTHATCH_PIPELINE_ACCOUNT_NAMES_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "enrich/account_source.h"

namespace nuthatch {

struct AccountCounts {
  uint64_t named = 0;      // by the system
  uint64_t failed = 0;     // times that it could not
  std::string failed_sid;  // of the last of them
  uint32_t error = 0;      // and the system's
};

// The system may take seconds for an answer, of a domain controller that is gone: a thread of its
// own asks it, one SID after the other, and nobody waits for that.
class AccountNames final : public AccountSource {
 public:
  // The system's function: its error.
  using Lookup = std::function<uint32_t(const std::string& sid, Account* account)>;

  static constexpr size_t kMostAccounts = 4096;  // the longest unused go
  static constexpr size_t kMostQueued = 512;

  // What could not be named is asked for again after that time, if it is still wanted.
  explicit AccountNames(Lookup lookup,
                        std::chrono::steady_clock::duration retry_after = std::chrono::minutes(1));
  // An answer that the system has not given yet is not waited for: the thread is left to itself,
  // and with it what `lookup` holds.
  ~AccountNames() override;
  AccountNames(const AccountNames&) = delete;
  AccountNames& operator=(const AccountNames&) = delete;

  const Account* Find(std::string_view sid) override;
  uint64_t revision() const override;
  // Any thread.
  AccountCounts counts() const;

 private:
  struct State;
  const std::shared_ptr<State> state_;  // a thread that was left to itself holds on to it
  std::thread thread_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_ACCOUNT_NAMES_H_
