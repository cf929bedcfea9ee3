// Folders of catalogs, by the digests that they vouch for.
#ifndef NUTHATCH_TRUST_CATALOG_STORE_H_
#define NUTHATCH_TRUST_CATALOG_STORE_H_

#include <array>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
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

// Of a file, what catalogs say.
struct CatalogAnswer {
  std::vector<CatalogVerdict> found;  // a trusted one first; the search ends with it
  // Why not all could be asked, for people: one of those may vouch for the file. Empty when all
  // were.
  std::string fault;
};

// Puts one among others: a trusted one first, each catalog once, and of the others sixteen.
void AddCatalog(CatalogVerdict verdict, std::vector<CatalogVerdict>* all);
// Whether one of those is trusted.
bool HasTrusted(const std::vector<CatalogVerdict>& all);

// Any thread may call this. No lock is held while a file is read.
class CatalogStore {
 public:
  using Clock = std::chrono::steady_clock;
  struct Statistics {
    uint64_t generation = 0;  // grows when a catalog comes, changes or goes
    uint64_t catalogs = 0;
    uint64_t members = 0;
    uint64_t skipped = 0;     // files that are no catalogs
    uint64_t unreadable = 0;  // files and folders that cannot be read, or are too many
  };

  CatalogStore(std::vector<std::string> folders, std::shared_ptr<const TrustPolicy> policy,
               Clock::time_point (*now)() = Clock::now);

  // Looks for what has come, changed or gone; only that is parsed. Fails with
  // NUTHATCH_CATALOGS_UNREADABLE when one of the folders that were given cannot be read; what was
  // known stays. Once `stop` is true it ends soon, and nothing has changed.
  Status Refresh(const std::atomic<bool>* stop = nullptr);
  Statistics statistics() const;

  // As Statistics::generation, after a look at the folders if the last is long ago; the first look
  // is waited for.
  uint64_t Generation();
  // The catalogs that vouch for the digest, with what their signatures are worth: all are judged
  // until one is trusted, or `stop` is true. Waits as Generation does.
  CatalogAnswer Find(const Digest& digest, const std::atomic<bool>& stop);

 private:
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
  // What could not be read.
  struct Faults {
    uint64_t count = 0;
    std::string first;

    void Add(const std::string& path, const std::string& why);
    std::string Text() const;
  };
  // What is not in the index, and need not be parsed again as long as it stays as it is.
  struct LeftOut {
    FileIdentity identity;
    bool is_catalog = false;  // for which there was no room
  };

  // Whether a look is to end; nobody may ask for that.
  struct Stop {
    const std::atomic<bool>* flag = nullptr;
    explicit operator bool() const { return flag != nullptr && *flag; }
  };

  // A look at the folders.
  struct Look {
    std::vector<Found> files;
    Faults faults;
    std::set<std::string> kept;  // of the index
    std::vector<CatalogPointer> fresh;
    std::map<std::string, LeftOut> left_out;
  };

  static std::optional<Key> KeyOf(const Digest& digest);
  static void WalkFolder(const std::filesystem::path& folder, const Stop& stop,
                         std::vector<std::filesystem::path>* folders, Look* out);
  Status Walk(const Stop& stop, Look* out) const;
  void Compare(const Found& found, Look* look) const;
  void Take(Look look);
  CatalogPointer Read(const Found& file, std::string* fault) const;
  SignatureFacts Judge(Catalog* catalog) const;
  void Remove(const CatalogPointer& catalog);
  bool Add(const CatalogPointer& catalog);
  Status RefreshAlone(const Stop& stop);
  void RefreshIfOld();

  const std::vector<std::string> folders_;
  const std::shared_ptr<const TrustPolicy> policy_;
  Clock::time_point (*const now_)();
  std::mutex refresh_;  // one refreshes at a time
  Clock::time_point refreshed_at_;
  std::atomic<bool> indexed_{false};  // written by who refreshes

  mutable std::shared_mutex mutex_;  // of all below
  std::map<std::string, CatalogPointer> by_path_;
  std::map<std::string, LeftOut> left_out_;
  std::unordered_multimap<Key, CatalogPointer, HashKey> by_digest_;
  uint64_t generation_ = 0;
  uint64_t unreadable_ = 0;
  std::string fault_;  // of the last look
};

}  // namespace nuthatch

#endif  // NUTHATCH_TRUST_CATALOG_STORE_H_
