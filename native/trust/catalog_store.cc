#include "trust/catalog_store.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "platform/random.h"
#include "trust/ctl.h"

namespace nuthatch {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kLargestCatalog = uint64_t{64} << 20;
// Of all catalogs together: about 100 bytes each.
constexpr size_t kMostMembers = size_t{16} << 20;
constexpr size_t kMostFiles = size_t{1} << 20;
constexpr auto kRefreshEvery = std::chrono::seconds(30);
// How long the verdict on a catalog is good, for "now" goes on.
constexpr auto kJudgeEvery = std::chrono::minutes(10);

std::string Utf8(const fs::path& path) {
  const std::u8string text = path.u8string();
  return {text.begin(), text.end()};
}

fs::path PathOf(const std::string& utf8) {
  return fs::path(std::u8string(utf8.begin(), utf8.end()));
}

// All of a file that is as it was found; none if it is not, or cannot be read.
std::optional<std::vector<uint8_t>> ReadWhole(const std::string& path,
                                              const FileIdentity& identity) {
  std::unique_ptr<RegularFile> file;
  if (OpenRegularFile(path, /*follow_links=*/false, &file) != OpenFault::kNone) return std::nullopt;
  if (file->size() > kLargestCatalog || file->Identity() != identity) return std::nullopt;
  std::vector<uint8_t> bytes(file->size());
  // The rest of what is no PKCS #7 need not be read.
  const std::span<uint8_t> head = std::span(bytes).first(std::min<size_t>(bytes.size(), 1));
  if (file->ReadAt(0, head) != head.size() || head.empty() || head[0] != kDerSequence)
    return std::nullopt;
  if (file->ReadAt(0, bytes) != bytes.size() || file->Identity() != identity) return std::nullopt;
  return bytes;
}

}  // namespace

void AddCatalog(CatalogVerdict verdict, std::vector<CatalogVerdict>* all) {
  const auto same = [&](const CatalogVerdict& other) { return other.path == verdict.path; };
  if (std::any_of(all->begin(), all->end(), same)) return;
  const bool trusted = verdict.signature.status == TrustStatus::kTrusted;
  all->insert(trusted ? all->begin() : all->end(), std::move(verdict));
}

bool HasTrusted(const std::vector<CatalogVerdict>& all) {
  return !all.empty() && all[0].signature.status == TrustStatus::kTrusted;
}

CatalogStore::CatalogStore(std::vector<std::string> folders,
                           std::shared_ptr<const TrustPolicy> policy)
    : folders_(std::move(folders)),
      policy_(std::move(policy)),
      by_digest_(0, HashKey{{RandomWord(), RandomWord()}}) {}

std::optional<CatalogStore::Key> CatalogStore::KeyOf(const Digest& digest) {
  if (digest.size != DigestSize(DigestAlgorithm::kSha1) &&
      digest.size != DigestSize(DigestAlgorithm::kSha256))
    return std::nullopt;
  Key key;
  key.size = digest.size;
  std::copy_n(digest.bytes.begin(), digest.size, key.bytes.begin());
  return key;
}

Status CatalogStore::Walk(std::vector<Found>* out) const {
  for (const std::string& folder : folders_) {
    std::error_code error;
    fs::recursive_directory_iterator it(PathOf(folder),
                                        fs::directory_options::skip_permission_denied, error);
    if (error)
      return Status::Error("NUTHATCH_CATALOGS_UNREADABLE",
                           folder + ": the folder of catalogs cannot be read: " + error.message());
    for (; !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
      if (out->size() == kMostFiles) break;
      std::error_code ignored;
      if (!fs::is_regular_file(it->symlink_status(ignored))) continue;
      const std::string path = Utf8(it->path());
      std::unique_ptr<RegularFile> file;
      if (OpenRegularFile(path, /*follow_links=*/false, &file) != OpenFault::kNone) continue;
      if (const auto identity = file->Identity()) out->push_back({path, *identity});
    }
  }
  return {};
}

CatalogStore::CatalogPointer CatalogStore::Read(const Found& found) const {
  const auto bytes = ReadWhole(found.path, found.identity);
  if (!bytes) return nullptr;
  const ParsedSignature signature = ParseCatalogSignature(*bytes);
  if (signature.malformed != nullptr) return nullptr;
  auto catalog = std::make_shared<Catalog>();
  size_t members = 0;
  const Malformed malformed = ParseCtl(
      signature.data.content,
      [&](const CatalogMember& member) {
        const auto key = KeyOf(member.digest);
        if (key) catalog->keys.push_back(*key);
      },
      &members);
  if (malformed != nullptr) return nullptr;
  catalog->path = found.path;
  catalog->identity = found.identity;
  catalog->sha256 = DigestOf(*policy_->crypto, DigestAlgorithm::kSha256, *bytes);
  return catalog;
}

void CatalogStore::Remove(const CatalogPointer& catalog) {
  for (const Key& key : catalog->keys) {
    const auto [begin, end] = by_digest_.equal_range(key);
    const auto found = std::find_if(begin, end, [&](auto& e) { return e.second == catalog; });
    if (found != end) by_digest_.erase(found);
  }
  by_path_.erase(catalog->path);
}

