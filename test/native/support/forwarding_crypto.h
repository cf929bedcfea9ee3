// TestCrypto behind an object, for tests that count or interfere in some call.
#ifndef NUTHATCH_TEST_SUPPORT_FORWARDING_CRYPTO_H_
#define NUTHATCH_TEST_SUPPORT_FORWARDING_CRYPTO_H_

#include <memory>
#include <vector>

#include "support/trust_fixtures.h"

namespace nuthatch {

class ForwardingCrypto : public Crypto {
 public:
  std::unique_ptr<Hasher> NewHasher(DigestAlgorithm algorithm) const override {
    return TestCrypto()->NewHasher(algorithm);
  }
  std::unique_ptr<ProviderCertificate> Parse(ByteSpan der) const override {
    return TestCrypto()->Parse(der);
  }
  std::unique_ptr<Anchors> NewAnchors(
      std::vector<std::unique_ptr<ProviderCertificate>> certificates) const override {
    return TestCrypto()->NewAnchors(std::move(certificates));
  }
  bool Verify(const ProviderCertificate& certificate, SignatureScheme scheme,
              DigestAlgorithm algorithm, const Digest& digest, ByteSpan signature) const override {
    return TestCrypto()->Verify(certificate, scheme, algorithm, digest, signature);
  }
  Chain BuildChain(const Anchors& anchors, const ProviderCertificate& leaf,
                   const std::vector<const ProviderCertificate*>& others,
                   const std::vector<ByteSpan>& without, UnixMillis time) const override {
    return TestCrypto()->BuildChain(anchors, leaf, others, without, time);
  }
};

}  // namespace nuthatch

#endif  // NUTHATCH_TEST_SUPPORT_FORWARDING_CRYPTO_H_
