// Plain LZ77 of MS-XCA 2.4 (COMPRESSION_FORMAT_XPRESS), in which trace buffers are compressed.
#ifndef NUTHATCH_ETW_XPRESS_H_
#define NUTHATCH_ETW_XPRESS_H_

#include <cstddef>
#include <cstdint>
#include <span>

namespace nuthatch {

// Fills `out` and returns how much of it was written: less than all when `in` is corrupt or too
// short. Nothing is read or written outside of the two, and what `in` has beyond is ignored.
size_t DecompressXpress(std::span<const uint8_t> in, std::span<uint8_t> out);

}  // namespace nuthatch

#endif  // NUTHATCH_ETW_XPRESS_H_
