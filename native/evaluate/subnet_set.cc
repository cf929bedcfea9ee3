#include "evaluate/subnet_set.h"

#include <algorithm>
#include <map>

namespace nuthatch {

SubnetSet::SubnetSet(const std::vector<Subnet>& subnets) {
  std::map<uint8_t, Length> by_length;
  for (uint32_t i = 0; i < subnets.size(); ++i) {
    Length& length = by_length[subnets[i].prefix_length];
    length.prefix_length = subnets[i].prefix_length;
    length.networks.emplace_back(subnets[i].network, i);
  }
  for (auto& [unused, length] : by_length) {
    std::sort(length.networks.begin(), length.networks.end());
    lengths_.push_back(std::move(length));
  }
}

void SubnetSet::Find(const IpAddress& address, std::vector<uint32_t>* found) const {
  for (const Length& length : lengths_) {
    const std::pair<IpAddress, uint32_t> key(MaskAddress(address, length.prefix_length), 0);
    const auto at = std::lower_bound(length.networks.begin(), length.networks.end(), key);
    if (at != length.networks.end() && at->first == key.first) found->push_back(at->second);
  }
}

}  // namespace nuthatch
