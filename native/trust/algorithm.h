// Digest and signature algorithms as certificates and signatures name them.
#ifndef NUTHATCH_TRUST_ALGORITHM_H_
#define NUTHATCH_TRUST_ALGORITHM_H_

#include <optional>

#include "trust/crypto.h"
#include "trust/oid.h"

namespace nuthatch {

inline const char* NameOf(DigestAlgorithm algorithm) {
  constexpr const char* kNames[] = {"md5", "sha1", "sha256", "sha384", "sha512"};
  return kNames[static_cast<size_t>(algorithm)];
}

inline std::optional<DigestAlgorithm> DigestAlgorithmOf(ByteSpan oid) {
  if (oid == kOidSha256) return DigestAlgorithm::kSha256;
  if (oid == kOidSha1) return DigestAlgorithm::kSha1;
  if (oid == kOidSha384) return DigestAlgorithm::kSha384;
  if (oid == kOidSha512) return DigestAlgorithm::kSha512;
  if (oid == kOidMd5) return DigestAlgorithm::kMd5;
  return std::nullopt;
}

// The digest that a signature algorithm names, as those of certificates do; none of one that has a
// digest of its own (Ed25519).
inline std::optional<DigestAlgorithm> SignedDigestOf(ByteSpan oid) {
  if (oid == kOidSha256WithRsa || oid == kOidEcdsaWithSha256) return DigestAlgorithm::kSha256;
  if (oid == kOidSha384WithRsa || oid == kOidEcdsaWithSha384) return DigestAlgorithm::kSha384;
  if (oid == kOidSha512WithRsa || oid == kOidEcdsaWithSha512) return DigestAlgorithm::kSha512;
  if (oid == kOidSha1WithRsa || oid == kOidSha1WithRsaOiw || oid == kOidEcdsaWithSha1 ||
      oid == kOidDsaWithSha1)
    return DigestAlgorithm::kSha1;
  if (oid == kOidMd5WithRsa) return DigestAlgorithm::kMd5;
  return std::nullopt;
}

// How a SignerInfo was signed; its digest is named apart (some name it here too).
inline std::optional<SignatureScheme> SchemeOf(ByteSpan oid) {
  if (oid == kOidRsa || oid == kOidSha256WithRsa || oid == kOidSha1WithRsa ||
      oid == kOidSha384WithRsa || oid == kOidSha512WithRsa || oid == kOidSha1WithRsaOiw ||
      oid == kOidMd5WithRsa)
    return SignatureScheme::kRsa;
  if (oid == kOidEcKey || oid == kOidEcdsaWithSha256 || oid == kOidEcdsaWithSha384 ||
      oid == kOidEcdsaWithSha512 || oid == kOidEcdsaWithSha1)
    return SignatureScheme::kEcdsa;
  return std::nullopt;
}

// The OID of an AlgorithmIdentifier, which is the next element.
inline ByteSpan ReadAlgorithm(DerReader* reader) {
  DerReader algorithm = reader->Enter(kDerSequence);
  const ByteSpan oid = algorithm.Expect(kDerOid).content;
  if (!algorithm.ok()) reader->Fail();
  return oid;
}

// As SignedDigestOf, of the AlgorithmIdentifier that is the next element: RSASSA-PSS has its digest
// among its parameters, SHA-1 where they name none (RFC 4055, section 3.1).
inline std::optional<DigestAlgorithm> ReadSignedDigest(DerReader* reader) {
  DerReader algorithm = reader->Enter(kDerSequence);
  const ByteSpan oid = algorithm.Expect(kDerOid).content;
  if (!algorithm.ok()) reader->Fail();
  if (!(oid == kOidRsaPss)) return SignedDigestOf(oid);
  DerReader parameters = algorithm.EnterOptional(kDerSequence);
  DerReader hash = parameters.EnterOptional(DerConstructed(0));
  return hash.AtEnd() ? DigestAlgorithm::kSha1 : DigestAlgorithmOf(ReadAlgorithm(&hash));
}

}  // namespace nuthatch

#endif  // NUTHATCH_TRUST_ALGORITHM_H_
