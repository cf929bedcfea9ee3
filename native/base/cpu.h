// Which processor this is compiled for, and what the one that it runs on can do.
#ifndef NUTHATCH_BASE_CPU_H_
#define NUTHATCH_BASE_CPU_H_

#if defined(__x86_64__) || defined(_M_X64)
#define NUTHATCH_X86 1
#elif defined(__aarch64__) || defined(_M_ARM64)
#define NUTHATCH_ARM64 1
#endif

// Lets a function use instructions that not every processor has. MSVC needs no leave.
#if defined(__GNUC__)
#define NUTHATCH_TARGET(features) __attribute__((target(features)))
#else
#define NUTHATCH_TARGET(features)
#endif

namespace nuthatch {

enum class CpuFeature {
  kAvx2,
  kAvx512Vbmi,   // and F, BW, VL
  kAvx512Vbmi2,  // and VBMI, F, BW, VL
};

// False on other processors than x86-64. The operating system must keep the registers, too.
bool CpuHas(CpuFeature feature);

}  // namespace nuthatch

#endif  // NUTHATCH_BASE_CPU_H_
