#include "trust/signer_check.h"

namespace nuthatch {
namespace {

// What is signed: the attributes with the tag of a SET in place of [0], as they are (some signers
// do not sort them); without attributes the content itself.
Digest SignedDigest(const Crypto& crypto, const SignerInfo& signer, DigestAlgorithm algorithm,
                    const Digest& content) {
  constexpr uint8_t kSet[] = {kDerSet};
  if (signer.signed_attributes.empty()) return content;
  const auto hasher = crypto.NewHasher(algorithm);
  hasher->Start();
  hasher->Update(kSet);
  hasher->Update(signer.signed_attributes.subspan(1));
  return hasher->Current();
}

// Null if the attributes say what they must of the content.
const char* CheckAttributes(const SignerInfo& signer, const SignedContent& content,
                            const Digest& digest, TrustStatus* status) {
  const ByteSpan attributes = SignedAttributes(signer);
  *status = TrustStatus::kMalformed;
  const DerElement type = OnlyValue(attributes, kOidContentType);
  if (!content.type.empty() && (type.tag != kDerOid || !Equal(type.content, content.type)))
    return "the signer has signed another kind of content";
  const DerElement claimed = OnlyValue(attributes, kOidMessageDigest);
  if (claimed.tag != kDerOctetString)
    return "the signer names no digest of the content, or several";
  *status = TrustStatus::kBadDigest;
  if (!Equal(claimed.content, digest.span())) return "the signed content has been changed";
  return nullptr;
}

}  // namespace

SignerCheck CheckSigner(const Crypto& crypto, const SignerInfo& signer,
                        const ProviderCertificate& certificate, const SignedContent& content,
                        bool allow_bare) {
  const auto algorithm = DigestAlgorithmOf(signer.digest_algorithm);
  const auto scheme = SchemeOf(signer.signature_algorithm);
  if (!algorithm || !scheme)
    return {TrustStatus::kUnsupported, "the signature is of no known algorithm"};
  const Digest digest = DigestOf(crypto, *algorithm, content.bytes);
  if (digest.size == 0)
    return {TrustStatus::kUnsupported, "the provider of cryptography has not this digest"};
  SignerCheck check;
  if (!signer.signed_attributes.empty()) {
    const char* const wrong = CheckAttributes(signer, content, digest, &check.status);
    if (wrong != nullptr) return {check.status, wrong};
  }
  const Digest signed_digest = SignedDigest(crypto, signer, *algorithm, digest);
  const auto verify = [&](SignatureScheme with) {
    return crypto.Verify(certificate, with, *algorithm, signed_digest, signer.signature);
  };
  check.bare = false;
  if (!verify(*scheme)) {
    check.bare =
        allow_bare && *scheme == SignatureScheme::kRsa && verify(SignatureScheme::kRsaBare);
    if (!check.bare)
      return {TrustStatus::kBadSignature, "the signature is not of the signer's key"};
  }
  check.status = TrustStatus::kTrusted;
  return check;
}

}  // namespace nuthatch
