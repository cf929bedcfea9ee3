// Whether a signer has signed a content: what PKCS #7 itself promises, without asking who it is.
#ifndef NUTHATCH_TRUST_SIGNER_CHECK_H_
#define NUTHATCH_TRUST_SIGNER_CHECK_H_

#include "trust/crypto.h"
#include "trust/pkcs7.h"
#include "trust/trust_status.h"

namespace nuthatch {

struct SignerCheck {
  TrustStatus status = TrustStatus::kMalformed;  // kTrusted: it has
  const char* detail = "";
  bool bare = false;  // the signature is of the bare digest, as legacy countersignatures may be
};

struct SignedContent {
  ByteSpan type;   // OID; empty in a countersignature, which need not repeat it
  ByteSpan bytes;  // contents octets, without tag and length
};

SignerCheck CheckSigner(const Crypto& crypto, const SignerInfo& signer,
                        const ProviderCertificate& certificate, const SignedContent& content,
                        bool allow_bare);

}  // namespace nuthatch

#endif  // NUTHATCH_TRUST_SIGNER_CHECK_H_
