#include "trust/wintrust.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <iterator>
#include <string_view>
#include <utility>

#include "base/file_time.h"
#include "base/hex.h"
#include "base/utf16.h"

namespace nuthatch {
namespace {

// Of wintrust.h, mscat.h, wincrypt.h and winerror.h.
constexpr Guid kGenericVerifyV2 = ParseGuid("00aac56b-cd44-11d0-8cc2-00c04fc295ee");
constexpr Guid kDriverActionVerify = ParseGuid("f750e6c3-38ee-11d1-85e5-00c04fc295ee");
constexpr uint32_t kUiNone = 2;
constexpr uint32_t kRevokeNone = 0;
constexpr uint32_t kChoiceFile = 1;
constexpr uint32_t kChoiceCatalog = 2;
constexpr uint32_t kActionVerify = 1;
constexpr uint32_t kActionClose = 2;
// Without the first a missing issuer is looked for in the network, for minutes.
constexpr uint32_t kFlags =
    0x1000 /* WTD_CACHE_ONLY_URL_RETRIEVAL */ | 0x2000 /* WTD_DISABLE_MD2_MD4 */;
constexpr uint32_t kVerifySpecific = 1;
constexpr uint32_t kGetSecondaryCount = 2;
constexpr uint32_t kPropertySha1 = 3;                 // CERT_SHA1_HASH_PROP_ID
constexpr uint32_t kPropertySha256 = 107;             // CERT_SHA256_HASH_PROP_ID
constexpr uint32_t kProviderUnknown = 0x800b0001;     // TRUST_E_PROVIDER_UNKNOWN
constexpr uint32_t kSubjectFormUnknown = 0x800b0003;  // TRUST_E_SUBJECT_FORM_UNKNOWN
constexpr uint32_t kNoSignature = 0x800b0100;         // TRUST_E_NOSIGNATURE
constexpr uint32_t kErrorFileNotFound = 2;
constexpr uint32_t kErrorNoMoreFiles = 18;
constexpr uint32_t kErrorNotImplemented = 120;
constexpr uint32_t kErrorNotFound = 1168;

constexpr size_t kMostSignatures = 16;
constexpr uint32_t kMostCertificates = 32;
constexpr size_t kMostCatalogs = 1024;
constexpr uint32_t kLargestHash = 64;

UnixMillis ToUnixMillis(const uint32_t (&file_time)[2]) {
  const uint64_t time = uint64_t{file_time[1]} << 32 | file_time[0];
  return time == 0 ? 0 : FileTimeToUnixMillis(time);
}

std::string DetailOf(uint32_t hresult) {
  if (hresult == 0) return {};
  char text[40];
  std::snprintf(text, sizeof(text), "Windows says 0x%08x", hresult);
  return text;
}

// TRUST_E_NOSIGNATURE is also the answer for a file that could not be read or understood; the last
// error tells these apart, as WinVerifyTrust is documented.
uint32_t ReasonOfNone(uint32_t last_error) {
  constexpr uint32_t kNone[] = {0, kNoSignature, kSubjectFormUnknown, kProviderUnknown};
  const bool is_none = std::find(std::begin(kNone), std::end(kNone), last_error) != std::end(kNone);
  return is_none ? 0 : last_error;
}

// A call of WinVerifyTrust, whose state is there until this ends.
class Verification {
 public:
  Verification(const WinTrustFunctions& functions, uint32_t choice, const void* subject,
               WinTrustSignatureSettings* settings)
      : functions_(functions) {
    data_.ui = kUiNone;
    data_.revocation = kRevokeNone;
    data_.choice = choice;
    data_.subject = subject;
    data_.flags = kFlags;
    data_.settings = settings;
    functions.SetLastError(0);
    hresult_ = Call(kActionVerify);
    if (hresult_ == kNoSignature) reason_ = ReasonOfNone(functions.GetLastError());
  }
  // A verification that failed has a state too.
  ~Verification() { Call(kActionClose); }
  Verification(const Verification&) = delete;
  Verification& operator=(const Verification&) = delete;

  SignatureFacts Facts() const;

 private:
  uint32_t Call(uint32_t action) {
    data_.state_action = action;
    Guid policy = kGenericVerifyV2;
    // INVALID_HANDLE_VALUE: nobody is asked anything. NOLINTNEXTLINE(performance-no-int-to-ptr)
    void* const no_window = reinterpret_cast<void*>(intptr_t{-1});
    return static_cast<uint32_t>(functions_.WinVerifyTrust(no_window, &policy, &data_));
  }
  std::string Property(const WinCertificate* certificate, uint32_t property) const;
  std::vector<CertificateFacts> ChainOf(WinProviderSigner* signer) const;

