// The groups of the kernel's records that are told apart.
#ifndef NUTHATCH_ETW_KERNEL_GROUPS_H_
#define NUTHATCH_ETW_KERNEL_GROUPS_H_

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

// FileIo's FileRundown, Registry's KCBRundownBegin and KCBRundownEnd: what files that are open and
// keys are called. Windows tells them to a session of the kernel when it ends.
inline bool IsNameOf(uint8_t group, uint8_t opcode) {
  if (group == kFileGroup) return opcode == 0x24;
  return group == kRegistryGroup && (opcode == 0x18 || opcode == 0x19);
}

}  // namespace nuthatch

#endif  // NUTHATCH_ETW_KERNEL_GROUPS_H_
