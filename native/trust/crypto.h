// The cryptography that trust stands on, behind one interface: digests, signatures, chains of
// certificates. crypto_openssl.h implements it; another provider can be put in.
#ifndef NUTHATCH_TRUST_CRYPTO_H_
#define NUTHATCH_TRUST_CRYPTO_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/hasher.h"
#include "trust/der.h"
#include "trust/der_time.h"

namespace nuthatch {

// How a signature was made of a digest.
enum class SignatureScheme : uint8_t {
  kRsa,      // PKCS #1 v1.5
  kRsaBare,  // PKCS #1 v1.5 without DigestInfo, as some old time stamping authorities signed
  kEcdsa,
};

// A certificate as the provider keeps it; any thread may use it.
class ProviderCertificate {
 public:
  virtual ~ProviderCertificate() = default;
};

// What stands against a chain, but for times, which whoever asks for it looks at: the certificates
// of a chain that is kNone may have expired.
enum class ChainFault : uint8_t {
  kNone,
  kUntrustedRoot,      // it ends at a root that is no anchor
  kIncomplete,         // an issuer is missing
  kBadSignature,       // of a certificate
  kNoAuthority,        // an issuer is no certification authority, or the path is too long
  kNameConstraint,     // a name that an issuer may not give
  kCriticalExtension,  // an extension that must be understood and is not
  kExplicitCurve,      // a key that brings a curve of its own instead of naming one
  kOther,
};

struct Chain {
  ChainFault fault = ChainFault::kOther;
  int provider_error = 0;              // for people
  std::vector<ByteSpan> certificates;  // DER, leaf first; live as long as what was asked with
  // Which certificate the fault is of: each chain that begins as this one up to it has it too.
  size_t at_fault = 0;
};

// Certificates that are trusted as they are. Immutable; any thread may use them.
class Anchors {
 public:
  virtual ~Anchors() = default;
  virtual bool Contains(ByteSpan certificate) const = 0;
};

// Any thread may call this.
class Crypto {
 public:
  virtual ~Crypto() = default;
  // Null if the provider has no such digest.
  virtual std::unique_ptr<Hasher> NewHasher(DigestAlgorithm algorithm) const = 0;
  // Null if it cannot be parsed. `der` outlives it.
  virtual std::unique_ptr<ProviderCertificate> Parse(ByteSpan der) const = 0;
  // Of what Parse has given. Those that are not self-signed are issuers to build with and no
  // anchors.
  virtual std::unique_ptr<Anchors> NewAnchors(
      std::vector<std::unique_ptr<ProviderCertificate>> certificates) const = 0;
  // Whether the key of `certificate` made `signature` of `digest`.
  virtual bool Verify(const ProviderCertificate& certificate, SignatureScheme scheme,
                      DigestAlgorithm algorithm, const Digest& digest,
                      ByteSpan signature) const = 0;
  // Builds one chain from `leaf` over `others` to an anchor, with no issuer of `without` (DER), and
  // checks its signatures, constraints and key usages. Issuers valid at `time` are preferred.
  // Extended usages are not looked at.
  virtual Chain BuildChain(const Anchors& anchors, const ProviderCertificate& leaf,
                           const std::vector<const ProviderCertificate*>& others,
                           const std::vector<ByteSpan>& without, UnixMillis time) const = 0;
};

// At once, where there is no hasher at hand; none if the provider has no such digest.
inline Digest DigestOf(const Crypto& crypto, DigestAlgorithm algorithm, ByteSpan bytes) {
  const std::unique_ptr<Hasher> hasher = crypto.NewHasher(algorithm);
  if (!hasher) return {};
  hasher->Start();
  hasher->Update(bytes);
  return hasher->Current();
}

}  // namespace nuthatch

#endif  // NUTHATCH_TRUST_CRYPTO_H_