  const WinTrustFunctions& functions_;
  WinTrustData data_;
  uint32_t hresult_ = 0;
  uint32_t reason_ = 0;  // why no signature was found, where that is not that there is none
};

std::string Verification::Property(const WinCertificate* certificate, uint32_t property) const {
  uint8_t bytes[kLargestHash];
  uint32_t size = sizeof(bytes);
  const bool known =
      functions_.CertGetCertificateContextProperty(certificate, property, bytes, &size) != 0;
  return known && size <= sizeof(bytes) ? HexBytes({bytes, size}) : std::string();
}

std::vector<CertificateFacts> Verification::ChainOf(WinProviderSigner* signer) const {
  std::vector<CertificateFacts> chain;
  const uint32_t count = std::min(signer->certificates, kMostCertificates);
  for (uint32_t i = 0; i < count; ++i) {
    const WinProviderCertificate* const found = functions_.WTHelperGetProvCertFromChain(signer, i);
    if (found == nullptr || found->certificate == nullptr) break;
    const WinCertificate* const context = found->certificate;
    Certificate certificate;
    if (!ParseCertificate({context->bytes, context->size}, &certificate)) break;
    chain.push_back(FactsOf(certificate));
    chain.back().sha1 = Property(context, kPropertySha1);
    chain.back().sha256 = Property(context, kPropertySha256);
  }
  return chain;
}

bool HasRfc3161Timestamp(const WinProviderSigner& signer) {
  constexpr const char* kOid = "1.3.6.1.4.1.311.3.3.1";
  if (signer.info == nullptr) return false;
  const WinAttributes& all = signer.info->unsigned_attributes;
  return std::any_of(all.attributes, all.attributes + all.count,
                     [](const WinAttribute& each) { return std::strcmp(each.oid, kOid) == 0; });
}

SignatureFacts Verification::Facts() const {
  SignatureFacts facts;
  const uint32_t said = reason_ != 0 ? reason_ : hresult_;
  facts.status = StatusOfHresult(said);
  facts.detail = DetailOf(said);
  facts.hresult = hresult_;
  void* const provider = functions_.WTHelperProvDataFromStateData(data_.state);
  if (provider == nullptr) return facts;
  WinProviderSigner* const signer = functions_.WTHelperGetProvSignerFromChain(provider, 0, 0, 0);
  if (signer == nullptr) return facts;
  facts.verified_at = ToUnixMillis(signer->verified_at);
  facts.chain = ChainOf(signer);
  WinProviderSigner* const authority = functions_.WTHelperGetProvSignerFromChain(provider, 0, 1, 0);
  if (authority == nullptr) return facts;
  TimestampFacts timestamp;
  timestamp.status = StatusOfHresult(authority->error);
  timestamp.detail = DetailOf(authority->error);
  timestamp.rfc3161 = HasRfc3161Timestamp(*signer);
  timestamp.time = ToUnixMillis(authority->verified_at);
  timestamp.chain = ChainOf(authority);
  facts.timestamp = std::move(timestamp);
  return facts;
}

}  // namespace

struct WinTrust::Hash {
  DigestAlgorithm algorithm;
  uint8_t bytes[kLargestHash] = {};
  uint32_t size = sizeof(bytes);

