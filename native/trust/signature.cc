#include "trust/signature.h"

#include <utility>

#include "base/hex.h"
#include "trust/chain.h"
#include "trust/signer_check.h"
#include "trust/timestamp.h"

namespace nuthatch {
namespace {

CertificateFacts FactsOf(const Crypto& crypto, const Certificate& certificate) {
  CertificateFacts facts = FactsOf(certificate);
  facts.sha1 = HexBytes(DigestOf(crypto, DigestAlgorithm::kSha1, certificate.der).span());
  facts.sha256 = HexBytes(DigestOf(crypto, DigestAlgorithm::kSha256, certificate.der).span());
  return facts;
}

std::vector<CertificateFacts> FactsOf(const Crypto& crypto, const std::vector<Certificate>& chain) {
  std::vector<CertificateFacts> facts;
  facts.reserve(chain.size());
  for (const Certificate& certificate : chain) facts.push_back(FactsOf(crypto, certificate));
  return facts;
}

TimestampFacts FactsOf(const Crypto& crypto, Timestamp timestamp) {
  return {timestamp.status, std::move(timestamp.detail),     timestamp.rfc3161, timestamp.bare,
          timestamp.time,   FactsOf(crypto, timestamp.chain)};
}

bool IsWeak(std::optional<DigestAlgorithm> algorithm) {
  return algorithm == DigestAlgorithm::kMd5 || algorithm == DigestAlgorithm::kSha1;
}

// Weak algorithms matter only where nothing else is wrong.
void CheckWeakness(const TrustOptions& options, const ParsedSignature& signature,
                   SignatureFacts* facts) {
  const auto signer_algorithm = DigestAlgorithmOf(signature.data.signer->digest_algorithm);
  const auto worsen = [&](const char* detail) {
    if (facts->status != TrustStatus::kTrusted) return;
    facts->status = TrustStatus::kWeak;
    facts->detail = detail;
  };
  if (facts->algorithm && facts->algorithm != signer_algorithm)
    worsen("the signer's digest is of another algorithm than the file's");
  if (options.Refuses(facts->algorithm) || options.Refuses(signer_algorithm))
    worsen("the digest is of a weak algorithm");
}

void JudgeSigner(const TrustPolicy& policy, const ParsedSignature& signature,
                 SignatureFacts* facts) {
  const SignedData& data = signature.data;
  const Crypto& crypto = *policy.crypto;
  const CertificatePool pool(crypto, data.certificates);
  const Certificate* const leaf = FindSigner(*data.signer, data.certificates);
  const ProviderCertificate* const parsed = leaf == nullptr ? nullptr : pool.Find(*leaf);
  if (parsed == nullptr) {
    facts->status = TrustStatus::kIncompleteChain;
    facts->detail = "the signer's certificate is missing";
    return;
  }
  const SignerCheck check =
      CheckSigner(crypto, *data.signer, *parsed, {data.content_type, data.content.content},
                  /*allow_bare=*/false);
  std::optional<Timestamp> timestamp = FindTimestamp(policy, *data.signer, data.certificates, pool);
  const bool stamped = timestamp && timestamp->status == TrustStatus::kTrusted;
  facts->lifetime_signing = leaf->lifetime_signing;
  const bool extended = stamped && !leaf->lifetime_signing;
  facts->verified_at = extended ? *timestamp->time : policy.Now();
  ChainVerdict chain =
      CheckChain(policy, *leaf, pool, Usage::kCodeSigning, facts->verified_at, extended);
  const bool good = check.status == TrustStatus::kTrusted;
  facts->status = good ? chain.status : check.status;
  facts->detail = good ? std::move(chain.detail) : check.detail;
  facts->chain = FactsOf(crypto, chain.chain);
  facts->revocation = chain.revocation;
  facts->weak = facts->weak || chain.sha1;
  if (timestamp) facts->timestamp = FactsOf(crypto, *std::move(timestamp));
}

ParsedSignature ParseSignature(ByteSpan bytes, const Oid& type) {
  ParsedSignature signature;
  signature.malformed = ParseSignedData(bytes, &signature.data, &signature.size);
  if (signature.malformed != nullptr) return signature;
  if (!(signature.data.content_type == type))
    signature.malformed = "it signs another kind of content";
  if (signature.data.content.tag != kDerSequence) signature.malformed = "it has no content";
  return signature;
}

}  // namespace

CertificateFacts FactsOf(const Certificate& certificate) {
  CertificateFacts facts;
  facts.subject = NameText(certificate.subject);
  facts.issuer = NameText(certificate.issuer);
  facts.subject_name = DisplayName(certificate.subject);
  facts.issuer_name = DisplayName(certificate.issuer);
  facts.serial = HexBytes(certificate.serial);
  facts.not_before = certificate.not_before;
  facts.not_after = certificate.not_after;
  return facts;
}

ParsedSignature ParseImageSignature(ByteSpan bytes) {
  ParsedSignature signature = ParseSignature(bytes, kOidSpcIndirectData);
  if (signature.malformed != nullptr) return signature;
  signature.malformed = ParseIndirectData(signature.data.content, &signature.indirect);
  if (signature.malformed == nullptr && !signature.indirect.image)
    signature.malformed = "what is signed is not the digest of an image";
  if (signature.malformed == nullptr && !signature.data.signer)
    signature.malformed = "nobody has signed it";
  return signature;
}

ParsedSignature ParseCatalogSignature(ByteSpan bytes) { return ParseSignature(bytes, kOidCtl); }

void AddStated(const ParsedSignature& signature, SignatureFacts* facts) {
  const SignerInfo& signer = *signature.data.signer;
  facts->algorithm = signature.indirect.algorithm;
  facts->digest = HexBytes(signature.indirect.digest);
  facts->opus = ParseOpus(signer);
  facts->weak = IsWeak(facts->algorithm) || IsWeak(DigestAlgorithmOf(signer.digest_algorithm));
}

SignatureFacts JudgeSignature(const TrustPolicy& policy, const ParsedSignature& signature) {
  SignatureFacts facts;
  if (signature.malformed != nullptr) {
    facts.detail = signature.malformed;
    return facts;
  }
  AddStated(signature, &facts);
  JudgeSigner(policy, signature, &facts);
  CheckWeakness(policy.options, signature, &facts);
  return facts;
}

SignatureFacts JudgeImageSignature(const TrustPolicy& policy, const ParsedSignature& signature,
                                   const Digest& image) {
  SignatureFacts facts = JudgeSignature(policy, signature);
  if (signature.malformed != nullptr) return facts;
  if (!signature.indirect.algorithm || image.size == 0) {
    facts.status = TrustStatus::kUnsupported;
    facts.detail = "the digest of the file is of an algorithm that is not known here";
  } else if (!Equal(image.span(), signature.indirect.digest)) {
    facts.status = TrustStatus::kBadDigest;
    facts.detail = "the file is not what was signed";
  }
  return facts;
}

void HeedMemberDigest(const TrustOptions& options, DigestAlgorithm algorithm,
                      SignatureFacts* facts) {
  facts->algorithm = algorithm;
  facts->weak = facts->weak || IsWeak(algorithm);
  if (facts->status != TrustStatus::kTrusted || !options.Refuses(algorithm)) return;
  facts->status = TrustStatus::kWeak;
  facts->detail = "the catalog has the file only by a digest of a weak algorithm";
}

}  // namespace nuthatch
