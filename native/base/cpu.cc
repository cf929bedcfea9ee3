#include "base/cpu.h"

#include <cstdint>

#if NUTHATCH_X86
#if defined(_MSC_VER)
#include <intrin.h>
#else
#include <cpuid.h>
#endif
#endif

namespace nuthatch {
namespace {

#if NUTHATCH_X86

struct Registers {
  uint32_t eax, ebx, ecx, edx;
};

Registers Cpuid(uint32_t leaf) {
#if defined(_MSC_VER)
  int r[4];
  __cpuidex(r, static_cast<int>(leaf), 0);
  return {static_cast<uint32_t>(r[0]), static_cast<uint32_t>(r[1]), static_cast<uint32_t>(r[2]),
          static_cast<uint32_t>(r[3])};
#else
  Registers r{};
  __get_cpuid_count(leaf, 0, &r.eax, &r.ebx, &r.ecx, &r.edx);
  return r;
#endif
}

// XCR0: the register states that the operating system keeps.
uint64_t KeptStates() {
#if defined(_MSC_VER)
  return _xgetbv(0);
#else
  uint32_t low;
  uint32_t high;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return uint64_t{high} << 32 | low;
#endif
}

constexpr bool Has(uint64_t bits, uint64_t wanted) { return (bits & wanted) == wanted; }

// Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, CPUID; volume 1, 13.2.
struct Features {
  bool avx2 = false;
  bool avx512_vbmi = false;
  bool avx512_vbmi2 = false;

  Features() {
    constexpr uint32_t kOsxsave = 1u << 27;
    constexpr uint64_t kAvxStates = 0x06;
    constexpr uint64_t kAvx512States = 0xe6;
    if (!Has(Cpuid(1).ecx, kOsxsave)) return;
    const uint64_t kept = KeptStates();
    const Registers r = Cpuid(7);
    avx2 = Has(kept, kAvxStates) && Has(r.ebx, 1u << 5);
    const uint32_t f_bw_vl = 1u << 16 | 1u << 30 | 1u << 31;
    avx512_vbmi = avx2 && Has(kept, kAvx512States) && Has(r.ebx, f_bw_vl) && Has(r.ecx, 1u << 1);
    avx512_vbmi2 = avx512_vbmi && Has(r.ecx, 1u << 6);
  }
};

#else

struct Features {
  bool avx2 = false;
  bool avx512_vbmi = false;
  bool avx512_vbmi2 = false;
};

#endif

}  // namespace

bool CpuHas(CpuFeature feature) {
  static const Features features;
  switch (feature) {
    case CpuFeature::kAvx2:
      return features.avx2;
    case CpuFeature::kAvx512Vbmi:
      return features.avx512_vbmi;
    case CpuFeature::kAvx512Vbmi2:
      return features.avx512_vbmi2;
  }
  return false;
}

}  // namespace nuthatch
