// The files of test/fixtures/authenticode, and what verifies them.
#ifndef NUTHATCH_TEST_SUPPORT_TRUST_FIXTURES_H_
#define NUTHATCH_TEST_SUPPORT_TRUST_FIXTURES_H_

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "trust/crypto_openssl.h"
#include "trust/trust_policy.h"

namespace nuthatch {

inline std::string FixturePath(const std::string& name) {
  return "test/fixtures/authenticode/" + name;
}

inline std::vector<uint8_t> Fixture(const std::string& name) {
  std::ifstream file(FixturePath(name), std::ios::binary);
  EXPECT_TRUE(file.is_open()) << FixturePath(name) << ": tests run in the project's folder";
  return {std::istreambuf_iterator<char>(file), {}};
}

// Where the images among them have the place of their certificate table, and then its size.
constexpr size_t kTableEntry = 0x40 + 24 + 112 + 4 * 8;

// This process exports no OpenSSL, but its library is wherever the program openssl is.
inline std::shared_ptr<const Crypto> TestCrypto() {
  static const std::shared_ptr<const Crypto> crypto = [] {
    std::shared_ptr<const Crypto> loaded;
    const Status status = LoadOpenSsl("libcrypto.so.3", &loaded);
    EXPECT_TRUE(status.ok()) << status.message();
    return loaded;
  }();
  return crypto;
}

constexpr UnixMillis kIn2030 = 1893456000000;

// Roots and revocation lists are names of fixtures.
inline std::vector<TrustInput> TrustInputs(const std::vector<std::string>& names) {
  std::vector<TrustInput> inputs;
  for (const std::string& name : names) inputs.push_back({Fixture(name), name});
  return inputs;
}

inline std::shared_ptr<const TrustPolicy> PolicyOf(std::shared_ptr<const Crypto> crypto,
                                                   TrustOptions options = {.time = kIn2030},
                                                   const std::vector<std::string>& crls = {},
                                                   const std::vector<std::string>& roots = {
                                                       "root.der"}) {
  std::shared_ptr<const TrustPolicy> policy;
  const Status status =
      MakeTrustPolicy(std::move(crypto), TrustInputs(roots), TrustInputs(crls), options, &policy);
  EXPECT_TRUE(status.ok()) << status.message();
  return policy;
}

inline std::shared_ptr<const TrustPolicy> TestPolicy(TrustOptions options = {.time = kIn2030},
                                                     const std::vector<std::string>& crls = {}) {
  return PolicyOf(TestCrypto(), options, crls);
}

}  // namespace nuthatch

#endif  // NUTHATCH_TEST_SUPPORT_TRUST_FIXTURES_H_
