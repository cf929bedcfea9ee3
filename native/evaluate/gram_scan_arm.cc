#include "base/cpu.h"
#include "evaluate/gram_scan.h"

#if NUTHATCH_ARM64

#include <arm_neon.h>

namespace nuthatch {
namespace {

// 0xff for each of 16 places at which a gram may stand.
uint8x16_t ScanPart(const GramTables& tables, const char* text) {
  uint8x16_t low[Gram::kMaxSize];
  uint8x16_t high[Gram::kMaxSize];
  for (size_t i = 0; i < Gram::kMaxSize; ++i) {
    const uint8x16_t bytes = vld1q_u8(reinterpret_cast<const uint8_t*>(text + i));
    low[i] = vandq_u8(bytes, vdupq_n_u8(0x0f));
    high[i] = vshrq_n_u8(bytes, 4);
  }
  uint8x16_t any = vdupq_n_u8(0);
  for (size_t plane = 0; plane < GramTables::kPlanes; ++plane) {
    uint8x16_t groups = vdupq_n_u8(0xff);
    for (size_t i = 0; i < Gram::kMaxSize; ++i) {
      groups = vandq_u8(groups, vqtbl1q_u8(vld1q_u8(tables.low[plane][i]), low[i]));
      groups = vandq_u8(groups, vqtbl1q_u8(vld1q_u8(tables.high[plane][i]), high[i]));
    }
    any = vorrq_u8(any, groups);
  }
  return vtstq_u8(any, any);
}

// A bit for each byte: bits of their own, added up pairwise until eight bytes are one.
uint64_t BitsOf(uint8x16_t a, uint8x16_t b, uint8x16_t c, uint8x16_t d) {
  const uint8x16_t bit = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  const uint8x16_t ab = vpaddq_u8(vandq_u8(a, bit), vandq_u8(b, bit));
  const uint8x16_t cd = vpaddq_u8(vandq_u8(c, bit), vandq_u8(d, bit));
  const uint8x16_t sums = vpaddq_u8(ab, cd);
  return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(sums, sums)), 0);
}

void ScanNeon(const GramTables& tables, const char* text, size_t blocks, uint64_t* places) {
  for (size_t block = 0; block < blocks; ++block, text += GramFilter::kBlock) {
    places[block] = BitsOf(ScanPart(tables, text), ScanPart(tables, text + 16),
                           ScanPart(tables, text + 32), ScanPart(tables, text + 48));
  }
}

}  // namespace

GramScan ScanGramsNeon() { return ScanNeon; }

}  // namespace nuthatch

#else

namespace nuthatch {

GramScan ScanGramsNeon() { return nullptr; }

}  // namespace nuthatch

#endif
