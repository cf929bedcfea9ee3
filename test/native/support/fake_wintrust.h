// A wintrust.dll for tests: it says what it is told to, fails where it is told to, and counts what
// it has handed out and was given back.
#ifndef NUTHATCH_TEST_SUPPORT_FAKE_WINTRUST_H_
#define NUTHATCH_TEST_SUPPORT_FAKE_WINTRUST_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "trust/wintrust_functions.h"

namespace nuthatch {

constexpr uint32_t kNoSignature = 0x800b0100;

// One at a time: the functions of a table know nothing else.
class FakeWinTrust {
 public:
  struct Catalog {
    std::u16string path;
    uint32_t hresult = 0;
  };

  FakeWinTrust();
  // Fails the test unless all was given back.
  ~FakeWinTrust();
  FakeWinTrust(const FakeWinTrust&) = delete;
  FakeWinTrust& operator=(const FakeWinTrust&) = delete;

  std::shared_ptr<const WinTrustFunctions> functions() const {
    return std::make_shared<const WinTrustFunctions>(table);
  }
  size_t open() const { return states.size() + contexts.size() + catalogs.size(); }

  WinTrustFunctions table;

  // What it says.
  std::vector<uint32_t> signatures = {kNoSignature};  // of a file, the primary one first
  std::vector<Catalog> by_sha256;
  std::vector<Catalog> by_sha1;
  std::vector<uint8_t> signer;     // the certificate of all; none: it has no data of a provider
  std::vector<uint8_t> authority;  // of a timestamp
  bool rfc3161 = false;
  uint32_t reason = 0;                      // the last error after WinVerifyTrust
  std::map<std::string, uint32_t> failing;  // functions, and their errors
  bool quiet_end = false;                   // a search of catalogs ends without an error of its own
  std::function<void()> on_verify;

  // What it was asked.
  std::vector<WinTrustFileInfo> files;
  std::vector<WinTrustData> calls;  // of WinVerifyTrust to verify
  std::set<Guid> policies;
  struct Member {
    std::u16string catalog;
    std::u16string tag;
    void* file;
    void* admin;
  };
  std::vector<Member> members;
  size_t states_made = 0;
  size_t contexts_made = 0;
  size_t catalogs_made = 0;

  // That are open.
  std::set<void*> states;
  std::map<void*, bool> contexts;  // whether it is one of SHA-256
  struct Found {
    bool sha256;
    size_t place;
  };
  std::map<void*, Found> catalogs;

  uint32_t last_error = 0;
};

}  // namespace nuthatch

#endif  // NUTHATCH_TEST_SUPPORT_FAKE_WINTRUST_H_
