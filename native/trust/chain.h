// Whether a certificate may be believed: its chain to an anchor, by what rules Windows has for
// signers of code.
#ifndef NUTHATCH_TRUST_CHAIN_H_
#define NUTHATCH_TRUST_CHAIN_H_

#include <memory>
#include <string>
#include <vector>

#include "trust/certificate.h"
#include "trust/trust_policy.h"
#include "trust/trust_status.h"

namespace nuthatch {

// The certificates of a signature, as the provider knows them too.
class CertificatePool {
 public:
  CertificatePool(const Crypto& crypto, const std::vector<Certificate>& certificates);
  // Adds those of `other`, which outlives this.
  void Add(const CertificatePool& other);

  // Null if the provider cannot parse it.
  const ProviderCertificate* Find(const Certificate& certificate) const;
  const std::vector<const ProviderCertificate*>& all() const { return all_; }

 private:
  struct Entry {
    ByteSpan der;
    const ProviderCertificate* parsed;
  };
  std::vector<std::unique_ptr<ProviderCertificate>> owned_;
  std::vector<Entry> entries_;
  std::vector<const ProviderCertificate*> all_;
};

enum class Usage : uint8_t { kCodeSigning, kTimeStamping };

struct ChainVerdict {
  TrustStatus status = TrustStatus::kMalformed;
  std::string detail;              // for people; empty when trusted
  std::vector<Certificate> chain;  // leaf first, as far as it could be built
  RevocationState revocation = RevocationState::kNotChecked;
  bool anchored = false;  // the chain's last is an anchor
  bool sha1 = false;      // a certificate of the chain, not the anchor, is signed with SHA-1
  // Which of the chain the status is of: each chain that begins as this one up to it is as bad.
  size_t at_fault = 0;
};

// An issuer may have several certificates, and several anchors one name: each chain is judged
// wholly, sixteen at most, until one is trusted. Where none is, it is the verdict of the first that
// is revoked, else of the first that ends at an anchor, else of the first.
// At `time`. `stamped`: that `time` is proven by a timestamp, so that what was revoked later, and
// not because its key was compromised, was good.
ChainVerdict CheckChain(const TrustPolicy& policy, const Certificate& leaf,
                        const CertificatePool& pool, Usage usage, UnixMillis time, bool stamped);

}  // namespace nuthatch

#endif  // NUTHATCH_TRUST_CHAIN_H_