  std::span<const uint8_t> span() const { return {bytes, size}; }
};

WinTrust::WinTrust(std::shared_ptr<const WinTrustFunctions> functions)
    : functions_(std::move(functions)) {}

WinTrust::~WinTrust() {
  for (void* const context : {by_sha256_, by_sha1_})
    if (context != nullptr) functions_->CryptCATAdminReleaseContext(context, 0);
}

std::vector<SignatureFacts> WinTrust::Signatures(const WinSubject& subject,
                                                 const std::atomic<bool>& stop) const {
  WinTrustFileInfo file;
  file.path = subject.path.c_str();
  file.file = subject.file;
  std::vector<SignatureFacts> all;
  WinTrustSignatureSettings primary;
  primary.flags = kVerifySpecific | kGetSecondaryCount;
  all.push_back(Verification(*functions_, kChoiceFile, &file, &primary).Facts());
  const size_t count = std::min(size_t{1} + primary.secondary_signatures, kMostSignatures);
  while (all.size() < count && !stop) {
    WinTrustSignatureSettings nested;
    nested.flags = kVerifySpecific;
    nested.index = static_cast<uint32_t>(all.size());
    all.push_back(Verification(*functions_, kChoiceFile, &file, &nested).Facts());
  }
  return all;
}

WinCatalogs WinTrust::Catalogs(const WinSubject& subject, const std::atomic<bool>& stop) {
  WinCatalogs out;
  for (const DigestAlgorithm algorithm : {DigestAlgorithm::kSha256, DigestAlgorithm::kSha1}) {
    Hash hash{.algorithm = algorithm};
    void** const context = algorithm == DigestAlgorithm::kSha1 ? &by_sha1_ : &by_sha256_;
    if (stop || HasTrusted(out.found)) break;
    if (Acquire(algorithm, context, &out) && Compute(subject, &hash, &out))
      Enumerate(*context, subject, &hash, stop, &out);
  }
  return out;
}

// False if there is no context, which is a fault unless this Windows has none of this kind.
bool WinTrust::Acquire(DigestAlgorithm algorithm, void** context, WinCatalogs* out) {
  if (*context != nullptr) return true;
  const WinTrustFunctions& f = *functions_;
  const bool old = algorithm == DigestAlgorithm::kSha1;
  if (!old && (f.CryptCATAdminAcquireContext2 == nullptr ||
               f.CryptCATAdminCalcHashFromFileHandle2 == nullptr))
    return false;
  const bool acquired = old ? f.CryptCATAdminAcquireContext(context, &kDriverActionVerify, 0) != 0
                            : f.CryptCATAdminAcquireContext2(context, &kDriverActionVerify,
                                                             u"SHA256", nullptr, 0) != 0;
  if (acquired) return true;
  *context = nullptr;
  if (old || f.GetLastError() != kErrorNotImplemented) SetFault("CryptCATAdminAcquireContext", out);
  return false;
}

bool WinTrust::Compute(const WinSubject& subject, Hash* hash, WinCatalogs* out) const {
  const bool old = hash->algorithm == DigestAlgorithm::kSha1;
  const bool computed = old ? functions_->CryptCATAdminCalcHashFromFileHandle(
                                  subject.file, &hash->size, hash->bytes, 0) != 0
                            : functions_->CryptCATAdminCalcHashFromFileHandle2(
                                  by_sha256_, subject.file, &hash->size, hash->bytes, 0) != 0;
  if (!computed || hash->size > sizeof(hash->bytes)) {
    SetFault("CryptCATAdminCalcHashFromFileHandle", out);
    return false;
  }
  (old ? out->sha1 : out->sha256) = HexBytes(hash->span());
  return true;
}

void WinTrust::Enumerate(void* context, const WinSubject& subject, Hash* hash,
                         const std::atomic<bool>& stop, WinCatalogs* out) const {
  const WinTrustFunctions& f = *functions_;
  void* catalog = nullptr;
  for (size_t i = 0; !stop; ++i) {
    if (i == kMostCatalogs) {
      if (out->fault.empty()) out->fault = "there are more catalogs of it than are asked";
      break;
    }
    // The next call takes the catalog before, and releases it whatever comes of the call.
    void* previous = catalog;
    f.SetLastError(0);
    catalog = f.CryptCATAdminEnumCatalogFromHash(context, hash->bytes, hash->size, 0, &previous);
    if (catalog == nullptr) {
      const uint32_t error = f.GetLastError();
      const bool end = error == 0 || error == kErrorNotFound || error == kErrorFileNotFound ||
                       error == kErrorNoMoreFiles;
      if (!end) SetFault("CryptCATAdminEnumCatalogFromHash", out);
      return;
    }
    WinCatalogInfo info;
    if (f.CryptCATCatalogInfoFromContext(catalog, &info, 0) == 0) {
      SetFault("CryptCATCatalogInfoFromContext", out);
      continue;
    }
    CatalogVerdict verdict = Judge(context, info, subject, hash);
    const bool trusted = verdict.signature.status == TrustStatus::kTrusted;
    AddCatalog(std::move(verdict), &out->found);
    if (trusted) break;
  }
  if (catalog != nullptr) f.CryptCATAdminReleaseCatalogContext(context, catalog, 0);
}

CatalogVerdict WinTrust::Judge(void* context, const WinCatalogInfo& catalog,
                               const WinSubject& subject, Hash* hash) const {
  std::u16string tag;  // of a member: the hash in capitals
  for (const char digit : HexBytes(hash->span()))
    tag += static_cast<char16_t>(digit >= 'a' ? digit - 'a' + 'A' : digit);
  WinTrustCatalogInfo member;
  member.catalog_path = catalog.path;
  member.member_tag = tag.c_str();
  member.member_path = subject.path.c_str();
  member.member_file = subject.file;
  member.hash = hash->bytes;
  member.hash_size = hash->size;
  member.admin = context;
  SignatureFacts facts = Verification(*functions_, kChoiceCatalog, &member, nullptr).Facts();
  HeedMemberDigest({}, hash->algorithm, &facts);  // what is refused Windows decides
  return {Utf16ToUtf8({catalog.path, std::size(catalog.path)}), std::move(facts)};
}

void WinTrust::SetFault(const char* function, WinCatalogs* out) const {
  if (!out->fault.empty()) return;
  out->fault = std::string("not all catalogs of this machine could be asked: ") + function +
               " failed with error " + std::to_string(functions_->GetLastError());
}

}  // namespace nuthatch
