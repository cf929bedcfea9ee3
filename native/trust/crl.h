// Certificate revocation lists (RFC 5280, section 5), which the user has brought: none is fetched.
#ifndef NUTHATCH_TRUST_CRL_H_
#define NUTHATCH_TRUST_CRL_H_

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

#include "trust/certificate.h"
#include "trust/crypto.h"

namespace nuthatch {

struct Revocation {
  UnixMillis date = 0;
  bool compromised = false;  // the key, or an authority's: then no earlier signature is good either

  void Worsen(const Revocation& other) {
    date = std::min(date, other.date);
    compromised = compromised || other.compromised;
  }
};

struct Crl {
  ByteSpan issuer;  // the Name with its tag
  ByteSpan signed_part;
  ByteSpan signature_algorithm;  // OID
  ByteSpan signature;
  Digest digest;  // of signed_part
  // What it does not name is good only between these, and only of the certificates that it is for.
  UnixMillis this_update = 0;
  std::optional<UnixMillis> next_update;
  bool of_leaves = true;
  bool of_authorities = true;
  // By serial number; what is there twice is as bad as both say.
  std::unordered_map<std::string, Revocation> revoked;
};

// Whether `der` is a list that can be used, whole: one with a critical extension that is not known
// here cannot. Its digest is not computed.
const char* ParseCrl(ByteSpan der, Crl* out);

enum class RevocationState : uint8_t {
  kNotChecked,
  kGood,
  kUnknown,
  kRevoked,
  kRevokedLater,  // than a timestamp proves, and not because a key was lost
};

// Immutable once it is filled; any thread may use it.
class CrlSet {
 public:
  // `list` is DER and outlives this. Null, or what is wrong with it, for people.
  const char* Add(const Crypto& crypto, ByteSpan list);
  bool empty() const { return by_issuer_.empty(); }

  // What all the lists say together that are signed by `issuer`, which has signed `certificate`
  // too, the worst of it. Those that are out of date at `now` still revoke. Never kRevokedLater.
  RevocationState Find(const Crypto& crypto, const Certificate& certificate,
                       const ProviderCertificate& issuer, UnixMillis now, Revocation* out) const;

 private:
  std::unordered_multimap<std::string, Crl> by_issuer_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_TRUST_CRL_H_
