#include "trust/signer_check.h"

#include <gtest/gtest.h>

#include "support/trust_fixtures.h"
#include "trust/signature.h"

namespace nuthatch {
namespace {

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

}  // namespace
}  // namespace nuthatch
