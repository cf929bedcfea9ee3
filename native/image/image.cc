#include "image/image.h"

#include <cstdio>

namespace nuthatch {

std::string MachineName(uint16_t machine, bool has_chpe_metadata) {
  switch (machine) {
    case kMachineX86:
      return has_chpe_metadata ? "chpe" : "x86";
    case kMachineX64:
      return has_chpe_metadata ? "arm64ec" : "x64";
    case kMachineArm64:
      return has_chpe_metadata ? "arm64x" : "arm64";
    case 0x1C0:
    case 0x1C2:
    case 0x1C4:
      return "arm";
    case 0x200:
      return "ia64";
    case 0xEBC:
      return "efi";
    case 0x5032:
      return "riscv32";
    case 0x5064:
      return "riscv64";
    case 0x6232:
      return "loongarch32";
    case 0x6264:
      return "loongarch64";
    default: {
      char text[8];
      std::snprintf(text, sizeof(text), "0x%04x", machine);
      return text;
    }
  }
}

}  // namespace nuthatch
