#include "trust/authenticode.h"

#include <algorithm>

#include "base/load_bytes.h"
#include "base/utf16.h"
#include "base/utf8.h"

namespace nuthatch {
namespace {

// SpcSerializedObject's class: A6B586D5-B4A1-2466-AE05-A217DA8E60D6.
constexpr uint8_t kPageHashesClass[] = {0xa6, 0xb5, 0x86, 0xd5, 0xb4, 0xa1, 0x24, 0x66,
                                        0xae, 0x05, 0xa2, 0x17, 0xda, 0x8e, 0x60, 0xd6};

// SpcPeImageData's file: [0] EXPLICIT SpcLink, whose moniker, [1] SpcSerializedObject, holds a SET
// of attributes with one for page hashes. They are optional, and what is no such thing is none.
void ReadPageHashes(DerReader image_data, IndirectData* out) {
  image_data.Optional(kDerBitString);
  DerReader moniker = image_data.EnterOptional(DerConstructed(0)).EnterOptional(DerConstructed(1));
  if (moniker.AtEnd() || !Equal(moniker.Expect(kDerOctetString).content, kPageHashesClass)) return;
  DerReader attributes = moniker.Enter(kDerOctetString).Enter(kDerSet);
  while (!attributes.AtEnd() && attributes.ok()) {
    DerReader attribute = attributes.Enter(kDerSequence);
    const ByteSpan type = attribute.Expect(kDerOid).content;
    const DerElement value = attribute.Enter(kDerSet).Optional(kDerOctetString);
    const bool sha1 = type == kOidPageHashesSha1;
    if (!value || (!sha1 && type != kOidPageHashesSha256)) continue;
    out->page_algorithm = sha1 ? DigestAlgorithm::kSha1 : DigestAlgorithm::kSha256;
    out->page_hashes = value.content;
  }
}

// SpcString: [0] UTF-16, big-endian, or [1] ASCII. Longer ones are cut.
std::string SpcText(DerReader string) {
  constexpr size_t kLongest = 1024;
  std::string text;
  if (const DerElement wide = string.Optional(DerPrimitive(0))) {
    text = Utf16BeToUtf8(wide.content.first(std::min(wide.content.size(), kLongest)));
  } else if (const DerElement ascii = string.Optional(DerPrimitive(1))) {
    for (const uint8_t byte : ascii.content.first(std::min(ascii.content.size(), kLongest)))
      AppendUtf8(byte, &text);
  }
  return text;
}

// How many bytes there are besides zeros that align what comes before them, which has `size`.
size_t WithoutAligning(ByteSpan bytes, size_t size) {
  const auto zero = [](uint8_t byte) { return byte == 0; };
  if (bytes.size() < 8 && std::all_of(bytes.begin(), bytes.end(), zero)) return 0;
  const size_t aligning = std::min((8 - size % 8) % 8, bytes.size());
  const ByteSpan first = bytes.first(aligning);
  const bool aligns = std::all_of(first.begin(), first.end(), zero);
  return bytes.size() - (aligns ? aligning : 0);
}

}  // namespace

Malformed ParseIndirectData(const DerElement& element, IndirectData* out) {
  *out = {};
  DerReader document(element.whole);
  DerReader content = document.Enter(kDerSequence);
  DerReader data = content.Enter(kDerSequence);
  out->image = data.Expect(kDerOid).content == kOidSpcPeImageData;
  if (out->image) ReadPageHashes(data.EnterOptional(kDerSequence), out);
  DerReader info = content.Enter(kDerSequence);
  out->algorithm = DigestAlgorithmOf(ReadAlgorithm(&info));
  out->digest = info.Expect(kDerOctetString).content;
  if (!content.ok() || !info.ok()) return "the signed digest is no DER";
  if (out->algorithm && out->digest.size() != DigestSize(*out->algorithm))
    return "the signed digest has not the size of its algorithm";
  return nullptr;
}

Opus ParseOpus(const SignerInfo& signer) {
  DerReader opus = FindAttribute(SignedAttributes(signer), kOidSpcOpusInfo).Enter(kDerSequence);
  Opus result;
  if (const DerElement name = opus.Optional(DerConstructed(0)))
    result.name = SpcText(opus.Inside(name));
  if (const DerElement link = opus.Optional(DerConstructed(1))) {
    // SpcLink: [0] is the URL itself, [2] a file's name.
    const DerElement url = opus.Inside(link).Optional(DerPrimitive(0));
    for (const uint8_t byte : url.content.first(std::min(url.content.size(), size_t{1024})))
      AppendUtf8(byte, &result.url);
  }
  return result;
}

std::vector<ByteSpan> NestedSignatures(const SignerInfo& signer) {
  constexpr size_t kMost = 16;
  std::vector<ByteSpan> nested;
  DerReader values = FindAttribute(signer.unsigned_attributes, kOidNestedSignature);
  while (values.ok() && !values.AtEnd() && nested.size() < kMost) {
    const DerElement value = values.Next();
    if (value) nested.push_back(value.whole);
  }
  return nested;
}

Malformed ParseCertificateTable(ByteSpan table, CertificateTable* out) {
  constexpr size_t kHeader = 8;
  constexpr size_t kMostEntries = 64;
  constexpr uint16_t kPkcs7 = 2;
  *out = {};
  size_t at = 0;
  while (out->entries < kMostEntries && table.size() - at >= kHeader) {
    const ByteSpan rest = table.subspan(at);
    const size_t length = LoadAt<uint32_t>(rest, 0);
    const bool fits = length > kHeader && length <= rest.size();
    if (out->entries == 0) {
      if (!fits) return "the first entry of the certificate table has an impossible length";
      const auto revision = LoadAt<uint16_t>(rest, 4);
      if (revision != 0x0200)
        return "the first entry of the certificate table has a revision that is not 2.0";
      if (LoadAt<uint16_t>(rest, 6) != kPkcs7)
        return "the first entry of the certificate table is no PKCS #7";
      out->pkcs7 = rest.subspan(kHeader, length - kHeader);
      out->after = rest.subspan(length);
    }
    if (!fits) break;
    ++out->entries;
    const size_t step = length + (8 - length % 8) % 8;
    if (step >= rest.size()) break;
    at += step;
  }
  return out->entries == 0 ? "the certificate table is too small for an entry" : nullptr;
}

size_t CertificatePadding(const CertificateTable& table, size_t pkcs7_size) {
  return WithoutAligning(table.pkcs7.subspan(pkcs7_size), pkcs7_size) +
         WithoutAligning(table.after, table.pkcs7.size());
}

}  // namespace nuthatch
