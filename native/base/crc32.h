// CRC-32 of ISO-HDLC (zlib, PNG, Ethernet): polynomial 0x04C11DB7, reflected.
#ifndef NUTHATCH_BASE_CRC32_H_
#define NUTHATCH_BASE_CRC32_H_

#include <cstdint>
#include <span>

namespace nuthatch {

uint32_t Crc32(std::span<const uint8_t> bytes);

}  // namespace nuthatch

#endif  // NUTHATCH_BASE_CRC32_H_
