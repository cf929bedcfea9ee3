#include "trust/chain.h"

#include <algorithm>
#include <numeric>

#include "base/load_bytes.h"
#include "support/forwarding_crypto.h"
#include "trust/authenticode.h"
#include "trust/signature.h"

namespace nuthatch {
namespace {

class CountingCrypto : public ForwardingCrypto {
 public:
  Chain BuildChain(const Anchors& anchors, const ProviderCertificate& leaf,
                   const std::vector<const ProviderCertificate*>& others,
                   const std::vector<ByteSpan>& without, UnixMillis time) const override {
    ++chains;
    return ForwardingCrypto::BuildChain(anchors, leaf, others, without, time);
  }
  mutable int chains = 0;
};

// The signer of an image, and the certificates of his issuer in the order that they have there.
class Signed {
 public:
  explicit Signed(const std::string& name) : image_(Fixture(name)) {
    CertificateTable table;
    const auto begin = LoadAt<uint32_t>(image_, kTableEntry);
    EXPECT_EQ(ParseCertificateTable(ByteSpan(image_).subspan(begin), &table), nullptr);
    signature_ = ParseImageSignature(table.pkcs7);
    EXPECT_EQ(signature_.malformed, nullptr);
    const SignedData& data = signature_.data;
    leaf_ = *FindSigner(*data.signer, data.certificates);
    for (const Certificate& each : data.certificates)
      if (Equal(each.subject, leaf_.issuer)) issuers_.push_back(each);
  }

  const Certificate& leaf() const { return leaf_; }
  const std::vector<Certificate>& issuers() const { return issuers_; }
  // With these of the issuer's certificates, in this order.
  ChainVerdict Check(const TrustPolicy& policy, const std::vector<size_t>& issuers) const {
    std::vector<Certificate> certificates = {leaf_};
    for (const size_t i : issuers) certificates.push_back(issuers_.at(i));
    const CertificatePool pool(*policy.crypto, certificates);
    return CheckChain(policy, leaf_, pool, Usage::kCodeSigning, policy.Now(), /*stamped=*/false);
  }

