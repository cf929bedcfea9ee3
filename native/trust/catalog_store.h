// Folders of catalogs, by the digests that they vouch for.
#ifndef NUTHATCH_TRUST_CATALOG_STORE_H_
#define NUTHATCH_TRUST_CATALOG_STORE_H_

#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/sip_hash.h"
#include "base/status.h"
#include "platform/file.h"
#include "trust/signature.h"

namespace nuthatch {

struct CatalogVerdict {
  std::string path;
  SignatureFacts signature;
};

// Puts one among others: a trusted one first, and each catalog once.
void AddCatalog(CatalogVerdict verdict, std::vector<CatalogVerdict>* all);
// Whether one of those is trusted.
bool HasTrusted(const std::vector<CatalogVerdict>& all);

// Any thread may call this. No lock is held while a file is read.
class CatalogStore {
 public:
  struct Statistics {
    uint64_t generation = 0;  // grows when a catalog comes, changes or goes
    uint64_t catalogs = 0;
    uint64_t members = 0;
    uint64_t skipped = 0;  // files that are no catalogs, or cannot be read
  };

  CatalogStore(std::vector<std::string> folders, std::shared_ptr<const TrustPolicy> policy);

  // Looks for what has come, changed or gone; only that is parsed. Fails with
  // NUTHATCH_CATALOGS_UNREADABLE when a folder is none.
  Status Refresh();
  Statistics statistics() const;

  // The catalogs that vouch for the digest, with what their signatures are worth: until one is
  // trusted, which comes first. At most 16.
  std::vector<CatalogVerdict> Find(const Digest& digest);

 private:
  using Clock = std::chrono::steady_clock;
  // SHA-1 and SHA-256 are what files are looked up by.
  struct Key {
    std::array<uint8_t, 32> bytes = {};
    uint8_t size = 0;
    bool operator==(const Key&) const = default;
  };
  struct HashKey {
    SipKey key;
    size_t operator()(const Key& k) const {
      return SipHash(key, {reinterpret_cast<const char*>(k.bytes.data()), k.bytes.size()});
    }
  };
  struct Catalog {
    std::string path;
    FileIdentity identity;  // written under the mutex, and by Refresh alone
    Digest sha256;
    std::vector<Key> keys;
    std::mutex mutex;
    std::optional<SignatureFacts> signature;  // under the mutex
    Clock::time_point judged_at;              // as well
  };
  using CatalogPointer = std::shared_ptr<Catalog>;
  struct Found {
    std::string path;
    FileIdentity identity;
  };

  static std::optional<Key> KeyOf(const Digest& digest);
  Status Walk(std::vector<Found>* out) const;
  CatalogPointer Read(const Found& file) const;
  SignatureFacts Judge(Catalog* catalog) const;
  void Remove(const CatalogPointer& catalog);
  void Add(CatalogPointer catalog);
  void RefreshIfOld();

  const std::vector<std::string> folders_;
  const std::shared_ptr<const TrustPolicy> policy_;
  std::mutex refresh_;  // one refreshes at a time
  Clock::time_point refreshed_at_;

  mutable std::shared_mutex mutex_;  // of all below
  std::map<std::string, CatalogPointer> by_path_;
  std::map<std::string, FileIdentity> skipped_;  // not to be parsed again as long as they stay
  std::unordered_multimap<Key, CatalogPointer, HashKey> by_digest_;
  uint64_t generation_ = 0;
};

}  // namespace nuthatch

#endif  // NUTHATCH_TRUST_CATALOG_STORE_H_
