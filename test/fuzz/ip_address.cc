// Any bytes as an address and as a subnet: what parses lies in its own block.
#include "base/ip_address.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto address = nuthatch::ParseIpAddress(text);
  const auto subnet = nuthatch::ParseSubnet(text);
  if (address && subnet && (subnet->network != *address || subnet->prefix_length != 128))
    std::abort();
  if (subnet && nuthatch::MaskAddress(subnet->network, subnet->prefix_length) != subnet->network) {
    std::abort();
  }
  return 0;
}
