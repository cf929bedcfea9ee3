// Timestamps of a signature: RFC 3161 tokens, and the countersignatures (PKCS #9) of before.
#ifndef NUTHATCH_TRUST_TIMESTAMP_H_
#define NUTHATCH_TRUST_TIMESTAMP_H_

#include <optional>
#include <string>

#include "trust/chain.h"
#include "trust/pkcs7.h"
#include "trust/trust_policy.h"

namespace nuthatch {

struct TstInfo {
  std::optional<DigestAlgorithm> algorithm;
  ByteSpan imprint;
  UnixMillis time = 0;
};
// `bytes` are those of the OCTET STRING of a token's content.
Malformed ParseTstInfo(ByteSpan bytes, TstInfo* out);

struct Timestamp {
  TrustStatus status = TrustStatus::kMalformed;  // kTrusted: `time` is proven
  std::string detail;                            // for people; empty when trusted
  bool rfc3161 = false;
  bool bare = false;               // signed without DigestInfo
  std::optional<UnixMillis> time;  // what it says, trusted or not
  std::vector<Certificate> chain;  // of the authority, leaf first; lives as long as the signature
};

// The first that is trusted; without one the first. `pool` has the certificates of the signature.
// One that cannot be trusted is to be ignored: anybody can put one there.
std::optional<Timestamp> FindTimestamp(const TrustPolicy& policy, const SignerInfo& signer,
                                       const std::vector<Certificate>& certificates,
                                       const CertificatePool& pool);

}  // namespace nuthatch

#endif  // NUTHATCH_TRUST_TIMESTAMP_H_
