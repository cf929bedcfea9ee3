#include "telemetry/unescape.h"

#include <bit>
#include <cstdint>
#include <cstring>

#include "base/cpu.h"
#include "base/load_bytes.h"

#if NUTHATCH_X86
#include <immintrin.h>
#endif

namespace nuthatch {

// A word at a time.
UnescapedPart UnescapePlainPart(std::string_view raw, char* out) {
  static_assert(std::endian::native == std::endian::little);
  constexpr size_t kWord = sizeof(uint64_t);
  size_t done = 0;
  for (; raw.size() - done >= kWord; done += kWord) {
    uint64_t word;
    std::memcpy(&word, raw.data() + done, kWord);
    std::memcpy(out + done, &word, kWord);
    const uint64_t found = FindByte(word, '\\');
    if (found == 0) continue;
    done += static_cast<size_t>(std::countr_zero(found)) / 8;
    return {done, done};
  }
  for (; done < raw.size() && raw[done] != '\\'; ++done) out[done] = raw[done];
  return {done, done};
}

#if NUTHATCH_X86

namespace {

// Of the backslashes in a block, those that begin an escape: in each run the first, third, and so
// on (Langdale and Lemire, "Parsing Gigabytes of JSON per Second", 2019, section 3.1.1). A run's
// first one added to the run carries past its end, where the last one begins an escape if the run's
// length is odd.
uint64_t EscapesIn(uint64_t backslashes) {
  constexpr uint64_t kOdd = 0xaaaaaaaaaaaaaaaa;
  const uint64_t after = backslashes << 1;
  const uint64_t odd_and_carries = ((after | kOdd) - backslashes) ^ kOdd;
  return backslashes & odd_and_carries;
}

NUTHATCH_TARGET("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,bmi2")
UnescapedPart UnescapeAvx512(std::string_view raw, char* out) {
  constexpr size_t kBlock = 64;
  UnescapedPart done{0, 0};
  while (done.read < raw.size()) {
    const size_t left = raw.size() - done.read;
    const uint64_t valid = left < kBlock ? ~(~uint64_t{0} << left) : ~uint64_t{0};
    const __m512i bytes = _mm512_maskz_loadu_epi8(valid, raw.data() + done.read);
    const uint64_t backslashes = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\\'));
    const uint64_t escapes = EscapesIn(backslashes);
    const uint64_t meant = backslashes | _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('"')) |
                           _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('/'));
    // Not simple, or not all in this block.
    const uint64_t others = escapes & ~(meant >> 1);
    const uint64_t taken = others == 0 ? valid : valid & ((others & -others) - 1);
    const uint64_t kept = taken & ~escapes;
    _mm512_storeu_si512(out + done.written, _mm512_maskz_compress_epi8(kept, bytes));
    done.read += static_cast<size_t>(std::popcount(taken));
    done.written += static_cast<size_t>(std::popcount(kept));
    // One at the end of a block is looked at again, at the beginning of the next.
    if (others != 0 && std::countr_zero(others) != kBlock - 1) return done;
  }
  return done;
}

}  // namespace

UnescapePart UnescapePartAvx512() {
  return CpuHas(CpuFeature::kAvx512Vbmi2) ? UnescapeAvx512 : nullptr;
}

#else

UnescapePart UnescapePartAvx512() { return nullptr; }

#endif

UnescapePart UnescapeSimplePart() {
  const UnescapePart fast = UnescapePartAvx512();
  return fast != nullptr ? fast : UnescapePlainPart;
}

}  // namespace nuthatch