void CatalogStore::Add(CatalogPointer catalog) {
  if (by_digest_.size() + catalog->keys.size() > kMostMembers) {
    skipped_[catalog->path] = catalog->identity;
    return;
  }
  for (const Key& key : catalog->keys) by_digest_.emplace(key, catalog);
  by_path_[catalog->path] = std::move(catalog);
}

Status CatalogStore::Refresh() {
  const std::lock_guard refreshing(refresh_);
  std::vector<Found> files;
  Status status = Walk(&files);
  if (!status.ok()) return status;
  refreshed_at_ = Clock::now();
  // Only this changes the tables, and it is alone: they can be read without the lock.
  std::set<std::string> there;
  std::vector<CatalogPointer> fresh;
  std::map<std::string, FileIdentity> skipped;
  for (const Found& found : files) {
    there.insert(found.path);
    const auto known = by_path_.find(found.path);
    if (known != by_path_.end() && IsUnchanged(known->second->identity, found.identity)) continue;
    const auto refused = skipped_.find(found.path);
    const bool again = refused != skipped_.end() && IsUnchanged(refused->second, found.identity);
    CatalogPointer catalog = again ? nullptr : Read(found);
    if (catalog && known != by_path_.end() &&
        Equal(known->second->sha256.span(), catalog->sha256.span())) {
      const std::lock_guard lock(known->second->mutex);
      known->second->identity = found.identity;
    } else if (catalog) {
      fresh.push_back(std::move(catalog));
    } else {
      skipped.emplace(found.path, found.identity);
    }
  }
  std::vector<CatalogPointer> stale;
  for (const auto& [path, catalog] : by_path_) {
    if (!there.contains(path) || skipped.contains(path)) stale.push_back(catalog);
  }
  for (const CatalogPointer& catalog : fresh) {
    const auto old = by_path_.find(catalog->path);
    if (old != by_path_.end()) stale.push_back(old->second);
  }
  const std::unique_lock lock(mutex_);
  if (!stale.empty() || !fresh.empty()) ++generation_;
  for (const CatalogPointer& catalog : stale) Remove(catalog);
  skipped_ = std::move(skipped);
  for (CatalogPointer& catalog : fresh) Add(std::move(catalog));
  return {};
}

void CatalogStore::RefreshIfOld() {
  {
    const std::unique_lock lock(refresh_, std::try_to_lock);
    if (!lock.owns_lock() || Clock::now() - refreshed_at_ < kRefreshEvery) return;
    refreshed_at_ = Clock::now();
  }
  // A folder that has gone leaves what was known of it.
  (void)Refresh();
}

CatalogStore::Statistics CatalogStore::statistics() const {
  const std::shared_lock lock(mutex_);
  return {generation_, by_path_.size(), by_digest_.size(), skipped_.size()};
}

SignatureFacts CatalogStore::Judge(Catalog* catalog) const {
  const std::lock_guard lock(catalog->mutex);
  const bool fresh = catalog->signature &&
                     (policy_->options.time || Clock::now() - catalog->judged_at < kJudgeEvery);
  if (fresh) return *catalog->signature;
  SignatureFacts facts;
  const auto bytes = ReadWhole(catalog->path, catalog->identity);
  const bool same =
      bytes && Equal(DigestOf(*policy_->crypto, DigestAlgorithm::kSha256, *bytes).span(),
                     catalog->sha256.span());
  if (!same) {
    facts.status = TrustStatus::kUnstable;
    facts.detail = "the catalog has changed since it was indexed";
    return facts;
  }
  const ParsedSignature signature = ParseCatalogSignature(*bytes);
  if (signature.malformed == nullptr && !signature.data.signer) {
    facts.status = TrustStatus::kUnsigned;
    facts.detail = "nobody has signed the catalog";
  } else {
    facts = JudgeSignature(*policy_, signature);
  }
  catalog->signature = facts;
  catalog->judged_at = Clock::now();
  return facts;
}

std::vector<CatalogVerdict> CatalogStore::Find(const Digest& digest) {
  constexpr size_t kMost = 16;
  const auto key = KeyOf(digest);
  if (!key) return {};
  RefreshIfOld();
  std::vector<CatalogPointer> catalogs;
  {
    const std::shared_lock lock(mutex_);
    const auto [begin, end] = by_digest_.equal_range(*key);
    for (auto it = begin; it != end && catalogs.size() < kMost; ++it)
      catalogs.push_back(it->second);
  }
  std::vector<CatalogVerdict> verdicts;
  for (const CatalogPointer& catalog : catalogs) {
    CatalogVerdict verdict{catalog->path, Judge(catalog.get())};
    const bool trusted = verdict.signature.status == TrustStatus::kTrusted;
    verdicts.insert(trusted ? verdicts.begin() : verdicts.end(), std::move(verdict));
    if (trusted) break;
  }
  return verdicts;
}

}  // namespace nuthatch
