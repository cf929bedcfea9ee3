#include "trust/signer_check.h"

#include <gtest/gtest.h>

#include <string>

#include "support/trust_fixtures.h"
#include "trust/signature.h"

namespace nuthatch {
namespace {

std::string Tlv(int tag, const std::string& content) {
  std::string length(1, static_cast<char>(content.size()));
  if (content.size() > 0x7f) length.insert(0, 1, '\x81');
  EXPECT_LE(content.size(), 0xffu);
  return static_cast<char>(tag) + length + content;
}

std::string Attribute(const std::string& oid, const std::string& values) {
  return Tlv(0x30, Tlv(6, oid) + Tlv(0x31, values));
}

// The one of v2.cat, which has signed a list of members.
class SignerCheckTest : public testing::Test {
 protected:
  void SetUp() override {
    signature_ = ParseCatalogSignature(bytes_);
    ASSERT_EQ(signature_.malformed, nullptr);
    const Certificate* const leaf =
        FindSigner(*signature_.data.signer, signature_.data.certificates);
    ASSERT_NE(leaf, nullptr);
    certificate_ = TestCrypto()->Parse(leaf->der);
  }

  TrustStatus Check(const SignedContent& content) const {
    return CheckSigner(*TestCrypto(), *signature_.data.signer, *certificate_, content,
                       /*allow_bare=*/false)
        .status;
  }

  const std::vector<uint8_t> bytes_ = Fixture("v2.cat");
  ParsedSignature signature_;
  std::unique_ptr<ProviderCertificate> certificate_;
};

TEST_F(SignerCheckTest, IsOfTheContentAndItsKind) {
  const SignedData& data = signature_.data;
  constexpr uint8_t kAnother[] = {0x2a, 0x86, 0x48};
  EXPECT_EQ(Check({data.content_type, data.content.content}), TrustStatus::kTrusted);
  EXPECT_EQ(Check({kAnother, data.content.content}), TrustStatus::kMalformed)
      << "bytes may mean something else as another kind of content";
  EXPECT_EQ(Check({data.content_type, data.content.content.first(data.content.content.size() - 1)}),
            TrustStatus::kBadDigest);
}

// Two digests would let the content be whichever somebody looks at (RFC 5652, section 11).
TEST_F(SignerCheckTest, NamesItsContentOnceAndItsKindToo) {
  const SignedData& data = signature_.data;
  const ByteSpan given = SignedAttributes(*data.signer);
  const std::string attributes(given.begin(), given.end());
  const auto check = [&](const std::string& signed_attributes) {
    const std::string whole = Tlv(0xa0, signed_attributes);
    signature_.data.signer->signed_attributes = {reinterpret_cast<const uint8_t*>(whole.data()),
                                                 whole.size()};
    return Check({data.content_type, data.content.content});
  };
  EXPECT_EQ(check(attributes), TrustStatus::kTrusted);
  EXPECT_EQ(check(attributes + Attribute("\x2a\x03", Tlv(4, ""))), TrustStatus::kBadSignature)
      << "another attribute is wrong only in that nobody has signed it";
  for (const Oid& type : {kOidContentType, kOidMessageDigest}) {
    const std::string oid(type.bytes().begin(), type.bytes().end());
    const ByteSpan value = FindAttribute(given, type).Next().whole;
    const std::string one(value.begin(), value.end());
    const size_t at = attributes.find(Attribute(oid, one));
    ASSERT_NE(at, std::string::npos);
    const auto instead = [&](const std::string& by) {
      return std::string(attributes).replace(at, Attribute(oid, one).size(), by);
    };
    EXPECT_EQ(check(instead(Attribute(oid, one))), TrustStatus::kTrusted);
    EXPECT_EQ(check(instead("")), TrustStatus::kMalformed);
    EXPECT_EQ(check(instead(Attribute(oid, ""))), TrustStatus::kMalformed);
    EXPECT_EQ(check(instead(Attribute(oid, one + one))), TrustStatus::kMalformed);
    EXPECT_EQ(check(attributes + Attribute(oid, one)), TrustStatus::kMalformed);
  }
}

}  // namespace
}  // namespace nuthatch
