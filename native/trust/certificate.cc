#include "trust/certificate.h"

#include <bit>

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

// Of a number that is not negative, big-endian.
size_t BitsOf(ByteSpan number) {
  while (!number.empty() && number[0] == 0) number = number.subspan(1);
  return number.empty() ? 0 : 8 * (number.size() - 1) + std::bit_width(unsigned{number[0]});
}

// A point: 4 and both coordinates, or 2 or 3 and one of them.
size_t CurveBitsOf(ByteSpan point) {
  if (point.empty()) return 0;
  return 8 * (point.size() - 1) / (point[0] == 4 ? 2 : 1);
}

bool ReadKey(DerReader key, Certificate* out) {
  DerReader algorithm = key.Enter(kDerSequence);
  const ByteSpan kind = algorithm.Expect(kDerOid).content;
  if (kind == kOidRsa) out->key = KeyKind::kRsa;
  if (kind == kOidEcKey) out->key = KeyKind::kElliptic;
  // A curve of their own is how others have been made to trust forged certificates
  // (CVE-2020-0601).
  out->explicit_curve = out->key == KeyKind::kElliptic && !algorithm.Optional(kDerOid);
  const ByteSpan bits = key.Expect(kDerBitString).content;
  if (!algorithm.ok() || !key.ok() || bits.empty()) return false;
  const ByteSpan value = bits.subspan(1);
  out->key_bits = out->key == KeyKind::kRsa
                      ? BitsOf(DerReader(value).Enter(kDerSequence).Expect(kDerInteger).content)
                      : CurveBitsOf(value);
  return true;
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
  out->signed_digest = ReadSignedDigest(&body);
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
