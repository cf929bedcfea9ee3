// The verdict on a file: its own signature, or catalogs that vouch for it.
#ifndef NUTHATCH_TRUST_FILE_VERIFIER_H_
#define NUTHATCH_TRUST_FILE_VERIFIER_H_

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "platform/file.h"
#include "trust/catalog_store.h"
#include "trust/image_key.h"
#include "trust/image_signature.h"
#include "trust/signature.h"
#include "trust/wintrust.h"

namespace nuthatch {

enum class SignatureSource : uint8_t { kNone, kEmbedded, kCatalog };

struct FileVerdict {
  TrustStatus status = TrustStatus::kUnreadable;
  std::string detail;                               // for people; empty when trusted
  SignatureSource source = SignatureSource::kNone;  // what the status is of
  bool image = false;                               // a portable executable
  bool unchanged = false;  // it is the file of VerifyRequest::unless: nothing else was looked at
  std::optional<FileIdentity> identity;
  // Of the catalogs, where the status hangs on them, so that it can change while the file stays as
  // it is: 0 for those of Windows, which has none. None where the file's own signature decided.
  std::optional<uint64_t> generation;
  // How long it can be trusted: until a certificate expires, where now is the time that counts.
  std::optional<std::chrono::milliseconds> good_for;
  // Its own: the primary one first, then those nested in it.
  std::vector<SignatureFacts> signatures;
  // Those that vouch for it, a trusted one first. None where its own signature is trusted.
  std::vector<CatalogVerdict> catalogs;
  uint64_t padding =
      0;  // bytes in the certificate table, or behind a catalog, that nobody has signed
  uint64_t table_entries = 0;
  // Of the image, or of all bytes of another file; as far as they were computed. Hexadecimal.
  std::string sha1;
  std::string sha256;
};

// What Windows said, where it was asked; else what it would say.
uint32_t HresultOf(const SignatureFacts& facts);
uint32_t HresultOf(const FileVerdict& verdict);

struct VerifyOptions {
  uint64_t largest_file = uint64_t{4} << 30;
  bool page_hashes = false;  // checks them too, which reads the file once more
  // If there are any, Windows is asked, and neither policy nor catalogs are used.
  std::shared_ptr<const WinTrustFunctions> windows;
};

struct VerifyRequest {
  std::string path;  // UTF-8; where paths are bytes, those bytes
  bool follow_links = true;
  std::string root = {};      // if any, `path` is below it, and no link on the way is followed
  ImageNumbers numbers = {};  // of the image that it must be, as far as they are known
  std::optional<FileIdentity> unless = {};  // a file that is known already …
  std::optional<uint64_t> generation = {};  // … by catalogs of this one, as FileVerdict has it
};

// Of one thread: it has that thread's buffers.
class FileVerifier {
 public:
  // `catalogs` may be null, and `policy` where Windows is asked.
  FileVerifier(std::shared_ptr<const TrustPolicy> policy, std::shared_ptr<CatalogStore> catalogs,
               const VerifyOptions& options);

  // Once `stop` is true the verdict is soon kTimedOut.
  FileVerdict Verify(const VerifyRequest& request, const std::atomic<bool>& stop);

 private:
  struct File;

  void Examine(File* file);
  void ExamineImage(File* file);
  bool ExamineCatalogFile(File* file);
  void RefusePadding(FileVerdict* verdict) const;
  bool ReadTable(File* file);
  void JudgeEmbedded(File* file);
  void AskCatalogs(File* file);
  void AskWindows(File* file);
  uint64_t CatalogGeneration() const;
  bool IsKnown(const VerifyRequest& request, const FileIdentity& identity) const;
  std::optional<std::chrono::milliseconds> GoodFor(const FileVerdict& verdict) const;
  bool Hash(File* file, const std::vector<DigestAlgorithm>& algorithms);
  bool Check(File* file, const Status& status);

  const std::shared_ptr<const TrustPolicy> policy_;
  const std::shared_ptr<CatalogStore> catalogs_;
  const VerifyOptions options_;
  std::unique_ptr<WinTrust> windows_;
  FileHasher hasher_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_TRUST_FILE_VERIFIER_H_
