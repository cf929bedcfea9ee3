#include "base/fold_ascii.h"

#include <cstdint>
#include <cstring>

#include "base/cpu.h"

#if NUTHATCH_X86
#include <immintrin.h>
#endif

namespace nuthatch {
namespace {

constexpr uint64_t kOnes = 0x0101010101010101u;
constexpr uint64_t kHighBits = 0x80 * kOnes;

// Eight ASCII bytes at once: the high bit of a byte says whether it is from A to Z.
uint64_t FoldAsciiWord(uint64_t word) {
  const uint64_t from_a = word + (0x80 - 'A') * kOnes;
  const uint64_t above_z = word + (0x7f - 'Z') * kOnes;
  return word | ((from_a & ~above_z & kHighBits) >> 2);
}

#if NUTHATCH_X86

// Blocks of 64 bytes; the last one may be shorter.
NUTHATCH_TARGET("avx512f,avx512bw,avx512vl,bmi2")
size_t FoldBlocks(std::string_view text, char* out) {
  constexpr size_t kBytes = 64;
  size_t done = 0;
  while (done < text.size()) {
    const size_t left = text.size() - done;
    const __mmask64 valid = left < kBytes ? ~(~uint64_t{0} << left) : ~uint64_t{0};
    const __m512i bytes = _mm512_maskz_loadu_epi8(valid, text.data() + done);
    if (_mm512_movepi8_mask(bytes) != 0) break;
    const __m512i from_a = _mm512_sub_epi8(bytes, _mm512_set1_epi8('A'));
    const __mmask64 capitals = _mm512_cmplt_epu8_mask(from_a, _mm512_set1_epi8('Z' - 'A' + 1));
    _mm512_mask_storeu_epi8(out + done, valid,
                            _mm512_mask_add_epi8(bytes, capitals, bytes, _mm512_set1_epi8(0x20)));
    done += left < kBytes ? left : kBytes;
  }
  return done;
}

#endif

}  // namespace

size_t FoldAsciiWords(std::string_view text, char* out) {
  constexpr size_t kWord = sizeof(uint64_t);
  size_t done = 0;
  for (; text.size() - done >= kWord; done += kWord) {
    uint64_t word;
    std::memcpy(&word, text.data() + done, kWord);
    if (word & kHighBits) break;
    word = FoldAsciiWord(word);
    std::memcpy(out + done, &word, kWord);
  }
  return done;
}

#if NUTHATCH_X86
FoldAsciiPart FoldAsciiAvx512() { return CpuHas(CpuFeature::kAvx512Vbmi) ? FoldBlocks : nullptr; }
#else
FoldAsciiPart FoldAsciiAvx512() { return nullptr; }
#endif

FoldAsciiPart FastestFoldAscii() {
  const FoldAsciiPart fast = FoldAsciiAvx512();
  return fast != nullptr ? fast : FoldAsciiWords;
}

}  // namespace nuthatch
