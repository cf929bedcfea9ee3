// What can be said of a file's signature. An error is never "unsigned".
#ifndef NUTHATCH_TRUST_TRUST_STATUS_H_
#define NUTHATCH_TRUST_TRUST_STATUS_H_

#include <cstdint>

namespace nuthatch {

enum class TrustStatus : uint8_t {
  kTrusted,
  kUnsigned,
  kUnknownFormat,  // neither an image nor a catalog, and no catalog vouches for it
  // Of the signature:
  kBadDigest,     // the file is not what was signed
  kBadSignature,  // the signature is not of the key of its certificate
  kMalformed,     // there is something where a signature stands, and it is none
  kUnsupported,   // an algorithm that is not known here, or that the provider has not
  kWeak,          // an algorithm that proves nothing any more
  // Of the signer's certificates:
  kUntrustedRoot,
  kIncompleteChain,
  kInvalidChain,
  kExpired,
  kNotYetValid,
  kWrongUsage,
  kRevoked,
  kRevocationUnknown,
  kDistrusted,  // by the machine's own lists or policy
  // Of the file, which therefore was not verified:
  kFileGone,
  kPermissionDenied,
  kLocked,
  kNotRegularFile,
  kUnreadable,
  kUnstable,       // it changed while it was read
  kImageMismatch,  // it is not the image that was asked about
  kTooLarge,
  kTimedOut,
  kDropped,  // there were too many others to verify
};
constexpr int kTrustStatuses = static_cast<int>(TrustStatus::kDropped) + 1;

// Whether it says something of the file's signature.
constexpr bool WasVerified(TrustStatus status) { return status < TrustStatus::kFileGone; }

// "badDigest"
const char* NameOf(TrustStatus status);
// What Windows says of such a file, as WinVerifyTrust returns it.
uint32_t HresultOf(TrustStatus status);
// The other way, of whatever WinVerifyTrust may return; what is not known is kUnsupported.
TrustStatus StatusOfHresult(uint32_t hresult);

}  // namespace nuthatch

#endif  // NUTHATCH_TRUST_TRUST_STATUS_H_
