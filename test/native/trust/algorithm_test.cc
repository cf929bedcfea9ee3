#include "trust/algorithm.h"

#include <gtest/gtest.h>

#include <vector>

namespace nuthatch {
namespace {

std::optional<DigestAlgorithm> Read(const std::vector<uint8_t>& der) {
  DerReader reader(der);
  const std::optional<DigestAlgorithm> digest = ReadSignedDigest(&reader);
  EXPECT_TRUE(reader.ok());
  return digest;
}

// As `openssl asn1parse` shows them of certificates that it made.
TEST(SignedDigest, OfPssIsAmongItsParametersAndSha1WhereTheyNameNone) {
  const std::vector<uint8_t> oid = {0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
                                    0xf7, 0x0d, 0x01, 0x01, 0x0a};
  const auto with = [&](std::vector<uint8_t> parameters) {
    std::vector<uint8_t> der = {0x30, static_cast<uint8_t>(oid.size() + parameters.size())};
    der.insert(der.end(), oid.begin(), oid.end());
    der.insert(der.end(), parameters.begin(), parameters.end());
    return Read(der);
  };
  EXPECT_EQ(with({}), DigestAlgorithm::kSha1);
  EXPECT_EQ(with({0x30, 0x00}), DigestAlgorithm::kSha1);
  EXPECT_EQ(with({0x30, 0x05, 0xa2, 0x03, 0x02, 0x01, 0x20}), DigestAlgorithm::kSha1)
      << "a salt's length alone";
  EXPECT_EQ(with({0x30, 0x0f, 0xa0, 0x0d, 0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65,
                  0x03, 0x04, 0x02, 0x01}),
            DigestAlgorithm::kSha256);
  EXPECT_EQ(with({0x30, 0x0b, 0xa0, 0x09, 0x30, 0x07, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a}),
            DigestAlgorithm::kSha1);
}

TEST(SignedDigest, OfDsaWithSha1IsThat) {
  EXPECT_EQ(Read({0x30, 0x09, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x03}),
            DigestAlgorithm::kSha1);
}

TEST(SignedDigest, OfEd25519IsNone) {
  EXPECT_EQ(Read({0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70}), std::nullopt);
}

}  // namespace
}  // namespace nuthatch
