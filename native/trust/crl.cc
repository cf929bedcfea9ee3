#include "trust/crl.h"

#include <utility>

namespace nuthatch {
namespace {

std::string Key(ByteSpan bytes) { return {bytes.begin(), bytes.end()}; }

struct Extension {
  ByteSpan oid;
  bool critical = false;
  DerReader value;
};

Extension ReadExtension(DerReader* extensions) {
  DerReader extension = extensions->Enter(kDerSequence);
  const ByteSpan oid = extension.Expect(kDerOid).content;
  const DerElement critical = extension.Optional(kDerBoolean);
  const bool is_critical = critical && !critical.content.empty() && critical.content[0] != 0;
  DerReader value = extension.Enter(kDerOctetString);
  if (!extension.ok()) extensions->Fail();
  return {oid, is_critical, value};
}

// keyCompromise, cACompromise, aACompromise
bool IsCompromise(int64_t reason) { return reason == 1 || reason == 2 || reason == 10; }

bool ReadRevoked(DerReader entry, Crl* out) {
  const ByteSpan serial = entry.Expect(kDerInteger).content;
  const std::optional<UnixMillis> date = DerTime(entry.Next());
  Revocation revocation;
  DerReader extensions = entry.EnterOptional(kDerSequence);
  while (!extensions.AtEnd() && extensions.ok()) {
    Extension extension = ReadExtension(&extensions);
    if (extension.oid == kOidReasonCode)
      revocation.compromised =
          IsCompromise(DerNumber(extension.value.Expect(kDerEnumerated).content));
  }
  if (!entry.ok() || !date) return false;
  revocation.date = *date;
  const auto [known, added] = out->revoked.try_emplace(Key(serial), revocation);
  if (!added) known->second.Worsen(revocation);
  return true;
}

// IssuingDistributionPoint (RFC 5280, 5.2.5): which certificates the list is for. False of an
// indirect one, which names certificates of other issuers.
bool ReadScope(DerReader distribution_point, Crl* out) {
  DerReader fields = distribution_point.Enter(kDerSequence);
  bool direct = true;
  while (!fields.AtEnd() && fields.ok()) {
    const DerElement field = fields.Next();
    const bool set = !field.content.empty() && field.content[0] != 0;
    if (field.tag == DerPrimitive(1) && set) out->of_authorities = false;
    if (field.tag == DerPrimitive(2) && set) out->of_leaves = false;
    // Of some reasons alone, or of attribute certificates: it can name ours, but not clear them.
    if (field.tag == DerPrimitive(3) || (field.tag == DerPrimitive(5) && set))
      out->of_leaves = out->of_authorities = false;
    if (field.tag == DerPrimitive(4) && set) direct = false;
  }
  return direct && fields.ok();
}

const char* ReadExtensions(DerReader extensions, Crl* out) {
  while (!extensions.AtEnd() && extensions.ok()) {
    const Extension extension = ReadExtension(&extensions);
    const bool point = extension.oid == kOidIssuingDistributionPoint;
    if (point && !ReadScope(extension.value, out)) return "it is an indirect list";
    if (extension.critical && !point && !(extension.oid == kOidCrlNumber) &&
        !(extension.oid == kOidAuthorityKeyId))
      return "it has a critical extension that is not known here";
  }
  return extensions.ok() ? nullptr : "its extensions are no DER";
}

}  // namespace

const char* ParseCrl(ByteSpan der, Crl* out) {
  *out = {};
  DerReader document(der);
  DerReader list = document.Enter(kDerSequence);
  const DerElement signed_part = list.Expect(kDerSequence);
  out->signed_part = signed_part.whole;
  out->signature_algorithm = ReadAlgorithm(&list);
  const ByteSpan bits = list.Expect(kDerBitString).content;
  DerReader body = list.Inside(signed_part);
  body.Optional(kDerInteger);
  ReadAlgorithm(&body);
  out->issuer = body.Expect(kDerSequence).whole;
  const std::optional<UnixMillis> from = DerTime(body.Next());
  DerElement next_update = body.Optional(kDerUtcTime);
  if (!next_update) next_update = body.Optional(kDerGeneralizedTime);
  if (next_update) out->next_update = DerTime(next_update);
  DerReader entries = body.EnterOptional(kDerSequence);
  bool good = true;
  while (!entries.AtEnd() && entries.ok() && good)
    good = ReadRevoked(entries.Enter(kDerSequence), out);
  DerReader extensions = body.EnterOptional(DerConstructed(0)).EnterOptional(kDerSequence);
  if (!document.AtEnd() || !list.ok() || !body.ok() || !entries.ok() || !from || !good ||
      bits.empty() || bits[0] != 0)
    return "it is no DER of a list";
  out->this_update = *from;
  out->signature = bits.subspan(1);
  return ReadExtensions(extensions, out);
}

const char* CrlSet::Add(const Crypto& crypto, ByteSpan list) {
  Crl crl;
  if (const char* const malformed = ParseCrl(list, &crl)) return malformed;
  const auto algorithm = SignedDigestOf(crl.signature_algorithm);
  if (!algorithm) return "its signature is of no known kind";
  crl.digest = DigestOf(crypto, *algorithm, crl.signed_part);
  std::string issuer = Key(crl.issuer);
  by_issuer_.emplace(std::move(issuer), std::move(crl));
  return nullptr;
}

RevocationState CrlSet::Find(const Crypto& crypto, const Certificate& certificate,
                             const ProviderCertificate& issuer, UnixMillis now,
                             Revocation* out) const {
  RevocationState state = RevocationState::kUnknown;
  const auto [begin, end] = by_issuer_.equal_range(Key(certificate.issuer));
  for (auto it = begin; it != end; ++it) {
    const Crl& crl = it->second;
    const auto scheme = SchemeOf(crl.signature_algorithm);
    const auto algorithm = SignedDigestOf(crl.signature_algorithm);
    if (!scheme || !algorithm ||
        !crypto.Verify(issuer, *scheme, *algorithm, crl.digest, crl.signature))
      continue;
    const auto found = crl.revoked.find(Key(certificate.serial));
    const bool covers = certificate.authority ? crl.of_authorities : crl.of_leaves;
    const bool current = now >= crl.this_update && crl.next_update && now <= *crl.next_update;
    if (found != crl.revoked.end()) {
      if (state == RevocationState::kRevoked) {
        out->Worsen(found->second);
      } else {
        *out = found->second;
      }
      state = RevocationState::kRevoked;
    } else if (covers && current && state == RevocationState::kUnknown) {
      state = RevocationState::kGood;
    }
  }
  return state;
}

}  // namespace nuthatch
