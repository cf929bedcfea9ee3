#include "trust/certificate.h"

namespace nuthatch {
namespace {

void ReadUsages(DerReader value, Certificate* out) {
  DerReader usages = value.Enter(kDerSequence);
  out->has_usages = true;
  while (!usages.AtEnd() && usages.ok()) {
    const ByteSpan usage = usages.Expect(kDerOid).content;
    if (usage == kOidAnyUsage) out->any_usage = true;
    if (usage == kOidCodeSigning) out->code_signing = true;
    if (usage == kOidTimeStamping) out->time_stamping = true;
    if (usage == kOidLifetimeSigning) out->lifetime_signing = true;
  }
}

void ReadExtension(DerReader extension, Certificate* out) {
  const ByteSpan oid = extension.Expect(kDerOid).content;
  extension.Optional(kDerBoolean);
  DerReader value = extension.Enter(kDerOctetString);
  if (oid == kOidExtendedKeyUsage) {
    ReadUsages(value, out);
  } else if (oid == kOidBasicConstraints) {
    DerReader constraints = value.Enter(kDerSequence);
    const DerElement flag = constraints.Optional(kDerBoolean);
    out->authority = flag && !flag.content.empty() && flag.content[0] != 0;
  } else if (oid == kOidSubjectKeyId) {
    out->key_id = value.Expect(kDerOctetString).content;
  }
}

bool ReadKey(DerReader key, Certificate* out) {
  DerReader algorithm = key.Enter(kDerSequence);
  const bool elliptic = algorithm.Expect(kDerOid).content == kOidEcKey;
  // A curve of their own is how others have been made to trust forged certificates
  // (CVE-2020-0601).
  out->explicit_curve = elliptic && !algorithm.Optional(kDerOid);
  return algorithm.ok();
}

}  // namespace

bool ParseCertificate(ByteSpan der, Certificate* out) {
  *out = {};
  out->der = der;
  DerReader document(der);
  DerReader certificate = document.Enter(kDerSequence);
  DerReader body = certificate.Enter(kDerSequence);
  body.Optional(DerConstructed(0));  // version
  out->serial = body.Expect(kDerInteger).content;
  out->signed_digest = SignedDigestOf(ReadAlgorithm(&body));
  out->issuer = body.Expect(kDerSequence).whole;
  DerReader validity = body.Enter(kDerSequence);
  const std::optional<UnixMillis> not_before = DerTime(validity.Next());
  const std::optional<UnixMillis> not_after = DerTime(validity.Next());
  out->subject = body.Expect(kDerSequence).whole;
  const bool key = ReadKey(body.Enter(kDerSequence), out);
  body.Optional(DerPrimitive(1));  // unique identifiers
  body.Optional(DerPrimitive(2));
  DerReader extensions = body.EnterOptional(DerConstructed(3)).EnterOptional(kDerSequence);
  while (!extensions.AtEnd() && extensions.ok()) ReadExtension(extensions.Enter(kDerSequence), out);
  if (!document.AtEnd() || !certificate.ok() || !body.ok() || !key || !extensions.ok() ||
      !not_before || !not_after)
    return false;
  out->not_before = *not_before;
  out->not_after = *not_after;
  return true;
}

}  // namespace nuthatch
