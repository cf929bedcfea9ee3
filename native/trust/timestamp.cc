#include "trust/timestamp.h"

#include <utility>

#include "trust/signer_check.h"

namespace nuthatch {
namespace {

// Of each kind.
constexpr size_t kMostTimestamps = 4;
constexpr const char* kSignedWeakly = "the timestamp is signed with a weak digest";

void Refuse(Timestamp* timestamp, TrustStatus status, std::string detail) {
  timestamp->status = status;
  timestamp->detail = std::move(detail);
}

// Of a signature that is good: whether the authority is one, and the time can be.
void CheckAuthority(const TrustPolicy& policy, const Certificate& authority,
                    const CertificatePool& pool, Timestamp* timestamp) {
  constexpr UnixMillis kClocksDiffer = 5 * 60 * 1000;
  if (!timestamp->time)
    return Refuse(timestamp, TrustStatus::kMalformed, "the timestamp says no time");
  ChainVerdict verdict =
      CheckChain(policy, authority, pool, Usage::kTimeStamping, *timestamp->time, /*stamped=*/true);
  timestamp->status = verdict.status;
  timestamp->detail = std::move(verdict.detail);
  timestamp->chain = std::move(verdict.chain);
  if (timestamp->status == TrustStatus::kTrusted && *timestamp->time > policy.Now() + kClocksDiffer)
    Refuse(timestamp, TrustStatus::kNotYetValid, "the timestamp is of a time to come");
}

Timestamp CheckToken(const TrustPolicy& policy, ByteSpan token, const SignerInfo& stamped,
                     const std::vector<Certificate>& outer, const CertificatePool& outer_pool) {
  Timestamp timestamp;
  timestamp.rfc3161 = true;
  SignedData data;
  size_t size = 0;
  const auto malformed = [&](const char* what) {
    Refuse(&timestamp, TrustStatus::kMalformed, what);
    return timestamp;
  };
  if (const Malformed what = ParseSignedData(token, &data, &size)) return malformed(what);
  if (!(data.content_type == kOidTstInfo) || data.content.tag != kDerOctetString || !data.signer)
    return malformed("this is no timestamp");
  TstInfo info;
  if (const Malformed what = ParseTstInfo(data.content.content, &info)) return malformed(what);
  timestamp.time = info.time;
  const Certificate* authority = FindSigner(*data.signer, data.certificates);
  if (authority == nullptr) authority = FindSigner(*data.signer, outer);
  if (authority == nullptr) {
    Refuse(&timestamp, TrustStatus::kIncompleteChain, "the authority's certificate is missing");
    return timestamp;
  }
  if (!info.algorithm || policy.options.Refuses(info.algorithm)) {
    Refuse(&timestamp, TrustStatus::kWeak, "the timestamp is of a weak or unknown digest");
    return timestamp;
  }
  if (policy.options.Refuses(DigestAlgorithmOf(data.signer->digest_algorithm))) {
    Refuse(&timestamp, TrustStatus::kWeak, kSignedWeakly);
    return timestamp;
  }
  if (!Equal(DigestOf(*policy.crypto, *info.algorithm, stamped.signature).span(), info.imprint)) {
    Refuse(&timestamp, TrustStatus::kBadDigest, "the timestamp is of another signature");
    return timestamp;
  }
  CertificatePool pool(*policy.crypto, data.certificates);
  pool.Add(outer_pool);
  const ProviderCertificate* const parsed = pool.Find(*authority);
  if (parsed == nullptr) return malformed("the authority's certificate cannot be parsed");
  const SignerCheck check =
      CheckSigner(*policy.crypto, *data.signer, *parsed, {data.content_type, data.content.content},
                  /*allow_bare=*/false);
  if (check.status != TrustStatus::kTrusted) {
    Refuse(&timestamp, check.status, check.detail);
    return timestamp;
  }
  CheckAuthority(policy, *authority, pool, &timestamp);
  return timestamp;
}

Timestamp CheckCountersignature(const TrustPolicy& policy, const DerElement& element,
                                const SignerInfo& stamped, const std::vector<Certificate>& outer,
                                const CertificatePool& pool) {
  Timestamp timestamp;
  SignerInfo signer;
  if (const Malformed what = ParseSignerInfo(element, &signer)) {
    Refuse(&timestamp, TrustStatus::kMalformed, what);
    return timestamp;
  }
  timestamp.time = DerTime(OnlyValue(SignedAttributes(signer), kOidSigningTime));
  const Certificate* const authority = FindSigner(signer, outer);
  const ProviderCertificate* const parsed = authority == nullptr ? nullptr : pool.Find(*authority);
  if (parsed == nullptr) {
    Refuse(&timestamp, TrustStatus::kIncompleteChain, "the authority's certificate is missing");
    return timestamp;
  }
  if (policy.options.Refuses(DigestAlgorithmOf(signer.digest_algorithm))) {
    Refuse(&timestamp, TrustStatus::kWeak, kSignedWeakly);
    return timestamp;
  }
  const SignerCheck check =
      CheckSigner(*policy.crypto, signer, *parsed, {{}, stamped.signature}, /*allow_bare=*/true);
  timestamp.bare = check.bare;
  if (check.status != TrustStatus::kTrusted) {
    Refuse(&timestamp, check.status, check.detail);
    return timestamp;
  }
  CheckAuthority(policy, *authority, pool, &timestamp);
  return timestamp;
}

}  // namespace

Malformed ParseTstInfo(ByteSpan bytes, TstInfo* out) {
  *out = {};
  DerReader document(bytes);
  DerReader info = document.Enter(kDerSequence);
  info.Expect(kDerInteger);  // version
  info.Expect(kDerOid);      // policy
  DerReader imprint = info.Enter(kDerSequence);
  out->algorithm = DigestAlgorithmOf(ReadAlgorithm(&imprint));
  out->imprint = imprint.Expect(kDerOctetString).content;
  info.Expect(kDerInteger);  // serial number
  const std::optional<UnixMillis> time = DerTime(info.Expect(kDerGeneralizedTime));
  if (!info.ok() || !imprint.ok() || !time) return "the timestamp's content is no TSTInfo";
  out->time = *time;
  return nullptr;
}

std::optional<Timestamp> FindTimestamp(const TrustPolicy& policy, const SignerInfo& signer,
                                       const std::vector<Certificate>& certificates,
                                       const CertificatePool& pool) {
  std::optional<Timestamp> first;
  // Whether the search is over.
  const auto consider = [&](Timestamp timestamp) {
    const bool trusted = timestamp.status == TrustStatus::kTrusted;
    if (trusted || !first) first = std::move(timestamp);
    return trusted;
  };
  DerReader tokens = FindAttribute(signer.unsigned_attributes, kOidRfc3161Timestamp);
  for (size_t i = 0; i < kMostTimestamps && tokens.ok() && !tokens.AtEnd(); ++i) {
    const ByteSpan token = tokens.Next().whole;
    if (consider(CheckToken(policy, token, signer, certificates, pool))) return first;
  }
  DerReader others = FindAttribute(signer.unsigned_attributes, kOidCountersignature);
  for (size_t i = 0; i < kMostTimestamps && others.ok() && !others.AtEnd(); ++i) {
    const DerElement element = others.Next();
    if (consider(CheckCountersignature(policy, element, signer, certificates, pool))) return first;
  }
  return first;
}

}  // namespace nuthatch
