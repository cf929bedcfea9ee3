#include "trust/crypto_openssl.h"

#include <thread>

#include "base/load_bytes.h"
#include "image/image.h"
#include "support/allocations.h"
#include "support/trust_fixtures.h"
#include "trust/authenticode.h"
#include "trust/signature.h"

namespace nuthatch {
namespace {

// The certificate table of signed.exe, whose one signature is good in 2030.
std::vector<uint8_t> Table() {
  const std::vector<uint8_t> image = Fixture("signed.exe");
  return {image.begin() + LoadAt<uint32_t>(image, kTableEntry), image.end()};
}

TrustStatus Judge(const TrustPolicy& policy, ByteSpan table) {
  CertificateTable parsed;
  EXPECT_EQ(ParseCertificateTable(table, &parsed), nullptr);
  const ParsedSignature signature = ParseImageSignature(parsed.pkcs7);
  return JudgeSignature(policy, signature).status;
}

std::shared_ptr<const TrustPolicy> NewPolicy() {
  std::shared_ptr<const Crypto> crypto;
  EXPECT_TRUE(LoadOpenSsl("libcrypto.so.3", &crypto).ok());
  return PolicyOf(crypto);
}

// Certificates that were parsed are kept, by all of their bytes: no name, serial number or key is
// enough to be taken for one of them.
TEST(OpenSsl, KnowsACertificateByEachOfItsBytes) {
  const std::shared_ptr<const TrustPolicy> policy = NewPolicy();
  std::vector<uint8_t> table = Table();
  ASSERT_EQ(Judge(*policy, table), TrustStatus::kTrusted);
  CertificateTable parsed;
  ASSERT_EQ(ParseCertificateTable(table, &parsed), nullptr);
  const ParsedSignature signature = ParseImageSignature(parsed.pkcs7);
  const Certificate* const leaf = FindSigner(*signature.data.signer, signature.data.certificates);
  ASSERT_NE(leaf, nullptr);
  const auto begin = static_cast<size_t>(leaf->der.data() - table.data());
  for (size_t at = begin; at < begin + leaf->der.size(); ++at) {
    table[at] ^= 1;
    EXPECT_NE(Judge(*policy, table), TrustStatus::kTrusted) << "byte " << at - begin;
    table[at] ^= 1;
  }
  EXPECT_EQ(Judge(*policy, table), TrustStatus::kTrusted);
}

// More certificates than are kept, by threads at once, while others verify with one of them.
TEST(OpenSsl, IsUsedByThreadsAtOnce) {
  constexpr size_t kCertificates = 1500;
  const std::shared_ptr<const TrustPolicy> policy = NewPolicy();
  const std::vector<uint8_t> table = Table();
  const auto work = [&](size_t thread) {
    std::vector<uint8_t> certificate = Fixture("root.der");
    Certificate parsed;
    ASSERT_TRUE(ParseCertificate(certificate, &parsed));
    ASSERT_GE(parsed.serial.size(), 2u);
    uint8_t* const serial = certificate.data() + (parsed.serial.data() - certificate.data());
    for (size_t i = 0; i < kCertificates; ++i) {
      serial[0] = static_cast<uint8_t>(1 + i % 100);
      serial[1] = static_cast<uint8_t>(i / 100 + 16 * thread);
      ASSERT_NE(policy->crypto->Parse(certificate), nullptr);
      if (i % 50 == 0) {
        ASSERT_EQ(Judge(*policy, table), TrustStatus::kTrusted);
      }
    }
  };
  std::vector<std::thread> threads;
  for (size_t thread = 0; thread < 4; ++thread) threads.emplace_back(work, thread);
  for (std::thread& thread : threads) thread.join();
}

// A disk can have any number of signers. One that is kept costs fewer allocations than one that is
// parsed.
TEST(OpenSsl, KeepsAThousandCertificatesAndNotAll) {
  const std::shared_ptr<const TrustPolicy> policy = NewPolicy();
  std::vector<uint8_t> certificate = Fixture("root.der");
  Certificate parsed;
  ASSERT_TRUE(ParseCertificate(certificate, &parsed));
  ASSERT_GE(parsed.serial.size(), 2u);
  uint8_t* const serial = certificate.data() + (parsed.serial.data() - certificate.data());
  const auto allocations_of = [&](int number) {
    serial[0] = static_cast<uint8_t>(1 + number % 100);
    serial[1] = static_cast<uint8_t>(number / 100);
    const size_t before = Allocations();
    EXPECT_NE(policy->crypto->Parse(certificate), nullptr);
    return Allocations() - before;
  };
  const size_t to_parse = allocations_of(0);
  const size_t to_find = allocations_of(0);
  ASSERT_LT(to_find, to_parse);
  for (int i = 1; i < 1000; ++i) allocations_of(i);
  EXPECT_EQ(allocations_of(0), to_find);
  for (int i = 1000; i < 1100; ++i) allocations_of(i);
  EXPECT_GT(allocations_of(0), to_find);
}

TEST(OpenSsl, ParsesNothingThatIsNotWhollyACertificate) {
  std::vector<uint8_t> certificate = Fixture("root.der");
  const std::shared_ptr<const Crypto> crypto = TestCrypto();
  EXPECT_NE(crypto->Parse(certificate), nullptr);
  EXPECT_EQ(crypto->Parse(ByteSpan(certificate).first(certificate.size() - 1)), nullptr);
  certificate.push_back(0);
  EXPECT_EQ(crypto->Parse(certificate), nullptr) << "bytes follow it";
  EXPECT_EQ(crypto->Parse({}), nullptr);
}

}  // namespace
}  // namespace nuthatch
