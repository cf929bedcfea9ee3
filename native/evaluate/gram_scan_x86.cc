#include "base/cpu.h"
#include "evaluate/gram_scan.h"

#if NUTHATCH_X86

#include <immintrin.h>

namespace nuthatch {
namespace {

// A byte selects from a table of 128 by its lower seven bits, so blocks with others go elsewhere.
NUTHATCH_TARGET("avx512f,avx512bw,avx512vl,avx512vbmi")
void ScanAvx512(const GramTables& tables, const char* text, size_t blocks, uint64_t* places) {
  for (size_t block = 0; block < blocks; ++block, text += GramFilter::kBlock) {
    __m512i bytes[Gram::kMaxSize];
    for (size_t i = 0; i < Gram::kMaxSize; ++i) bytes[i] = _mm512_loadu_si512(text + i);
    if (_mm512_movepi8_mask(_mm512_or_si512(bytes[0], bytes[3])) != 0) {
      ScanGramsScalar(tables, text, 1, places + block);
      continue;
    }
    __m512i any = _mm512_setzero_si512();
    for (const auto& plane : tables.ascii) {
      __m512i groups = _mm512_set1_epi8(-1);
      for (size_t i = 0; i < Gram::kMaxSize; ++i) {
        const __m512i below_64 = _mm512_load_si512(plane[i]);
        const __m512i from_64 = _mm512_load_si512(plane[i] + 64);
        groups = _mm512_and_si512(groups, _mm512_permutex2var_epi8(below_64, bytes[i], from_64));
      }
      any = _mm512_or_si512(any, groups);
    }
    places[block] = _mm512_test_epi8_mask(any, any);
  }
}

NUTHATCH_TARGET("avx2")
inline void AndWith(const uint8_t* table, const __m256i& at, __m256i* groups) {
  const __m128i entries = _mm_load_si128(reinterpret_cast<const __m128i*>(table));
  const __m256i found = _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(entries), at);
  *groups = _mm256_and_si256(*groups, found);
}

NUTHATCH_TARGET("avx2")
uint32_t ScanHalfAvx2(const GramTables& tables, const char* text) {
  const __m256i half = _mm256_set1_epi8(0x0f);
  __m256i low[Gram::kMaxSize];
  __m256i high[Gram::kMaxSize];
  for (size_t i = 0; i < Gram::kMaxSize; ++i) {
    const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + i));
    low[i] = _mm256_and_si256(bytes, half);
    high[i] = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), half);
  }
  __m256i any = _mm256_setzero_si256();
  for (size_t plane = 0; plane < GramTables::kPlanes; ++plane) {
    __m256i groups = _mm256_set1_epi8(-1);
    for (size_t i = 0; i < Gram::kMaxSize; ++i) {
      AndWith(tables.low[plane][i], low[i], &groups);
      AndWith(tables.high[plane][i], high[i], &groups);
    }
    any = _mm256_or_si256(any, groups);
  }
  const __m256i none = _mm256_cmpeq_epi8(any, _mm256_setzero_si256());
  return ~static_cast<uint32_t>(_mm256_movemask_epi8(none));
}

NUTHATCH_TARGET("avx2")
void ScanAvx2(const GramTables& tables, const char* text, size_t blocks, uint64_t* places) {
  for (size_t block = 0; block < blocks; ++block, text += GramFilter::kBlock) {
    const uint64_t second = ScanHalfAvx2(tables, text + GramFilter::kBlock / 2);
    places[block] = second << 32 | ScanHalfAvx2(tables, text);
  }
}

}  // namespace

GramScan ScanGramsAvx512() { return CpuHas(CpuFeature::kAvx512Vbmi) ? ScanAvx512 : nullptr; }
GramScan ScanGramsAvx2() { return CpuHas(CpuFeature::kAvx2) ? ScanAvx2 : nullptr; }

}  // namespace nuthatch

#else

namespace nuthatch {

GramScan ScanGramsAvx512() { return nullptr; }
GramScan ScanGramsAvx2() { return nullptr; }

}  // namespace nuthatch

#endif
