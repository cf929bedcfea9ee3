#include "trust/trust_policy.h"

#include <iterator>
#include <utility>

namespace nuthatch {

Status MakeTrustPolicy(std::shared_ptr<const Crypto> crypto, std::vector<TrustInput> roots,
                       std::vector<TrustInput> crls, const TrustOptions& options,
                       std::shared_ptr<const TrustPolicy>* out) {
  auto policy = std::make_shared<TrustPolicy>();
  policy->crypto = std::move(crypto);
  policy->options = options;
  std::vector<std::unique_ptr<ProviderCertificate>> anchors;
  for (const TrustInput& root : roots) {
    anchors.push_back(policy->crypto->Parse(root.der));
    if (!anchors.back())
      return Status::Error("NUTHATCH_ROOTS_INVALID", root.source + ": this is no certificate");
  }
  policy->anchors = policy->crypto->NewAnchors(std::move(anchors));
  for (const TrustInput& list : crls) {
    if (const char* const wrong = policy->crls.Add(*policy->crypto, list.der))
      return Status::Error("NUTHATCH_CRL_INVALID",
                           list.source + ": this revocation list cannot be used: " + wrong);
  }
  // Their bytes stay where they are.
  policy->inputs = std::move(roots);
  policy->inputs.insert(policy->inputs.end(), std::make_move_iterator(crls.begin()),
                        std::make_move_iterator(crls.end()));
  *out = std::move(policy);
  return {};
}

}  // namespace nuthatch
