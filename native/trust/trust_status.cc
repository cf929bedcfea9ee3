#include "trust/trust_status.h"

namespace nuthatch {
namespace {

struct Facts {
  const char* name;
  uint32_t hresult;
};
// By status. HRESULTs are of winerror.h.
constexpr Facts kFacts[kTrustStatuses] = {
    {"trusted", 0},
    {"unsigned", 0x800b0100},           // TRUST_E_NOSIGNATURE
    {"unknownFormat", 0x800b0003},      // TRUST_E_SUBJECT_FORM_UNKNOWN
    {"badDigest", 0x80096010},          // TRUST_E_BAD_DIGEST
    {"badSignature", 0x80096004},       // TRUST_E_CERT_SIGNATURE
    {"malformed", 0x800b0100},          // TRUST_E_NOSIGNATURE: Windows does not tell them apart
    {"unsupported", 0x80090008},        // NTE_BAD_ALGID
    {"weak", 0x80096010},               // TRUST_E_BAD_DIGEST
    {"untrustedRoot", 0x800b0109},      // CERT_E_UNTRUSTEDROOT
    {"incompleteChain", 0x800b010a},    // CERT_E_CHAINING
    {"invalidChain", 0x80096019},       // TRUST_E_BASIC_CONSTRAINTS
    {"expired", 0x800b0101},            // CERT_E_EXPIRED
    {"notYetValid", 0x800b0101},        // CERT_E_EXPIRED
    {"wrongUsage", 0x800b0110},         // CERT_E_WRONG_USAGE
    {"revoked", 0x800b010c},            // CERT_E_REVOKED
    {"revocationUnknown", 0x800b010e},  // CERT_E_REVOCATION_FAILURE
    {"distrusted", 0x800b0111},         // CERT_E_EXPLICIT_DISTRUST
    {"fileGone", 0x80070002},           // ERROR_FILE_NOT_FOUND
    {"permissionDenied", 0x80070005},   // ERROR_ACCESS_DENIED
    {"locked", 0x80070020},             // ERROR_SHARING_VIOLATION
    {"notRegularFile", 0x80070057},     // ERROR_INVALID_PARAMETER
    {"unreadable", 0x8007001e},         // ERROR_READ_FAULT
    {"unstable", 0x800703ee},           // ERROR_FILE_INVALID
    {"imageMismatch", 0x8007051a},      // ERROR_REVISION_MISMATCH
    {"tooLarge", 0x800700df},           // ERROR_FILE_TOO_LARGE
    {"timedOut", 0x800705b4},           // ERROR_TIMEOUT
    {"dropped", 0x800705aa},            // ERROR_NO_SYSTEM_RESOURCES
};

struct Meaning {
  uint32_t hresult;
  TrustStatus status;
};
// Besides those above; the names are winerror.h's.
constexpr Meaning kMeanings[] = {
    {0x80090006, TrustStatus::kBadSignature},       // NTE_BAD_SIGNATURE
    {0x80091007, TrustStatus::kBadDigest},          // CRYPT_E_HASH_VALUE
    {0x80092003, TrustStatus::kUnreadable},         // CRYPT_E_FILE_ERROR
    {0x8009200e, TrustStatus::kMalformed},          // CRYPT_E_NO_SIGNER
    {0x80092010, TrustStatus::kRevoked},            // CRYPT_E_REVOKED
    {0x80092011, TrustStatus::kRevocationUnknown},  // CRYPT_E_NO_REVOCATION_DLL
    {0x80092012, TrustStatus::kRevocationUnknown},  // CRYPT_E_NO_REVOCATION_CHECK
    {0x80092013, TrustStatus::kRevocationUnknown},  // CRYPT_E_REVOCATION_OFFLINE
    {0x80092026, TrustStatus::kDistrusted},         // CRYPT_E_SECURITY_SETTINGS
    {0x80096001, TrustStatus::kUnreadable},         // TRUST_E_SYSTEM_ERROR
    {0x80096002, TrustStatus::kIncompleteChain},    // TRUST_E_NO_SIGNER_CERT
    {0x80096003, TrustStatus::kBadSignature},       // TRUST_E_COUNTER_SIGNER
    {0x80096005, TrustStatus::kBadSignature},       // TRUST_E_TIME_STAMP
    {0x8009601e, TrustStatus::kInvalidChain},       // TRUST_E_FINANCIAL_CRITERIA
    {0x800b0001, TrustStatus::kUnsupported},        // TRUST_E_PROVIDER_UNKNOWN
    {0x800b0002, TrustStatus::kUnsupported},        // TRUST_E_ACTION_UNKNOWN
    {0x800b0004, TrustStatus::kDistrusted},         // TRUST_E_SUBJECT_NOT_TRUSTED
    {0x800b0005, TrustStatus::kMalformed},          // DIGSIG_E_ENCODE
    {0x800b0006, TrustStatus::kMalformed},          // DIGSIG_E_DECODE
    {0x800b0007, TrustStatus::kMalformed},          // DIGSIG_E_EXTENSIBILITY
    {0x800b0008, TrustStatus::kBadSignature},       // DIGSIG_E_CRYPTO
    {0x800b0102, TrustStatus::kInvalidChain},       // CERT_E_VALIDITYPERIODNESTING
    {0x800b0103, TrustStatus::kInvalidChain},       // CERT_E_ROLE
    {0x800b0104, TrustStatus::kInvalidChain},       // CERT_E_PATHLENCONST
    {0x800b0105, TrustStatus::kInvalidChain},       // CERT_E_CRITICAL
    {0x800b0106, TrustStatus::kWrongUsage},         // CERT_E_PURPOSE
    {0x800b0107, TrustStatus::kInvalidChain},       // CERT_E_ISSUERCHAINING
    {0x800b0108, TrustStatus::kInvalidChain},       // CERT_E_MALFORMED
    {0x800b010b, TrustStatus::kInvalidChain},       // TRUST_E_FAIL
    {0x800b010d, TrustStatus::kUntrustedRoot},      // CERT_E_UNTRUSTEDTESTROOT
    {0x800b010f, TrustStatus::kInvalidChain},       // CERT_E_CN_NO_MATCH
    {0x800b0112, TrustStatus::kUntrustedRoot},      // CERT_E_UNTRUSTEDCA
    {0x800b0113, TrustStatus::kInvalidChain},       // CERT_E_INVALID_POLICY
    {0x800b0114, TrustStatus::kInvalidChain},       // CERT_E_INVALID_NAME
};

// Of Windows' errors of files, as FACILITY_WIN32 has them in its lower half.
TrustStatus StatusOfError(uint32_t error) {
  switch (error) {
    case 2:    // ERROR_FILE_NOT_FOUND
    case 3:    // ERROR_PATH_NOT_FOUND
    case 303:  // ERROR_DELETE_PENDING
      return TrustStatus::kFileGone;
    case 5:  // ERROR_ACCESS_DENIED
      return TrustStatus::kPermissionDenied;
    case 32:  // ERROR_SHARING_VIOLATION
    case 33:  // ERROR_LOCK_VIOLATION
      return TrustStatus::kLocked;
    case 223:  // ERROR_FILE_TOO_LARGE
      return TrustStatus::kTooLarge;
    case 1460:  // ERROR_TIMEOUT
      return TrustStatus::kTimedOut;
    default:
      return TrustStatus::kUnreadable;
  }
}

}  // namespace

const char* NameOf(TrustStatus status) { return kFacts[static_cast<int>(status)].name; }

uint32_t HresultOf(TrustStatus status) { return kFacts[static_cast<int>(status)].hresult; }

TrustStatus StatusOfHresult(uint32_t hresult) {
  constexpr uint32_t kWin32 = 0x80070000;
  constexpr uint32_t kAsn1 = 0x80093100;  // CRYPT_E_ASN1_ERROR, the first of those of ASN.1
  if (hresult == 0) return TrustStatus::kTrusted;
  if (hresult >> 16 == kWin32 >> 16 || hresult >> 16 == 0) return StatusOfError(hresult & 0xffff);
  if (hresult >> 8 == kAsn1 >> 8) return TrustStatus::kMalformed;
  for (const Meaning& meaning : kMeanings)
    if (meaning.hresult == hresult) return meaning.status;
  // Several have the same one: the first is what Windows means by it.
  for (int status = 0; status < kTrustStatuses; ++status)
    if (kFacts[status].hresult == hresult) return static_cast<TrustStatus>(status);
  return TrustStatus::kUnsupported;
}

}  // namespace nuthatch
