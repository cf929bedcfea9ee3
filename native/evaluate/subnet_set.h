// Finds which of many CIDR blocks hold an address.
#ifndef NUTHATCH_EVALUATE_SUBNET_SET_H_
#define NUTHATCH_EVALUATE_SUBNET_SET_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "base/ip_address.h"

namespace nuthatch {

// Blocks by prefix length; one binary search for each length that occurs. Immutable.
class SubnetSet {
 public:
  // `subnets` are distinct; a subnet's number is its index.
  explicit SubnetSet(const std::vector<Subnet>& subnets);

  // Appends the numbers of the blocks that hold `address`.
  void Find(const IpAddress& address, std::vector<uint32_t>* found) const;

 private:
  struct Length {
    uint8_t prefix_length;
    std::vector<std::pair<IpAddress, uint32_t>> networks;  // sorted
  };
  std::vector<Length> lengths_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_EVALUATE_SUBNET_SET_H_
