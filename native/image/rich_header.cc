#include "image/rich_header.h"

#include <algorithm>
#include <bit>

#include "base/load_bytes.h"

namespace nuthatch {
namespace {

constexpr uint32_t kRich = 0x68636952;
constexpr uint32_t kDans = 0x536E6144;
constexpr size_t kDosHeaderSize = 64;
constexpr size_t kPeOffsetField = 0x3C;
// "DanS" and three zeros.
constexpr size_t kHeadSize = 16;

// The key is a checksum of the DOS header, without the offset of the PE header, and the entries.
uint32_t ChecksumOf(std::span<const uint8_t> dos, const std::vector<RichEntry>& entries) {
  auto sum = static_cast<uint32_t>(dos.size());
  for (size_t i = 0; i < dos.size(); ++i) {
    if (i - kPeOffsetField < 4) continue;
    sum += std::rotl(uint32_t{dos[i]}, static_cast<int>(i % 32));
  }
  for (const RichEntry& entry : entries) {
    const uint32_t id = uint32_t{entry.product} << 16 | entry.build;
    sum += std::rotl(id, static_cast<int>(entry.count % 32));
  }
  return sum;
}

// The first word from `begin` on, in steps of four, that is `word` under `key`.
std::optional<size_t> Find(std::span<const uint8_t> bytes, size_t begin, uint32_t word,
                           uint32_t key) {
  for (size_t at = begin; at + 4 <= bytes.size(); at += 4) {
    if ((LoadAt<uint32_t>(bytes, at) ^ key) == word) return at;
  }
  return std::nullopt;
}

}  // namespace

std::optional<RichHeader> ReadRichHeader(std::span<const uint8_t> start, uint32_t pe_offset,
                                         Anomalies* anomalies) {
  const auto stub = start.first(std::min<size_t>(start.size(), pe_offset));
  const auto rich = Find(stub, kDosHeaderSize, kRich, 0);
  if (!rich || *rich + 8 > stub.size()) return std::nullopt;
  RichHeader header;
  header.key = LoadAt<uint32_t>(stub, *rich + 4);
  const auto dans = Find(stub.first(*rich), kDosHeaderSize, kDans, header.key);
  if (!dans) return std::nullopt;
  for (size_t at = *dans + kHeadSize; at + 8 <= *rich; at += 8) {
    const uint32_t id = LoadAt<uint32_t>(stub, at) ^ header.key;
    header.entries.push_back({static_cast<uint16_t>(id >> 16), static_cast<uint16_t>(id),
                              LoadAt<uint32_t>(stub, at + 4) ^ header.key});
  }
  header.valid = ChecksumOf(stub.first(*dans), header.entries) == header.key;
  if (!header.valid) anomalies->Add(AnomalyKind::kRichChecksum);
  return header;
}

}  // namespace nuthatch
