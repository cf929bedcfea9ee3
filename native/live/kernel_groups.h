// The groups of the kernel's records that a play looks at.
#ifndef NUTHATCH_LIVE_KERNEL_GROUPS_H_
#define NUTHATCH_LIVE_KERNEL_GROUPS_H_

#include <cstdint>

#include "etw/record.h"

namespace nuthatch {

enum KernelGroupNumber : uint8_t {
  kDiskIoGroup = 1,
  kProcessGroup = 3,
  kFileGroup = 4,
  kThreadGroup = 5,
  kTcpGroup = 6,
  kUdpGroup = 8,
  kRegistryGroup = 9,
  kConfigGroup = 11,
  kImageGroup = 0x14,
  kStackWalkGroup = 0x18
};

inline bool IsKernels(const EtwRecord& record) {
  return record.kind != HeaderKind::kEvent && record.kind != HeaderKind::kMessage;
}

}  // namespace nuthatch

#endif  // NUTHATCH_LIVE_KERNEL_GROUPS_H_