 private:
  const std::vector<uint8_t> image_;
  ParsedSignature signature_;
  Certificate leaf_;
  std::vector<Certificate> issuers_;
};

// Those of reissued.exe, as make.py puts them there: by a root that has the name of ours and
// another key, for mail alone, revoked by root.crl, and good.
enum Issuer : size_t { kByTwin, kForMail, kRevoked, kGood, kIssuers };

std::shared_ptr<const TrustPolicy> WithList() {
  return TestPolicy({.time = kIn2030}, {"root.crl"});
}

std::shared_ptr<const TrustPolicy> WithRoots(const std::vector<std::string>& names) {
  return PolicyOf(TestCrypto(), {.time = kIn2030}, {}, names);
}

TEST(CheckChain, EachCertificateOfAnIssuerIsJudgedByItself) {
  const Signed file("reissued.exe");
  ASSERT_EQ(file.issuers().size(), kIssuers);
  const auto policy = WithList();
  EXPECT_EQ(file.Check(*policy, {}).status, TrustStatus::kIncompleteChain);
  EXPECT_EQ(file.Check(*policy, {kByTwin}).status, TrustStatus::kBadSignature);
  EXPECT_EQ(file.Check(*policy, {kForMail}).status, TrustStatus::kWrongUsage);
  EXPECT_EQ(file.Check(*policy, {kRevoked}).status, TrustStatus::kRevoked);
  EXPECT_EQ(file.Check(*policy, {kGood}).status, TrustStatus::kTrusted);
}

TEST(CheckChain, AGoodOneIsFoundWhereverItStands) {
  const Signed file("reissued.exe");
  const auto policy = WithList();
  std::vector<size_t> order(kIssuers);
  std::iota(order.begin(), order.end(), 0);
  do {
    const ChainVerdict verdict = file.Check(*policy, order);
    EXPECT_EQ(verdict.status, TrustStatus::kTrusted) << verdict.detail;
    EXPECT_EQ(verdict.revocation, RevocationState::kUnknown) << "the issuer has no list";
    ASSERT_EQ(verdict.chain.size(), 3u);
    EXPECT_TRUE(Equal(verdict.chain[1].der, file.issuers()[kGood].der));
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(CheckChain, WithoutAGoodOneARevokedOneIsToldWhereverItStands) {
  const Signed file("reissued.exe");
  const auto policy = WithList();
  std::vector<size_t> order = {kByTwin, kForMail, kRevoked};
  do {
    const ChainVerdict verdict = file.Check(*policy, order);
    EXPECT_EQ(verdict.status, TrustStatus::kRevoked) << verdict.detail;
    EXPECT_EQ(verdict.revocation, RevocationState::kRevoked);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(CheckChain, OneThatEndsAtARootTellsMoreThanOneThatEndsNowhere) {
  const Signed file("reissued.exe");
  const auto policy = TestPolicy();
  EXPECT_EQ(file.Check(*policy, {kByTwin, kForMail}).status, TrustStatus::kWrongUsage);
  EXPECT_EQ(file.Check(*policy, {kForMail, kByTwin}).status, TrustStatus::kWrongUsage);
}

TEST(CheckChain, RootsOfOneNameAreAllTried) {
  const Signed file("of-any.exe");  // which does not say by its issuer's key which it is
  EXPECT_EQ(file.Check(*WithRoots({"twin-root.der"}), {}).status, TrustStatus::kBadSignature);
  for (const auto& roots : {std::vector<std::string>{"root.der", "twin-root.der"},
                            std::vector<std::string>{"twin-root.der", "root.der"}}) {
    const ChainVerdict verdict = file.Check(*WithRoots(roots), {});
    EXPECT_EQ(verdict.status, TrustStatus::kTrusted) << roots[0] << ": " << verdict.detail;
    EXPECT_TRUE(verdict.anchored);
  }
}

// What is wrong with the signer's own certificate no issuer mends.
TEST(CheckChain, OfTheSignerItselfOneChainSaysAll) {
  for (const auto& [name, status] : {std::pair("superseded.exe", TrustStatus::kRevoked),
                                     std::pair("unusable.exe", TrustStatus::kWrongUsage)}) {
    const auto crypto = std::make_shared<CountingCrypto>();
    const auto policy = PolicyOf(crypto, {.time = kIn2030}, {"root.crl"});
    EXPECT_EQ(Signed(name).Check(*policy, {}).status, status);
    EXPECT_EQ(crypto->chains, 1) << name;
  }
}

// As many as there can be of an issuer: those of a hostile file.
TEST(CheckChain, NoMoreThanSixteenAreTried) {
  const Signed file("reissued.exe");
  std::vector<std::vector<uint8_t>> copies;
  std::vector<Certificate> certificates = {file.leaf()};
  for (uint8_t i = 0; i < 100; ++i) {
    const ByteSpan der = file.issuers()[kForMail].der;
    std::vector<uint8_t>& copy = copies.emplace_back(der.begin(), der.end());
    copy.back() ^= i;  // of its signature, which OpenSSL has not looked at yet
    Certificate parsed;
    ASSERT_TRUE(ParseCertificate(copy, &parsed));
    certificates.push_back(parsed);
  }
  const auto crypto = std::make_shared<CountingCrypto>();
  const auto policy = PolicyOf(crypto);
  const CertificatePool pool(*crypto, certificates);
  const ChainVerdict verdict =
      CheckChain(*policy, file.leaf(), pool, Usage::kCodeSigning, kIn2030, /*stamped=*/false);
  EXPECT_EQ(verdict.status, TrustStatus::kWrongUsage);
  EXPECT_EQ(crypto->chains, 16);
}

}  // namespace
}  // namespace nuthatch
