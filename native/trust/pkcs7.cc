#include "trust/pkcs7.h"

namespace nuthatch {
namespace {

constexpr size_t kMostCertificates = 256;

Malformed ReadCertificates(DerReader set, SignedData* out) {
  while (!set.AtEnd() && set.ok()) {
    const DerElement element = set.Next();
    if (element.tag != kDerSequence) continue;  // an attribute certificate
    if (out->certificates.size() == kMostCertificates) return "there are too many certificates";
    Certificate certificate;
    // One that cannot be parsed is left out: what hangs on it will be missed.
    if (ParseCertificate(element.whole, &certificate)) out->certificates.push_back(certificate);
  }
  return set.ok() ? nullptr : "the certificates are no DER";
}

Malformed ReadSigners(DerReader set, SignedData* out) {
  if (set.AtEnd()) return nullptr;
  SignerInfo signer;
  const Malformed malformed = ParseSignerInfo(set.Next(), &signer);
  if (malformed != nullptr) return malformed;
  if (!set.AtEnd()) return "there is more than one signer";
  out->signer = signer;
  return nullptr;
}

// The next in `set` of this type; a failed reader if there is none.
DerReader NextAttribute(DerReader* set, const Oid& type) {
  while (!set->AtEnd() && set->ok()) {
    DerReader attribute = set->Enter(kDerSequence);
    const bool found = attribute.Expect(kDerOid).content == type;
    DerReader values = attribute.Enter(kDerSet);
    if (found && attribute.ok()) return values;
  }
  set->Fail();
  return *set;
}

}  // namespace

bool BeginsAsSignedData(ByteSpan head) {
  if (head.size() < 2 || head[0] != kDerSequence) return false;
  const size_t type = head[1] < 0x80 ? 2 : 2 + (head[1] & 0x7F);
  const ByteSpan oid = kOidSignedData.bytes();
  return head.size() >= type + 2 + oid.size() && head[type] == kDerOid &&
         head[type + 1] == oid.size() && Equal(head.subspan(type + 2, oid.size()), oid);
}

Malformed ParseSignedData(ByteSpan bytes, SignedData* out, size_t* size) {
  *out = {};
  DerReader document(bytes);
  const DerElement whole = document.Expect(kDerSequence);
  *size = whole.whole.size();
  DerReader info = document.Inside(whole);
  const bool is_signed_data = info.Expect(kDerOid).content == kOidSignedData;
  DerReader data = info.Enter(DerConstructed(0)).Enter(kDerSequence);
  if (!document.ok()) return "there is no PKCS #7";
  if (!is_signed_data) return "this is no SignedData";
  const int64_t version = DerNumber(data.Expect(kDerInteger).content);
  data.Expect(kDerSet);  // digest algorithms: a signer names its own
  DerReader content = data.Enter(kDerSequence);
  out->content_type = content.Expect(kDerOid).content;
  DerReader value = content.EnterOptional(DerConstructed(0));
  if (!value.AtEnd() && value.ok()) out->content = value.Next();
  const DerElement certificates = data.Optional(DerConstructed(0));
  data.Optional(DerConstructed(1));  // CRLs, which are nobody's that we trust
  const DerElement signers = data.Expect(kDerSet);
  if (!data.ok() || !content.ok()) return "the SignedData is no DER";
  if (version < 1 || version > 5) return "the SignedData has an unknown version";
  if (const Malformed malformed = ReadCertificates(data.Inside(certificates), out))
    return malformed;
  return ReadSigners(data.Inside(signers), out);
}

Malformed ParseSignerInfo(const DerElement& element, SignerInfo* out) {
  *out = {};
  DerReader document(element.whole);
  DerReader info = document.Enter(kDerSequence);
  info.Expect(kDerInteger);
  if (const DerElement key_id = info.Optional(DerPrimitive(0))) {
    out->key_id = key_id.content;
  } else {
    DerReader name = info.Enter(kDerSequence);
    out->issuer = name.Expect(kDerSequence).whole;
    out->serial = name.Expect(kDerInteger).content;
    if (!name.ok()) return "the signer is not named";
  }
  out->digest_algorithm = ReadAlgorithm(&info);
  out->signed_attributes = info.Optional(DerConstructed(0)).whole;
  out->signature_algorithm = ReadAlgorithm(&info);
  out->signature = info.Expect(kDerOctetString).content;
  out->unsigned_attributes = info.Optional(DerConstructed(1)).content;
  return info.ok() ? nullptr : "the signer's data is no DER";
}

DerReader FindAttribute(ByteSpan attributes, const Oid& type) {
  DerReader set(attributes);
  return NextAttribute(&set, type);
}

DerElement OnlyValue(ByteSpan attributes, const Oid& type) {
  DerReader set(attributes);
  DerReader values = NextAttribute(&set, type);
  const DerElement value = values.Next();
  if (!value || !values.AtEnd() || NextAttribute(&set, type).ok()) return {};
  return value;
}

ByteSpan SignedAttributes(const SignerInfo& signer) {
  return DerReader(signer.signed_attributes).Optional(DerConstructed(0)).content;
}

const Certificate* FindSigner(const SignerInfo& signer,
                              const std::vector<Certificate>& certificates) {
  for (const Certificate& certificate : certificates) {
    const bool found = signer.key_id.empty() ? Equal(certificate.issuer, signer.issuer) &&
                                                   Equal(certificate.serial, signer.serial)
                                             : Equal(certificate.key_id, signer.key_id);
    if (found) return &certificate;
  }
  return nullptr;
}

}  // namespace nuthatch
