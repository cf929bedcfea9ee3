#ifndef NUTHATCH_ENRICH_KERNEL_ADDRESS_H_
#define NUTHATCH_ENRICH_KERNEL_ADDRESS_H_

#include <cstdint>

namespace nuthatch {

// The kernel's half: of 64 bits what is not canonical as a user's address, of 32 bits the upper 2
// GB.
constexpr bool IsKernelAddress(uint64_t address, uint8_t pointer_size) {
  return address >= (pointer_size == 8 ? 0xFFFF'8000'0000'0000 : 0x8000'0000);
}

// An address of 32 bits as one of 64, in the same half.
constexpr uint64_t SignExtended(uint64_t address, uint8_t pointer_size) {
  const bool kernel32 = pointer_size == 4 && IsKernelAddress(address, 4);
  return kernel32 ? address | 0xFFFF'FFFF'0000'0000 : address;
}

}  // namespace nuthatch

#endif  // NUTHATCH_ENRICH_KERNEL_ADDRESS_H_
