#include "trust/file_verifier.h"

#include <algorithm>
#include <utility>

#include "trust/ctl.h"

namespace nuthatch {
namespace {

constexpr uint64_t kLargestTable = uint64_t{16} << 20;
constexpr uint64_t kLargestCatalog = uint64_t{64} << 20;
constexpr size_t kMostSignatures = 16;

void Set(FileVerdict* verdict, TrustStatus status, std::string detail) {
  verdict->status = status;
  verdict->detail = std::move(detail);
}

void SetFault(FileVerdict* verdict, OpenFault fault) {
  switch (fault) {
    case OpenFault::kNotFound:
      return Set(verdict, TrustStatus::kFileGone, "there is no such file");
    case OpenFault::kPermissionDenied:
      return Set(verdict, TrustStatus::kPermissionDenied, "no permission to read it");
    case OpenFault::kLocked:
      return Set(verdict, TrustStatus::kLocked, "another process has locked it");
    case OpenFault::kNotRegular:
      return Set(verdict, TrustStatus::kNotRegularFile,
                 "it is a folder, a pipe, a device, or a link that is not followed");
    default:
      return Set(verdict, TrustStatus::kUnreadable, "the system cannot open it");
  }
}

// The nested ones of nested ones too, but no deeper: at most kMostSignatures in all.
void AddNested(const ParsedSignature& parent, int depth, std::vector<ParsedSignature>* out) {
  constexpr int kDeepest = 2;
  if (depth == kDeepest || !parent.data.signer) return;
  for (const ByteSpan bytes : NestedSignatures(*parent.data.signer)) {
    if (out->size() >= kMostSignatures) return;
    const ParsedSignature nested = ParseImageSignature(bytes);
    out->push_back(nested);
    AddNested(nested, depth + 1, out);
  }
}

}  // namespace

// One that is being verified.
struct FileVerifier::File {
  std::unique_ptr<RegularFile> source;
  ImageLayout layout;
  FileVerdict verdict;
  std::vector<uint8_t> table;               // the certificate table
  std::vector<ParsedSignature> signatures;  // they point into it
};

FileVerifier::FileVerifier(std::shared_ptr<const TrustPolicy> policy,
                           std::shared_ptr<CatalogStore> catalogs, const VerifyOptions& options)
    : policy_(std::move(policy)),
      catalogs_(std::move(catalogs)),
      options_(options),
      hasher_(policy_->crypto) {}

FileVerdict FileVerifier::Verify(const VerifyRequest& request, const std::function<bool()>& stop) {
  hasher_.set_stop(stop);
  File file;
  FileVerdict& verdict = file.verdict;
  const OpenFault fault = OpenRegularFile(request.path, request.follow_links, &file.source);
  if (fault != OpenFault::kNone) {
    SetFault(&verdict, fault);
    return std::move(verdict);
  }
  verdict.identity = file.source->Identity();
  if (!verdict.identity) {
    Set(&verdict, TrustStatus::kUnreadable, "the system says nothing of the file");
  } else if (file.source->size() > options_.largest_file) {
    Set(&verdict, TrustStatus::kTooLarge, "it is larger than files that are verified");
  } else {
    Examine(&file);
  }
  // What was read may be of two files, or of one that is no more.
  const std::optional<FileIdentity> after = file.source->Identity();
  if (after && after->deleted) {
    Set(&verdict, TrustStatus::kFileGone, "it was deleted while it was read");
  } else if (after != verdict.identity) {
    Set(&verdict, TrustStatus::kUnstable, "it changed while it was read");
  }
  return std::move(verdict);
}

void FileVerifier::Examine(File* file) {
  switch (ReadImageLayout(file->source.get(), &file->layout)) {
    case LayoutOutcome::kUnreadable:
      return Set(&file->verdict, TrustStatus::kUnreadable, "the system cannot read it");
    case LayoutOutcome::kImage:
      return ExamineImage(file);
    case LayoutOutcome::kNoImage:
      break;
  }
  uint8_t head[1] = {};
  const std::optional<size_t> read = file->source->ReadAt(0, head);
  if (!read) return Set(&file->verdict, TrustStatus::kUnreadable, "the system cannot read it");
  if (head[0] == kDerSequence && file->source->size() <= kLargestCatalog &&
      ExamineCatalogFile(file))
    return;
  Set(&file->verdict, TrustStatus::kUnknownFormat,
      "it is neither an image nor a catalog: only a catalog can vouch for it here");
  AskCatalogs(file);
}

// A catalog bears its own signature. False if it is none.
bool FileVerifier::ExamineCatalogFile(File* file) {
  file->table.resize(file->source->size());
  if (file->source->ReadAt(0, file->table) != file->table.size()) return false;
  const ParsedSignature signature = ParseCatalogSignature(file->table);
  size_t members = 0;
  if (signature.malformed != nullptr ||
      ParseCtl(signature.data.content, [](const CatalogMember&) {}, &members) != nullptr)
    return false;
  FileVerdict& verdict = file->verdict;
  if (!signature.data.signer) {
    Set(&verdict, TrustStatus::kUnsigned, "nobody has signed the catalog");
    return true;
  }
  verdict.source = SignatureSource::kEmbedded;
  verdict.signatures.push_back(JudgeSignature(*policy_, signature));
  Set(&verdict, verdict.signatures[0].status, verdict.signatures[0].detail);
  return true;
}

// Whether there is a signature to judge.
bool FileVerifier::ReadTable(File* file) {
  FileVerdict& verdict = file->verdict;
  const ImageLayout& layout = file->layout;
  const auto malformed = [&](const char* what) {
    verdict.source = SignatureSource::kEmbedded;
    Set(&verdict, TrustStatus::kMalformed, what);
    return false;
  };
  if (layout.table_fault != nullptr) return malformed(layout.table_fault);
  if (layout.table_size == 0) {
    Set(&verdict, TrustStatus::kUnsigned, "it bears no signature");
    return false;
  }
  if (layout.table_size > kLargestTable) return malformed("the certificate table is too large");
  file->table.resize(layout.table_size);
  if (file->source->ReadAt(layout.table_at, file->table) != file->table.size()) {
    Set(&verdict, TrustStatus::kUnreadable, "the system cannot read its certificate table");
    return false;
  }
  CertificateTable table;
  if (const Malformed what = ParseCertificateTable(file->table, &table)) return malformed(what);
  verdict.table_entries = table.entries;
  const ParsedSignature primary = ParseImageSignature(table.pkcs7);
  if (primary.malformed != nullptr) return malformed(primary.malformed);
  verdict.padding = CertificatePadding(table.pkcs7, primary.size);
  file->signatures.push_back(primary);
  AddNested(primary, 0, &file->signatures);
  return true;
}

bool FileVerifier::Fail(File* file, HashOutcome outcome) {
  FileVerdict& verdict = file->verdict;
  switch (outcome) {
    case HashOutcome::kDone:
      return false;
    case HashOutcome::kUnreadable:
      Set(&verdict, TrustStatus::kUnreadable, "the system cannot read it");
      return true;
    case HashOutcome::kShortened:
      Set(&verdict, TrustStatus::kUnstable, "it became shorter while it was read");
      return true;
    case HashOutcome::kStopped:
      Set(&verdict, TrustStatus::kTimedOut, "it took too long");
      return true;
  }
  return true;
}

bool FileVerifier::Hash(File* file, const std::vector<DigestAlgorithm>& algorithms) {
  FileVerdict& verdict = file->verdict;
  const ImageLayout* const layout = verdict.image ? &file->layout : nullptr;
  if (Fail(file, hasher_.Hash(file->source.get(), layout, algorithms))) return false;
  const auto keep = [&](DigestAlgorithm algorithm, std::string* out) {
    if (out->empty()) *out = Hex(hasher_.value(algorithm).span());
  };
  keep(DigestAlgorithm::kSha1, &verdict.sha1);
  keep(DigestAlgorithm::kSha256, &verdict.sha256);
  return true;
}

void FileVerifier::JudgeEmbedded(File* file) {
  FileVerdict& verdict = file->verdict;
  verdict.source = SignatureSource::kEmbedded;
  std::vector<DigestAlgorithm> algorithms;
  for (const ParsedSignature& signature : file->signatures) {
    const auto algorithm = signature.indirect.algorithm;
    const bool known = !algorithm || std::count(algorithms.begin(), algorithms.end(), *algorithm);
    if (!known) algorithms.push_back(*algorithm);
  }
  if (!Hash(file, algorithms)) return;
  for (const ParsedSignature& signature : file->signatures) {
    const IndirectData& data = signature.indirect;
    const DigestValue image = data.algorithm ? hasher_.value(*data.algorithm) : DigestValue();
    SignatureFacts facts = JudgeImageSignature(*policy_, signature, image);
    if (!data.page_hashes.empty() && options_.page_hashes) {
      bool match = false;
      if (Fail(file, hasher_.CheckPages(file->source.get(), file->layout, data.page_algorithm,
                                        data.page_hashes, &match)))
        return;
      facts.page_hashes = match;
    }
    verdict.signatures.push_back(std::move(facts));
  }
  Set(&verdict, verdict.signatures[0].status, verdict.signatures[0].detail);
  if (verdict.status == TrustStatus::kTrusted && verdict.padding > 0 &&
      policy_->options.reject_padding)
    Set(&verdict, TrustStatus::kMalformed, "its certificate table has bytes that nobody has signed");
}

void FileVerifier::ExamineImage(File* file) {
  file->verdict.image = true;
  if (ReadTable(file)) JudgeEmbedded(file);
  const TrustStatus status = file->verdict.status;
  const bool read = status != TrustStatus::kUnreadable && status != TrustStatus::kUnstable &&
                    status != TrustStatus::kTimedOut;
  if (read && status != TrustStatus::kTrusted) AskCatalogs(file);
}

// A trusted catalog outweighs a signature of the file's own that is not, as for Windows.
void FileVerifier::AskCatalogs(File* file) {
  if (!catalogs_) return;
  if (!Hash(file, {DigestAlgorithm::kSha256, DigestAlgorithm::kSha1})) return;
  FileVerdict& verdict = file->verdict;
  const auto trusted = [&] {
    return !verdict.catalogs.empty() &&
           verdict.catalogs[0].signature.status == TrustStatus::kTrusted;
  };
  const auto ask = [&](const DigestValue& digest) {
    if (trusted()) return;
    for (CatalogVerdict& found : catalogs_->Find(digest)) {
      const auto same = [&](const CatalogVerdict& other) { return other.path == found.path; };
      if (std::any_of(verdict.catalogs.begin(), verdict.catalogs.end(), same)) continue;
      const bool first = found.signature.status == TrustStatus::kTrusted;
      verdict.catalogs.insert(first ? verdict.catalogs.begin() : verdict.catalogs.end(),
                              std::move(found));
    }
  };
  const bool pads = verdict.image && file->layout.table_size == 0;
  for (const DigestAlgorithm algorithm : {DigestAlgorithm::kSha256, DigestAlgorithm::kSha1}) {
    if (pads) ask(hasher_.padded(algorithm));
    ask(hasher_.value(algorithm));
  }
  if (verdict.catalogs.empty()) return;
  const SignatureFacts& best = verdict.catalogs[0].signature;
  const bool bears_none = verdict.status == TrustStatus::kUnsigned ||
                          verdict.status == TrustStatus::kUnknownFormat;
  if (!trusted() && !bears_none) return;
  verdict.source = SignatureSource::kCatalog;
  Set(&verdict, best.status, best.detail);
}

}  // namespace nuthatch
