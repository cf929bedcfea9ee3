// What Windows itself says of a file: its own signatures, and the catalogs of the machine that
// vouch for it. Of an open file: nothing is opened by its path again.
#ifndef NUTHATCH_TRUST_WINTRUST_H_
#define NUTHATCH_TRUST_WINTRUST_H_

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "trust/catalog_store.h"
#include "trust/signature.h"
#include "trust/wintrust_functions.h"

namespace nuthatch {

struct WinSubject {
  void* file = nullptr;  // its handle
  std::u16string path;   // tells what it is called; its extension can tell its format
};

struct WinCatalogs {
  std::vector<CatalogVerdict> found;  // a trusted one first; the search ends with it
  // Hexadecimal; empty where Windows could not compute it, or had no need to.
  std::string sha1;
  std::string sha256;
  std::string fault;  // why not all catalogs could be asked, for people
};

// Of one thread. It holds on to the contexts in which catalogs are looked up, for to make one costs
// more than a look-up.
class WinTrust {
 public:
  explicit WinTrust(std::shared_ptr<const WinTrustFunctions> functions);
  ~WinTrust();
  WinTrust(const WinTrust&) = delete;
  WinTrust& operator=(const WinTrust&) = delete;

  // The primary one first, then those nested in it. Of a file that bears none, one that says so.
  std::vector<SignatureFacts> Signatures(const WinSubject& subject,
                                         const std::atomic<bool>& stop) const;
  // By SHA-256, then by SHA-1.
  WinCatalogs Catalogs(const WinSubject& subject, const std::atomic<bool>& stop);

 private:
  struct Hash;

  bool Acquire(DigestAlgorithm algorithm, void** context, WinCatalogs* out);
  bool Compute(const WinSubject& subject, Hash* hash, WinCatalogs* out) const;
  void Enumerate(void* context, const WinSubject& subject, Hash* hash,
                 const std::atomic<bool>& stop, WinCatalogs* out) const;
  CatalogVerdict Judge(void* context, const WinCatalogInfo& catalog, const WinSubject& subject,
                       Hash* hash) const;
  void SetFault(const char* function, WinCatalogs* out) const;

  const std::shared_ptr<const WinTrustFunctions> functions_;
  // CryptCATAdmin contexts; null until one was needed.
  void* by_sha256_ = nullptr;
  void* by_sha1_ = nullptr;
};

}  // namespace nuthatch

#endif  // NUTHATCH_TRUST_WINTRUST_H_
