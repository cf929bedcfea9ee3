#include "trust/trust_policy.h"

#include <iterator>
#include <utility>

namespace nuthatch {

Status MakeTrustPolicy(std::shared_ptr<const Crypto> crypto,
                       std::vector<std::vector<uint8_t>> roots,
                       std::vector<std::vector<uint8_t>> crls, const TrustOptions& options,
                       std::shared_ptr<const TrustPolicy>* out) {
  auto policy = std::make_shared<TrustPolicy>();
  policy->crypto = std::move(crypto);
  policy->options = options;
  const size_t root_count = roots.size();
  policy->bytes = std::move(roots);
  policy->bytes.insert(policy->bytes.end(), std::make_move_iterator(crls.begin()),
                       std::make_move_iterator(crls.end()));
  const auto lists = policy->bytes.begin() + static_cast<std::ptrdiff_t>(root_count);
  const std::vector<ByteSpan> root_spans(policy->bytes.begin(), lists);
  const std::vector<ByteSpan> list_spans(lists, policy->bytes.end());
  policy->anchors = policy->crypto->NewAnchors(root_spans);
  if (!policy->anchors)
    return Status::Error("NUTHATCH_ROOTS_INVALID", "one of the roots is no certificate");
  Status status = policy->crls.Load(*policy->crypto, list_spans);
  if (status.ok()) *out = std::move(policy);
  return status;
}

}  // namespace nuthatch
