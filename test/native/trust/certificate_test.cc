#include "trust/certificate.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/trust_fixtures.h"

namespace nuthatch {
namespace {

std::string Tlv(uint8_t tag, const std::string& content) {
  return {std::string{static_cast<char>(tag), static_cast<char>(content.size())} + content};
}
// An attribute of the type 2.5.4.`type`.
std::string Pair(uint8_t type, const std::string& value, uint8_t tag = kDerUtf8String) {
  const std::string oid = {0x55, 0x04, static_cast<char>(type)};
  return Tlv(kDerSequence, Tlv(kDerOid, oid) + Tlv(tag, value));
}
std::string Name(const std::string& sets) { return Tlv(kDerSequence, sets); }
ByteSpan Span(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

constexpr uint8_t kCommonName = 3;
constexpr uint8_t kOrganization = 10;

TEST(Certificate, HasWhatTrustIsDecidedBy) {
  const std::vector<uint8_t> der = Fixture("root.der");
  Certificate certificate;
  ASSERT_TRUE(ParseCertificate(der, &certificate));
  EXPECT_TRUE(certificate.authority);
  EXPECT_TRUE(certificate.self_issued());
  EXPECT_FALSE(certificate.has_usages);
  EXPECT_FALSE(certificate.explicit_curve);
  EXPECT_EQ(certificate.signed_digest, DigestAlgorithm::kSha256);
  EXPECT_EQ(certificate.not_before, 1262304000000);
  EXPECT_EQ(NameText(certificate.subject), "C=NL,O=Nuthatch\\, Inc.,CN=Test root");
  EXPECT_EQ(DisplayName(certificate.subject), "Test root");
}

TEST(Certificate, IsNoneWhenAnyOfItIsMissing) {
  const std::vector<uint8_t> der = Fixture("root.der");
  Certificate certificate;
  for (size_t size = 0; size < der.size(); ++size)
    EXPECT_FALSE(ParseCertificate(ByteSpan(der).first(size), &certificate)) << size;
}

TEST(NameText, HasTheMostSpecificFirstAndWhatIsJoinedWithAPlus) {
  const std::string name = Name(Tlv(kDerSet, Pair(kOrganization, "A, B")) +
                                Tlv(kDerSet, Pair(kCommonName, " x") + Pair(11, "#y")));
  EXPECT_EQ(NameText(Span(name)), "CN=\\ x+OU=\\#y,O=A\\, B");
  EXPECT_EQ(DisplayName(Span(name)), " x");
}

TEST(NameText, ReadsEveryKindOfText) {
  const auto text = [](const std::string& value, uint8_t tag) {
    return DisplayName(Span(Name(Tlv(kDerSet, Pair(kCommonName, value, tag)))));
  };
  EXPECT_EQ(text(std::string("\x00\xdc\xd8\x3d\xde\x00", 6), kDerBmpString), "\u00dc\U0001f600");
  EXPECT_EQ(text(std::string("\xd8\x3d", 2), kDerBmpString), "\ufffd") << "half a pair";
  EXPECT_EQ(text(std::string("\x00\x01\xf6\x00", 4), kDerUniversalString), "\U0001f600");
  EXPECT_EQ(text("\xdc", 0x14), "\u00dc") << "Latin-1, which is no UTF-8";
}

TEST(NameText, LeavesOutWhatIsMalformed) {
  const std::string broken = Tlv(kDerSequence, "");
  EXPECT_EQ(NameText(Span(Name(Tlv(kDerSet, broken + Pair(kCommonName, "x"))))), "CN=x");
  EXPECT_EQ(NameText(Span(Name(Tlv(kDerSet, broken)))), "");
  EXPECT_EQ(NameText(Span(Name(Tlv(kDerSet, "")))), "");
  EXPECT_EQ(NameText({}), "");
  EXPECT_EQ(DisplayName({}), "");
}

}  // namespace
}  // namespace nuthatch
