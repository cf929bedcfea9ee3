#include "trust/file_verifier.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/hex.h"
#include "base/utf16.h"
#include "image/headers.h"
#include "trust/ctl.h"

namespace nuthatch {
namespace {

constexpr uint64_t kLargestTable = uint64_t{16} << 20;
constexpr size_t kMostSignatures = 16;

void Set(FileVerdict* verdict, TrustStatus status, std::string detail) {
  verdict->status = status;
  verdict->detail = std::move(detail);
}

TrustStatus StatusOf(OpenFault fault) {
  switch (fault) {
    case OpenFault::kNotFound:
      return TrustStatus::kFileGone;
    case OpenFault::kPermissionDenied:
      return TrustStatus::kPermissionDenied;
    case OpenFault::kLocked:
      return TrustStatus::kLocked;
    case OpenFault::kNotRegular:
      return TrustStatus::kNotRegularFile;
    default:
      return TrustStatus::kUnreadable;
  }
}

OpenFault Open(const VerifyRequest& request, std::unique_ptr<RegularFile>* out) {
  if (!request.root.empty()) return OpenRegularFileBelow(request.root, request.path, out);
  return OpenRegularFile(request.path, request.follow_links, out);
}

// A signature of the file's own decides, whatever it is worth: no catalog makes good what was
// revoked. A malformed one is none.
bool OwnDecides(TrustStatus status) {
  return status != TrustStatus::kUnsigned && status != TrustStatus::kUnknownFormat &&
         status != TrustStatus::kMalformed;
}

// Those that vouch for what bears a signature that is not trusted are told all the same.
bool CatalogsAreAsked(TrustStatus status) {
  return WasVerified(status) && status != TrustStatus::kTrusted;
}

// They count where the file bears no signature, and a trusted one always. One that could not be
// asked may be the one that vouches for the file.
void HeedCatalogs(std::string fault, FileVerdict* verdict) {
  if (OwnDecides(verdict->status)) return;
  const bool trusted = HasTrusted(verdict->catalogs);
  if (!trusted && verdict->status == TrustStatus::kMalformed) return;
  if (!trusted && !fault.empty()) return Set(verdict, TrustStatus::kUnreadable, std::move(fault));
  if (verdict->catalogs.empty()) return;
  const SignatureFacts& best = verdict->catalogs[0].signature;
  verdict->source = SignatureSource::kCatalog;
  Set(verdict, best.status, best.detail);
}

// The signature of which the status is, if any.
const SignatureFacts* Counting(const FileVerdict& verdict) {
  if (verdict.source == SignatureSource::kCatalog) return &verdict.catalogs[0].signature;
  const bool own = verdict.source == SignatureSource::kEmbedded && !verdict.signatures.empty();
  return own ? &verdict.signatures[0] : nullptr;
}

void SetMismatch(FileVerdict* verdict) {
  Set(verdict, TrustStatus::kImageMismatch,
      "its headers are not those of the image that was loaded");
}

// Whether an image with these headers can be the one that was loaded. Sizes are compared as they
// are mapped, in pages.
bool Agree(const ImageNumbers& loaded, const ImageHeaders& headers) {
  const auto pages = [](uint32_t size) { return (uint64_t{size} + 0xFFF) >> 12; };
  const auto same = [](uint64_t asked, uint64_t found) { return asked == 0 || asked == found; };
  return same(loaded.timestamp, headers.timestamp) && same(loaded.checksum, headers.checksum) &&
         same(pages(loaded.mapped_size), pages(headers.image_size));
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

uint32_t HresultOf(const SignatureFacts& facts) {
  return facts.hresult.value_or(HresultOf(facts.status));
}

uint32_t HresultOf(const FileVerdict& verdict) {
  const SignatureFacts* const counts = Counting(verdict);
  return counts != nullptr && counts->status == verdict.status ? HresultOf(*counts)
                                                               : HresultOf(verdict.status);
}

// One that is being verified.
struct FileVerifier::File {
  File(const VerifyRequest& asked, const std::atomic<bool>& stop_when)
      : request(asked), stop(stop_when) {}

  const VerifyRequest& request;
  std::unique_ptr<RegularFile> source;
  const std::atomic<bool>& stop;
  ImageHeaders headers;
  FileVerdict verdict;
  std::vector<uint8_t> table;               // the certificate table
  std::vector<ParsedSignature> signatures;  // they point into it
};

FileVerifier::FileVerifier(std::shared_ptr<const TrustPolicy> policy,
                           std::shared_ptr<CatalogStore> catalogs, const VerifyOptions& options)
    : policy_(std::move(policy)),
      catalogs_(std::move(catalogs)),
      options_(options),
      windows_(options.windows ? std::make_unique<WinTrust>(options.windows) : nullptr),
      hasher_(policy_ ? policy_->crypto : nullptr) {}

FileVerdict FileVerifier::Verify(const VerifyRequest& request, const std::atomic<bool>& stop) {
  File file(request, stop);
  FileVerdict& verdict = file.verdict;
  const OpenFault fault = Open(request, &file.source);
  if (fault != OpenFault::kNone) {
    Set(&verdict, StatusOf(fault), TextOf(fault));
    return std::move(verdict);
  }
  verdict.identity = file.source->Identity();
  if (!verdict.identity) {
    Set(&verdict, TrustStatus::kUnreadable, "the system says nothing of the file");
  } else if (IsKnown(request, *verdict.identity)) {
    verdict.unchanged = true;
    return std::move(verdict);
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
  verdict.good_for = GoodFor(verdict);
  return std::move(verdict);
}

void FileVerifier::Examine(File* file) {
  Anomalies anomalies;  // are not asked for here
  const Status read_headers = ReadImageHeaders(file->source.get(), &file->headers, &anomalies);
  if (windows_) {
    file->verdict.image = read_headers.ok();
    return AskWindows(file);
  }
  if (read_headers.ok()) return ExamineImage(file);
  if (std::string_view(read_headers.code()) != "NUTHATCH_PE_FORMAT")
    return Set(&file->verdict, TrustStatus::kUnreadable, "the system cannot read it");
  uint8_t head[kSignedDataHead] = {};
  const std::optional<size_t> read = file->source->ReadAt(0, head);
  if (!read) return Set(&file->verdict, TrustStatus::kUnreadable, "the system cannot read it");
  if (BeginsAsSignedData(head) && ExamineCatalogFile(file)) return;
  Set(&file->verdict, TrustStatus::kUnknownFormat,
      "it is neither an image nor a catalog: only a catalog can vouch for it here");
  AskCatalogs(file);
}

// A catalog bears its own signature. False if it is none.
bool FileVerifier::ExamineCatalogFile(File* file) {
  FileVerdict& verdict = file->verdict;
  if (file->source->size() > kLargestCatalog) {
    Set(&verdict, TrustStatus::kTooLarge, "it is larger than catalogs that are read");
    return true;
  }
  file->table.resize(file->source->size());
  if (file->source->ReadAt(0, file->table) != file->table.size()) {
    Set(&verdict, TrustStatus::kUnreadable, "the system cannot read it");
    return true;
  }
  const ParsedSignature signature = ParseCatalogSignature(file->table);
  size_t members = 0;
  if (signature.malformed != nullptr ||
      ParseCtl(
          signature.data.content, [](const CatalogMember&) {}, &members) != nullptr)
    return false;
  verdict.padding = file->table.size() - signature.size;
  if (!signature.data.signer) {
    Set(&verdict, TrustStatus::kUnsigned, "nobody has signed the catalog");
    return true;
  }
  verdict.source = SignatureSource::kEmbedded;
  verdict.signatures.push_back(JudgeSignature(*policy_, signature));
  Set(&verdict, verdict.signatures[0].status, verdict.signatures[0].detail);
  RefusePadding(&verdict);
  return true;
}

void FileVerifier::RefusePadding(FileVerdict* verdict) const {
  if (verdict->status != TrustStatus::kTrusted || verdict->padding == 0) return;
  if (policy_->options.reject_padding)
    Set(verdict, TrustStatus::kMalformed,
        "it has bytes beside its signature that nobody has signed");
}

// Whether there is a signature to judge.
bool FileVerifier::ReadTable(File* file) {
  FileVerdict& verdict = file->verdict;
  const std::optional<FileRange>& place = file->headers.certificate_table;
  const auto malformed = [&](const char* what) {
    verdict.source = SignatureSource::kEmbedded;
    Set(&verdict, TrustStatus::kMalformed, what);
    return false;
  };
  if (const Malformed what = CheckTablePlace(file->headers)) return malformed(what);
  if (!place) {
    Set(&verdict, TrustStatus::kUnsigned, "it bears no signature");
    return false;
  }
  if (place->size > kLargestTable) return malformed("the certificate table is too large");
  file->table.resize(place->size);
  if (file->source->ReadAt(place->offset, file->table) != file->table.size()) {
    Set(&verdict, TrustStatus::kUnreadable, "the system cannot read its certificate table");
    return false;
  }
  CertificateTable table;
  if (const Malformed what = ParseCertificateTable(file->table, &table)) return malformed(what);
  verdict.table_entries = table.entries;
  const ParsedSignature primary = ParseImageSignature(table.pkcs7);
  if (primary.malformed != nullptr) return malformed(primary.malformed);
  verdict.padding = CertificatePadding(table, primary.size);
  file->signatures.push_back(primary);
  AddNested(primary, 0, &file->signatures);
  return true;
}

// Whether a pass over the file has come to its end.
bool FileVerifier::Check(File* file, const Status& status) {
  if (status.ok()) return true;
  const std::string_view code = status.code();
  const TrustStatus verdict = code == "NUTHATCH_ABORTED"           ? TrustStatus::kTimedOut
                              : code == "NUTHATCH_INPUT_TRUNCATED" ? TrustStatus::kUnstable
                                                                   : TrustStatus::kUnreadable;
  Set(&file->verdict, verdict, status.message());
  return false;
}

bool FileVerifier::Hash(File* file, const std::vector<DigestAlgorithm>& algorithms) {
  FileVerdict& verdict = file->verdict;
  // With a table that cannot be one, all its bytes are hashed.
  if (verdict.image && CheckTablePlace(file->headers) != nullptr)
    file->headers.certificate_table.reset();
  const ImageHeaders* const image = verdict.image ? &file->headers : nullptr;
  if (!Check(file, hasher_.Hash(file->source.get(), image, algorithms, file->stop))) return false;
  const auto keep = [&](DigestAlgorithm algorithm, std::string* out) {
    if (out->empty()) *out = HexBytes(hasher_.value(algorithm).span());
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
    const Digest image = data.algorithm ? hasher_.value(*data.algorithm) : Digest();
    SignatureFacts facts = JudgeImageSignature(*policy_, signature, image);
    if (!data.page_hashes.empty() && options_.page_hashes) {
      bool match = false;
      const Status status =
          hasher_.CheckPages(file->source.get(), file->headers, data.page_algorithm,
                             data.page_hashes, file->stop, &match);
      if (!Check(file, status)) return;
      facts.page_hashes = match;
    }
    verdict.signatures.push_back(std::move(facts));
  }
  Set(&verdict, verdict.signatures[0].status, verdict.signatures[0].detail);
}

void FileVerifier::ExamineImage(File* file) {
  file->verdict.image = true;
  if (!Agree(file->request.numbers, file->headers)) return SetMismatch(&file->verdict);
  FileVerdict& verdict = file->verdict;
  if (ReadTable(file)) JudgeEmbedded(file);
  if (CatalogsAreAsked(verdict.status)) {
    // No digest covers a table, so that a catalog vouches for a file whatever fills its table.
    const std::optional<FileRange>& table = file->headers.certificate_table;
    if (table && !OwnDecides(verdict.status) && CheckTablePlace(file->headers) == nullptr)
      verdict.padding = table->size;
    AskCatalogs(file);
  }
  RefusePadding(&verdict);
}

void FileVerifier::AskCatalogs(File* file) {
  if (!catalogs_) return;
  FileVerdict& verdict = file->verdict;
  if (!OwnDecides(verdict.status)) verdict.generation = CatalogGeneration();
  if (!Hash(file, {DigestAlgorithm::kSha256, DigestAlgorithm::kSha1})) return;
  std::string fault;
  const auto ask = [&](DigestAlgorithm algorithm, const Digest& digest) {
    if (HasTrusted(verdict.catalogs)) return;
    CatalogAnswer answer = catalogs_->Find(digest, file->stop);
    for (CatalogVerdict& found : answer.found) {
      HeedMemberDigest(policy_->options, algorithm, &found.signature);
      AddCatalog(std::move(found), &verdict.catalogs);
    }
    if (fault.empty()) fault = std::move(answer.fault);
  };
  for (const DigestAlgorithm algorithm : {DigestAlgorithm::kSha256, DigestAlgorithm::kSha1}) {
    ask(algorithm, hasher_.padded(algorithm));
    ask(algorithm, hasher_.value(algorithm));
  }
  if (file->stop) return Set(&verdict, TrustStatus::kTimedOut, "it took too long");
  HeedCatalogs(std::move(fault), &verdict);
}

// What the file itself bears, then the catalogs of the machine. The table is read here too: Windows
// says neither what fills it, nor whether there is something where it finds no signature.
void FileVerifier::AskWindows(File* file) {
  FileVerdict& verdict = file->verdict;
  if (verdict.image && !Agree(file->request.numbers, file->headers)) return SetMismatch(&verdict);
  const bool bears = verdict.image && ReadTable(file);
  if (verdict.image && !bears && verdict.status == TrustStatus::kUnreadable) return;
  const WinSubject subject{file->source->native_handle(), Utf8ToUtf16(file->source->path())};
  std::vector<SignatureFacts> signatures = windows_->Signatures(subject, file->stop);
  const TrustStatus status = signatures[0].status;
  if (status != TrustStatus::kUnsigned && status != TrustStatus::kUnknownFormat) {
    verdict.source = SignatureSource::kEmbedded;
    Set(&verdict, status, signatures[0].detail);
    if (bears) AddStated(file->signatures[0], &signatures[0]);  // which Windows passes over
    verdict.signatures = std::move(signatures);
  } else if (bears) {
    verdict.source = SignatureSource::kEmbedded;
    Set(&verdict, TrustStatus::kMalformed, "Windows finds no signature in it");
  } else if (!verdict.image) {
    Set(&verdict, status, signatures[0].detail);
  }
  if (!CatalogsAreAsked(verdict.status) || file->source->size() == 0) return;
  if (!OwnDecides(verdict.status)) verdict.generation = CatalogGeneration();
  WinCatalogs catalogs = windows_->Catalogs(subject, file->stop);
  verdict.catalogs = std::move(catalogs.found);
  verdict.sha1 = std::move(catalogs.sha1);
  verdict.sha256 = std::move(catalogs.sha256);
  if (file->stop) return Set(&verdict, TrustStatus::kTimedOut, "it took too long");
  HeedCatalogs(std::move(catalogs.fault), &verdict);
}

uint64_t FileVerifier::CatalogGeneration() const { return catalogs_ ? catalogs_->Generation() : 0; }

bool FileVerifier::IsKnown(const VerifyRequest& request, const FileIdentity& identity) const {
  return request.unless && IsUnchanged(*request.unless, identity) &&
         (!request.generation || *request.generation == CatalogGeneration());
}

std::optional<std::chrono::milliseconds> FileVerifier::GoodFor(const FileVerdict& verdict) const {
  const SignatureFacts* const facts = Counting(verdict);
  if (facts == nullptr || verdict.status != TrustStatus::kTrusted) return std::nullopt;
  const bool time_stands = policy_ && policy_->options.time;
  const bool is_stamped = facts->timestamp && facts->timestamp->status == TrustStatus::kTrusted &&
                          !facts->lifetime_signing;
  if (time_stands || is_stamped) return std::nullopt;
  std::optional<std::chrono::milliseconds> least;
  for (const CertificateFacts& certificate : facts->chain) {
    const std::chrono::milliseconds left(certificate.not_after - facts->verified_at);
    least = std::min(left, least.value_or(left));
  }
  return least;
}

}  // namespace nuthatch
