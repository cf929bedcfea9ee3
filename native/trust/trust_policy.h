// What a verifier was told: whom to trust, when, and how strictly. Immutable; any thread may use
// it.
#ifndef NUTHATCH_TRUST_TRUST_POLICY_H_
#define NUTHATCH_TRUST_TRUST_POLICY_H_

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "trust/crl.h"
#include "trust/crypto.h"

namespace nuthatch {

struct TrustOptions {
  std::optional<UnixMillis> time;  // the time to verify at; without one it is now
  bool allow_md5 = false;
  bool reject_sha1 = false;
  bool reject_padding = false;  // bytes in the certificate table that nobody has signed
  bool require_revocation = false;

  // Of what is signed with it: nobody can be held to a digest that anybody can make twice.
  bool Refuses(std::optional<DigestAlgorithm> algorithm) const {
    return (algorithm == DigestAlgorithm::kMd5 && !allow_md5) ||
           (algorithm == DigestAlgorithm::kSha1 && reject_sha1);
  }
};

// A root or a revocation list.
struct TrustInput {
  std::vector<uint8_t> der;
  std::string source;  // which file it is of, for people
};

struct TrustPolicy {
  std::shared_ptr<const Crypto> crypto;
  std::vector<TrustInput> inputs;  // what the anchors and lists are made of
  std::unique_ptr<Anchors> anchors;
  CrlSet crls;
  TrustOptions options;

  UnixMillis Now() const {
    if (options.time) return *options.time;
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  }
};

// Fails with NUTHATCH_ROOTS_INVALID or NUTHATCH_CRL_INVALID, which name the source.
Status MakeTrustPolicy(std::shared_ptr<const Crypto> crypto, std::vector<TrustInput> roots,
                       std::vector<TrustInput> crls, const TrustOptions& options,
                       std::shared_ptr<const TrustPolicy>* out);

}  // namespace nuthatch

#endif  // NUTHATCH_TRUST_TRUST_POLICY_H_
