#include "trust/chain.h"

#include <utility>

namespace nuthatch {
namespace {

TrustStatus StatusOf(ChainFault fault) {
  switch (fault) {
    case ChainFault::kNone:
      return TrustStatus::kTrusted;
    case ChainFault::kUntrustedRoot:
      return TrustStatus::kUntrustedRoot;
    case ChainFault::kIncomplete:
      return TrustStatus::kIncompleteChain;
    case ChainFault::kBadSignature:
      return TrustStatus::kBadSignature;
    default:
      return TrustStatus::kInvalidChain;
  }
}

std::string DetailOf(const Chain& chain) {
  switch (chain.fault) {
    case ChainFault::kUntrustedRoot:
      return "the chain ends at a root that is none of the roots given";
    case ChainFault::kIncomplete:
      return "the certificate of an issuer is missing";
    case ChainFault::kBadSignature:
      return "the signature of a certificate is wrong";
    case ChainFault::kNoAuthority:
      return "an issuer is no certification authority, or its path is too long";
    case ChainFault::kNameConstraint:
      return "a certificate has a name that its issuer may not give";
    case ChainFault::kCriticalExtension:
      return "a certificate has a critical extension that is not known";
    case ChainFault::kExplicitCurve:
      return "the key of a certificate is on a curve of its own";
    default:
      return "the chain cannot be verified (OpenSSL's error " +
             std::to_string(chain.provider_error) + ")";
  }
}

// Smaller keys have been broken; OpenSSL takes as long as the cube of a key's size.
constexpr size_t kLeastRsaBits = 1024;
constexpr size_t kMostRsaBits = 8192;
constexpr size_t kLeastCurveBits = 224;

bool Allows(const Certificate& certificate, Usage usage) {
  return certificate.any_usage ||
         (usage == Usage::kCodeSigning ? certificate.code_signing : certificate.time_stamping);
}

// What of the certificate at `at` makes the verdict worse; the first counts.
void Worsen(ChainVerdict* verdict, size_t at, TrustStatus status, std::string detail) {
  if (verdict->status != TrustStatus::kTrusted) return;
  verdict->status = status;
  verdict->detail = std::move(detail);
  verdict->at_fault = at;
}

std::string Quoted(const Certificate& certificate) {
  return '"' + DisplayName(certificate.subject) + '"';
}

void CheckKey(size_t at, ChainVerdict* verdict) {
  const Certificate& certificate = verdict->chain[at];
  if (certificate.key == KeyKind::kOther) return;
  const bool rsa = certificate.key == KeyKind::kRsa;
  const std::string bits = std::to_string(certificate.key_bits) + " bits";
  if (certificate.key_bits < (rsa ? kLeastRsaBits : kLeastCurveBits))
    Worsen(verdict, at, TrustStatus::kWeak,
           "the key of " + Quoted(certificate) + " has only " + bits);
  if (rsa && certificate.key_bits > kMostRsaBits)
    Worsen(verdict, at, TrustStatus::kUnsupported,
           "the key of " + Quoted(certificate) + " has " + bits);
}

// What OpenSSL has not looked at.
void CheckShape(const TrustPolicy& policy, ChainVerdict* verdict) {
  for (size_t i = 0; i < verdict->chain.size(); ++i) {
    const Certificate& certificate = verdict->chain[i];
    const bool anchor = verdict->anchored && i + 1 == verdict->chain.size();
    if (certificate.explicit_curve)
      Worsen(verdict, i, TrustStatus::kInvalidChain,
             "the key of " + Quoted(certificate) + " is on a curve of its own");
    CheckKey(i, verdict);
    if (i > 0 && !anchor && !certificate.authority)
      Worsen(verdict, i, TrustStatus::kInvalidChain,
             Quoted(certificate) + " is no certification authority");
    if (anchor || !certificate.signed_digest) continue;
    if (*certificate.signed_digest == DigestAlgorithm::kSha1) verdict->sha1 = true;
    if (policy.options.Refuses(certificate.signed_digest))
      Worsen(verdict, i, TrustStatus::kWeak,
             Quoted(certificate) + " is signed with " + NameOf(*certificate.signed_digest));
  }
}

void CheckTimes(UnixMillis time, ChainVerdict* verdict) {
  for (size_t i = 0; i < verdict->chain.size(); ++i) {
    const Certificate& certificate = verdict->chain[i];
    if (time < certificate.not_before)
      Worsen(verdict, i, TrustStatus::kNotYetValid, Quoted(certificate) + " is not valid yet");
    if (time > certificate.not_after)
      Worsen(verdict, i, TrustStatus::kExpired, Quoted(certificate) + " has expired");
  }
}

// The leaf must say what it may be used for; an issuer that says so too confines what it issues. An
// anchor is trusted for everything.
void CheckUsages(Usage usage, ChainVerdict* verdict) {
  const char* const what = usage == Usage::kCodeSigning ? "signing code" : "timestamps";
  for (size_t i = 0; i < verdict->chain.size(); ++i) {
    const Certificate& certificate = verdict->chain[i];
    if (verdict->anchored && i > 0 && i + 1 == verdict->chain.size()) break;
    if ((i == 0 || certificate.has_usages) && !Allows(certificate, usage))
      Worsen(verdict, i, TrustStatus::kWrongUsage, Quoted(certificate) + " is not for " + what);
  }
}

void CheckRevocation(const TrustPolicy& policy, const CertificatePool& pool, UnixMillis time,
                     bool stamped, ChainVerdict* verdict) {
  if (policy.crls.empty() && !policy.options.require_revocation) return;
  verdict->revocation = RevocationState::kGood;
  size_t first_unknown = 0;
  for (size_t i = 0; i + 1 < verdict->chain.size(); ++i) {
    const Certificate& certificate = verdict->chain[i];
    const Certificate& issuer = verdict->chain[i + 1];
    const ProviderCertificate* parsed = pool.Find(issuer);
    const std::unique_ptr<ProviderCertificate> anchor =
        parsed == nullptr ? policy.crypto->Parse(issuer.der) : nullptr;
    if (parsed == nullptr) parsed = anchor.get();
    if (parsed == nullptr) continue;
    Revocation revocation;
    const RevocationState state =
        policy.crls.Find(*policy.crypto, certificate, *parsed, policy.Now(), &revocation);
    const bool unknown = verdict->revocation == RevocationState::kUnknown;
    if (state == RevocationState::kUnknown && !unknown) first_unknown = i;
    if (state == RevocationState::kUnknown) verdict->revocation = state;
    if (state != RevocationState::kRevoked) continue;
    if (stamped && !revocation.compromised && time < revocation.date) {
      if (!unknown) verdict->revocation = RevocationState::kRevokedLater;
      continue;
    }
    verdict->revocation = state;
    Worsen(verdict, i, TrustStatus::kRevoked, Quoted(certificate) + " has been revoked");
    return;
  }
  if (verdict->revocation == RevocationState::kUnknown && policy.options.require_revocation)
    Worsen(verdict, first_unknown, TrustStatus::kRevocationUnknown,
           "no revocation list that is up to date was given for some issuer of the chain");
}

// Of one chain, which has no issuer of `without`.
ChainVerdict JudgeChain(const TrustPolicy& policy, const ProviderCertificate& leaf,
                        const CertificatePool& pool, const std::vector<ByteSpan>& without,
                        Usage usage, UnixMillis time, bool stamped) {
  ChainVerdict verdict;
  const Chain chain = policy.crypto->BuildChain(*policy.anchors, leaf, pool.all(), without, time);
  for (const ByteSpan der : chain.certificates) {
    Certificate certificate;
    if (ParseCertificate(der, &certificate)) verdict.chain.push_back(certificate);
  }
  verdict.status = StatusOf(chain.fault);
  verdict.at_fault = chain.at_fault;
  if (chain.fault != ChainFault::kNone) verdict.detail = DetailOf(chain);
  verdict.anchored = chain.fault == ChainFault::kNone && !verdict.chain.empty() &&
                     policy.anchors->Contains(verdict.chain.back().der);
  CheckShape(policy, &verdict);
  CheckRevocation(policy, pool, time, stamped, &verdict);
  CheckTimes(time, &verdict);
  CheckUsages(usage, &verdict);
  return verdict;
}

// Of what is not trusted. What has been revoked must be told whatever else is wrong with others,
// and a chain of signatures that lead nowhere tells less than one to a root.
int Weight(const ChainVerdict& verdict) {
  return verdict.status == TrustStatus::kRevoked ? 2 : verdict.anchored ? 1 : 0;
}

}  // namespace

CertificatePool::CertificatePool(const Crypto& crypto,
                                 const std::vector<Certificate>& certificates) {
  for (const Certificate& certificate : certificates) {
    std::unique_ptr<ProviderCertificate> parsed = crypto.Parse(certificate.der);
    if (!parsed) continue;
    entries_.push_back({certificate.der, parsed.get()});
    all_.push_back(parsed.get());
    owned_.push_back(std::move(parsed));
  }
}

void CertificatePool::Add(const CertificatePool& other) {
  entries_.insert(entries_.end(), other.entries_.begin(), other.entries_.end());
  all_.insert(all_.end(), other.all_.begin(), other.all_.end());
}

const ProviderCertificate* CertificatePool::Find(const Certificate& certificate) const {
  for (const Entry& entry : entries_) {
    if (Equal(entry.der, certificate.der)) return entry.parsed;
  }
  return nullptr;
}

ChainVerdict CheckChain(const TrustPolicy& policy, const Certificate& leaf,
                        const CertificatePool& pool, Usage usage, UnixMillis time, bool stamped) {
  ChainVerdict verdict;
  const ProviderCertificate* const parsed = pool.Find(leaf);
  if (parsed == nullptr) {
    verdict.detail = "the signer's certificate cannot be parsed";
    return verdict;
  }
  constexpr int kMostTries = 16;
  // Depth first: in the place of the certificate at fault the next is tried, and behind it those
  // again that failed behind another.
  std::vector<ByteSpan> without;
  std::vector<size_t> places;  // of those in `without`, which only rise
  for (int i = 0; i < kMostTries; ++i) {
    ChainVerdict tried = JudgeChain(policy, *parsed, pool, without, usage, time, stamped);
    if (tried.status == TrustStatus::kTrusted) return tried;
    const size_t at = tried.at_fault;
    const bool last = at == 0 || at >= tried.chain.size();
    const ByteSpan fault = last ? ByteSpan() : tried.chain[at].der;
    if (i == 0 || Weight(tried) > Weight(verdict)) verdict = std::move(tried);
    if (last) break;  // of the leaf each chain says the same
    while (!places.empty() && places.back() > at) {
      places.pop_back();
      without.pop_back();
    }
    places.push_back(at);
    without.push_back(fault);
  }
  return verdict;
}

}  // namespace nuthatch
