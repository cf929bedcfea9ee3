#include "trust/trust_policy.h"

#include "support/trust_fixtures.h"

namespace nuthatch {
namespace {

Status Make(const std::vector<std::string>& roots, const std::vector<std::string>& crls) {
  std::shared_ptr<const TrustPolicy> policy;
  Status status = MakeTrustPolicy(TestCrypto(), TrustInputs(roots), TrustInputs(crls), {}, &policy);
  EXPECT_EQ(policy != nullptr, status.ok());
  return status;
}

TEST(MakeTrustPolicy, NamesWhatCannotBeUsed) {
  EXPECT_TRUE(Make({"root.der", "mail-root.der"}, {"root.crl", "worse.crl"}).ok());
  const Status root = Make({"root.der", "root.crl"}, {});
  EXPECT_STREQ(root.code(), "NUTHATCH_ROOTS_INVALID");
  EXPECT_EQ(root.message(), "root.crl: this is no certificate");
  const Status list = Make({"root.der"}, {"root.crl", "root.der"});
  EXPECT_STREQ(list.code(), "NUTHATCH_CRL_INVALID");
  EXPECT_EQ(list.message(),
            "root.der: this revocation list cannot be used: it is no DER of a list");
}

}  // namespace
}  // namespace nuthatch
