#include "image/content_scan.h"

#include <algorithm>

#include "base/load_bytes.h"

namespace nuthatch {
namespace {

constexpr size_t kChunkSize = size_t{256} << 10;

uint64_t SumOfWords(std::span<const uint8_t> bytes) {
  uint64_t sum = 0;
  size_t at = 0;
  for (; at + 2 <= bytes.size(); at += 2) sum += LoadAt<uint16_t>(bytes, at);
  return at < bytes.size() ? sum + bytes[at] : sum;
}

}  // namespace

Status ReadAll(ByteSource* source, uint64_t offset, std::span<uint8_t> out) {
  const auto read = source->ReadAt(offset, out);
  if (!read) return Status::Error("NUTHATCH_INPUT_UNREADABLE", "the system cannot read it");
  if (*read < out.size())
    return Status::Error("NUTHATCH_INPUT_TRUNCATED", "it became shorter while it was read");
  return {};
}

Status ScanContent(ByteSource* source, std::span<ContentSink* const> sinks,
                   const std::atomic<bool>& stop) {
  const uint64_t size = source->size();
  std::vector<uint8_t> chunk(static_cast<size_t>(std::min<uint64_t>(size, kChunkSize)));
  for (uint64_t at = 0; at < size;) {
    if (stop) return Status::Error("NUTHATCH_ABORTED", "reading it was stopped");
    const auto wanted = static_cast<size_t>(std::min<uint64_t>(size - at, chunk.size()));
    const auto bytes = std::span(chunk).first(wanted);
    if (Status status = ReadAll(source, at, bytes); !status.ok()) return status;
    for (ContentSink* const sink : sinks) sink->Update(at, bytes);
    at += wanted;
  }
  return {};
}

void ChecksumSink::Update(uint64_t /*position*/, std::span<const uint8_t> bytes) {
  sum_ += SumOfWords(bytes);
}

// The sum of the file's 16-bit numbers, without the stored checksum, with carries added in, and
// the file's size.
uint32_t ChecksumSink::Checksum() const {
  uint64_t sum = sum_;
  for (unsigned i = 0; i < 4; ++i) {
    const uint64_t byte = headers_.checksum >> (8 * i) & 0xFF;
    sum -= byte << ((headers_.checksum_offset + i) % 2 * 8);
  }
  while (sum > 0xFFFF) sum = (sum & 0xFFFF) + (sum >> 16);
  return static_cast<uint32_t>(sum + headers_.file_size);
}

EntropySink::EntropySink(const ImageHeaders& headers) {
  uint64_t total = 0;
  for (size_t i = 0; i < headers.sections.size(); ++i) {
    const Section& section = headers.sections[i];
    const uint64_t end =
        std::min(uint64_t{section.raw_offset} + section.raw_size, headers.file_size);
    if (section.raw_offset >= end) continue;
    total += end - section.raw_offset;
    if (total > 2 * headers.file_size) break;
    ranges_.push_back({i, section.raw_offset, end, {}});
  }
}

void EntropySink::Update(uint64_t position, std::span<const uint8_t> bytes) {
  for (Range& range : ranges_) {
    const uint64_t begin = std::max(range.begin, position);
    const uint64_t end = std::min(range.end, position + bytes.size());
    if (begin < end)
      range.counts.Add(
          bytes.subspan(static_cast<size_t>(begin - position), static_cast<size_t>(end - begin)));
  }
}

void EntropySink::SetEntropies(std::vector<Section>* sections) const {
  for (const Range& range : ranges_) (*sections)[range.section].entropy = range.counts.Entropy();
}

}  // namespace nuthatch
