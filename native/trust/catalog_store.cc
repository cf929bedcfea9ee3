#include "trust/catalog_store.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "platform/random.h"
#include "trust/ctl.h"

namespace nuthatch {
namespace {

namespace fs = std::filesystem;

// Of all catalogs together: about 100 bytes each.
constexpr size_t kMostMembers = size_t{16} << 20;
constexpr size_t kMostFiles = size_t{1} << 20;
constexpr const char* kNoRoom = "all catalogs together have more members than are kept";
constexpr size_t kMostTold = 16;
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

// Whether there may be a catalog that cannot be read.
bool IsFault(OpenFault fault) {
  return fault == OpenFault::kPermissionDenied || fault == OpenFault::kLocked ||
         fault == OpenFault::kOther;
}

// All of a file that is as it was found; none if it can be no catalog, has gone, or, with a fault,
// if it cannot be read.
std::optional<std::vector<uint8_t>> ReadWhole(const std::string& path, const FileIdentity& identity,
                                              std::string* fault) {
  constexpr const char* kChanged = "it changed while it was read";
  std::unique_ptr<RegularFile> file;
  const OpenFault opened = OpenRegularFile(path, /*follow_links=*/false, &file);
  if (IsFault(opened)) *fault = TextOf(opened);
  if (opened != OpenFault::kNone) return std::nullopt;
  std::vector<uint8_t> bytes;
  // The rest of what is no PKCS #7 need not be read.
  for (const uint64_t most : {uint64_t{kSignedDataHead}, file->size()}) {
    if (most > kLargestCatalog) *fault = "it is larger than 64 MiB";
    if (!fault->empty()) return std::nullopt;
    bytes.resize(std::min(file->size(), most));
    const std::optional<size_t> read = file->ReadAt(0, bytes);
    if (!read) *fault = "the system cannot read it";
    if (read && *read != bytes.size()) *fault = kChanged;
    if (!fault->empty() || !BeginsAsSignedData(bytes)) return std::nullopt;
  }
  if (file->Identity() == identity) return bytes;
  *fault = kChanged;
  return std::nullopt;
}

}  // namespace

void AddCatalog(CatalogVerdict verdict, std::vector<CatalogVerdict>* all) {
  const auto same = [&](const CatalogVerdict& other) { return other.path == verdict.path; };
  if (std::any_of(all->begin(), all->end(), same)) return;
  const bool trusted = verdict.signature.status == TrustStatus::kTrusted;
  if (!trusted && all->size() >= kMostTold) return;
  all->insert(trusted ? all->begin() : all->end(), std::move(verdict));
}

bool HasTrusted(const std::vector<CatalogVerdict>& all) {
  return !all.empty() && all[0].signature.status == TrustStatus::kTrusted;
}

CatalogStore::CatalogStore(std::vector<std::string> folders,
                           std::shared_ptr<const TrustPolicy> policy, Clock::time_point (*now)())
    : folders_(std::move(folders)),
      policy_(std::move(policy)),
      now_(now),
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

void CatalogStore::Faults::Add(const std::string& path, const std::string& why) {
  if (count++ == 0) first = path + ": " + why;
}

std::string CatalogStore::Faults::Text() const {
  if (count == 0) return {};
  const std::string more = count == 1 ? "" : "; nor " + std::to_string(count - 1) + " more";
  return "not all catalogs could be asked, as they cannot be read: " + first + more;
}

// Links are not followed.
void CatalogStore::WalkFolder(const fs::path& folder, const Stop& stop,
                              std::vector<fs::path>* folders, Look* out) {
  std::error_code error;
  fs::directory_iterator it(folder, error);
  for (; !stop && !error && it != fs::directory_iterator(); it.increment(error)) {
    const std::string path = Utf8(it->path());
    if (out->files.size() + folders->size() >= kMostFiles)
      return out->faults.Add(path, "there are too many files");
    std::error_code unknown;
    const fs::file_type type = it->symlink_status(unknown).type();
    if (type == fs::file_type::directory) folders->push_back(it->path());
    if (type == fs::file_type::none) out->faults.Add(path, unknown.message());
    if (type != fs::file_type::regular) continue;
    std::unique_ptr<RegularFile> file;
    const OpenFault fault = OpenRegularFile(path, /*follow_links=*/false, &file);
    if (IsFault(fault)) out->faults.Add(path, TextOf(fault));
    if (fault != OpenFault::kNone) continue;
    if (const auto identity = file->Identity())
      out->files.push_back({path, *identity});
    else
      out->faults.Add(path, "the system says nothing of it");
  }
  if (error && error != std::errc::no_such_file_or_directory)
    out->faults.Add(Utf8(folder), error.message());
}

Status CatalogStore::Walk(const Stop& stop, Look* out) const {
  for (const std::string& folder : folders_) {
    std::vector<fs::path> folders = {PathOf(folder)};
    std::error_code error;
    const fs::directory_iterator readable(folders[0], error);
    if (error)
      return Status::Error("NUTHATCH_CATALOGS_UNREADABLE",
                           folder + ": the folder of catalogs cannot be read: " + error.message());
    while (!folders.empty() && !stop) {
      const fs::path next = std::move(folders.back());
      folders.pop_back();
      WalkFolder(next, stop, &folders, out);
    }
  }
  // So that nothing hangs on the order that a file system has.
  const auto by_path = [](const Found& a, const Found& b) { return a.path < b.path; };
  std::sort(out->files.begin(), out->files.end(), by_path);
  return {};
}

// None if it is no catalog, or, with a fault, if it cannot be read.
CatalogStore::CatalogPointer CatalogStore::Read(const Found& found, std::string* fault) const {
  const auto bytes = ReadWhole(found.path, found.identity, fault);
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

// False when there is no room for it.
bool CatalogStore::Add(const CatalogPointer& catalog) {
  if (by_digest_.size() + catalog->keys.size() > kMostMembers) return false;
  for (const Key& key : catalog->keys) by_digest_.emplace(key, catalog);
  by_path_[catalog->path] = catalog;
  return true;
}

Status CatalogStore::Refresh(const std::atomic<bool>* stop) {
  const std::lock_guard refreshing(refresh_);
  return RefreshAlone({stop});
}

// With refresh_ held, as what it calls: only these change the tables, so that they read them
// without their lock.
Status CatalogStore::RefreshAlone(const Stop& stop) {
  Look look;
  Status status = Walk(stop, &look);
  if (status.ok()) {
    for (const Found& found : look.files) {
      if (stop) return {};
      Compare(found, &look);
    }
    if (stop) return {};
    Take(std::move(look));
  } else {
    const std::unique_lock lock(mutex_);
    fault_ = status.message();
  }
  refreshed_at_ = now_();
  indexed_ = true;
  return status;
}

void CatalogStore::Compare(const Found& found, Look* look) const {
  const auto known = by_path_.find(found.path);
  const bool is_known = known != by_path_.end();
  if (is_known && IsUnchanged(known->second->identity, found.identity)) {
    look->kept.insert(found.path);
    return;
  }
  const auto before = left_out_.find(found.path);
  if (before != left_out_.end() && IsUnchanged(before->second.identity, found.identity)) {
    if (before->second.is_catalog) look->faults.Add(found.path, kNoRoom);
    look->left_out.emplace(found.path, LeftOut{found.identity, before->second.is_catalog});
    return;
  }
  std::string fault;
  CatalogPointer catalog = Read(found, &fault);
  if (!fault.empty()) {
    look->faults.Add(found.path, fault);
  } else if (!catalog) {
    look->left_out.emplace(found.path, LeftOut{found.identity});
  } else if (is_known && Equal(known->second->sha256.span(), catalog->sha256.span())) {
    const std::lock_guard lock(known->second->mutex);
    known->second->identity = found.identity;
    look->kept.insert(found.path);
  } else {
    look->fresh.push_back(std::move(catalog));
  }
}

void CatalogStore::Take(Look look) {
  std::vector<CatalogPointer> stale;
  for (const auto& [path, catalog] : by_path_) {
    if (!look.kept.contains(path)) stale.push_back(catalog);
  }
  const std::unique_lock lock(mutex_);
  if (!stale.empty() || !look.fresh.empty()) ++generation_;
  for (const CatalogPointer& catalog : stale) Remove(catalog);
  for (const CatalogPointer& catalog : look.fresh) {
    if (Add(catalog)) continue;
    look.left_out.emplace(catalog->path, LeftOut{catalog->identity, /*is_catalog=*/true});
    look.faults.Add(catalog->path, kNoRoom);
  }
  left_out_ = std::move(look.left_out);
  unreadable_ = look.faults.count;
  fault_ = look.faults.Text();
}

void CatalogStore::RefreshIfOld() {
  std::unique_lock lock(refresh_, std::defer_lock);
  // There is nothing to look into before the first look at the folders has ended.
  if (!indexed_) {
    lock.lock();
  } else if (!lock.try_lock()) {
    return;
  }
  if (indexed_ && now_() - refreshed_at_ < kRefreshEvery) return;
  (void)RefreshAlone({});  // what could not be read is told to who asks
}

CatalogStore::Statistics CatalogStore::statistics() const {
  const std::shared_lock lock(mutex_);
  return {generation_, by_path_.size(), by_digest_.size(), left_out_.size(), unreadable_};
}

uint64_t CatalogStore::Generation() {
  RefreshIfOld();
  const std::shared_lock lock(mutex_);
  return generation_;
}

SignatureFacts CatalogStore::Judge(Catalog* catalog) const {
  const std::lock_guard lock(catalog->mutex);
  const bool fresh =
      catalog->signature && (policy_->options.time || now_() - catalog->judged_at < kJudgeEvery);
  if (fresh) return *catalog->signature;
  SignatureFacts facts;
  std::string fault;
  const auto bytes = ReadWhole(catalog->path, catalog->identity, &fault);
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
  catalog->judged_at = now_();
  return facts;
}

CatalogAnswer CatalogStore::Find(const Digest& digest, const std::atomic<bool>& stop) {
  const auto key = KeyOf(digest);
  if (!key) return {};
  RefreshIfOld();
  CatalogAnswer answer;
  std::vector<CatalogPointer> catalogs;
  {
    const std::shared_lock lock(mutex_);
    answer.fault = fault_;
    const auto [begin, end] = by_digest_.equal_range(*key);
    for (auto it = begin; it != end; ++it) catalogs.push_back(it->second);
  }
  for (const CatalogPointer& catalog : catalogs) {
    if (stop || HasTrusted(answer.found)) break;
    AddCatalog({catalog->path, Judge(catalog.get())}, &answer.found);
  }
  return answer;
}

}  // namespace nuthatch
