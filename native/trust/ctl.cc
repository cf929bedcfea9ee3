#include "trust/ctl.h"

#include <algorithm>

#include "base/ascii.h"

namespace nuthatch {
namespace {

std::optional<CatalogMember> MemberOf(ByteSpan digest,
                                      std::optional<DigestAlgorithm> algorithm = std::nullopt) {
  if (!algorithm && digest.size() == DigestSize(DigestAlgorithm::kSha1))
    algorithm = DigestAlgorithm::kSha1;
  if (!algorithm && digest.size() == DigestSize(DigestAlgorithm::kSha256))
    algorithm = DigestAlgorithm::kSha256;
  if (!algorithm) return std::nullopt;
  CatalogMember member;
  member.algorithm = *algorithm;
  member.digest.size = static_cast<uint8_t>(digest.size());
  std::copy(digest.begin(), digest.end(), member.digest.bytes.begin());
  return member;
}

// A digest as it is (version 2), or in hexadecimal digits as UTF-16 with or without a NUL
// (version 1).
std::optional<CatalogMember> MemberOfTag(ByteSpan tag) {
  constexpr size_t kUnitsOfByte = 4;
  if (const auto raw = MemberOf(tag)) return raw;
  if (tag.size() % kUnitsOfByte == 2) tag = tag.first(tag.size() - 2);
  if (tag.size() > 32 * kUnitsOfByte) return std::nullopt;
  uint8_t bytes[32];
  const size_t size = tag.size() / kUnitsOfByte;
  for (size_t i = 0; i < size; ++i) {
    const ByteSpan units = tag.subspan(i * kUnitsOfByte, kUnitsOfByte);
    const int high = HexDigitValue(static_cast<char>(units[0]));
    const int low = HexDigitValue(static_cast<char>(units[2]));
    if (high < 0 || low < 0 || units[1] != 0 || units[3] != 0) return std::nullopt;
    bytes[i] = static_cast<uint8_t>(high << 4 | low);
  }
  return MemberOf({bytes, size});
}

// What is claimed of the member; none if nothing can be.
std::optional<CatalogMember> ReadMember(DerReader member) {
  const std::optional<CatalogMember> tag = MemberOfTag(member.Expect(kDerOctetString).content);
  DerReader values = FindAttribute(member.Optional(kDerSet).content, kOidSpcIndirectData);
  if (!values.ok()) return tag;
  IndirectData data;
  if (ParseIndirectData(values.Next(), &data) != nullptr || !data.algorithm) return std::nullopt;
  const std::optional<CatalogMember> claim = MemberOf(data.digest, data.algorithm);
  const bool contradicts =
      tag && tag->algorithm == data.algorithm && !Equal(tag->digest.span(), data.digest);
  return contradicts ? std::nullopt : claim;
}

}  // namespace

Malformed ParseCtl(const DerElement& content,
                   const std::function<void(const CatalogMember&)>& on_member, size_t* members) {
  *members = 0;
  DerReader document(content.whole);
  DerReader list = document.Enter(kDerSequence);
  list.Expect(kDerSequence);     // usage
  list.Expect(kDerOctetString);  // identifier
  list.Optional(kDerInteger);    // sequence number
  if (!list.Optional(kDerUtcTime)) list.Expect(kDerGeneralizedTime);
  list.Optional(kDerUtcTime);  // next update
  const ByteSpan version = ReadAlgorithm(&list);
  if (!list.ok()) return "the list of the catalog is no DER";
  if (!(version == kOidCatalogListV1) && !(version == kOidCatalogListV2))
    return "this is a trust list, but no catalog";
  DerReader entries = list.EnterOptional(kDerSequence);
  while (!entries.AtEnd() && entries.ok()) {
    ++*members;
    if (const auto member = ReadMember(entries.Enter(kDerSequence))) on_member(*member);
  }
  return entries.ok() ? nullptr : "the members of the catalog are no DER";
}

}  // namespace nuthatch
