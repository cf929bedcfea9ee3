#include "etw/buffer_search.h"

#include <algorithm>

#include "base/load_bytes.h"
#include "etw/xpress.h"

namespace nuthatch {
namespace {

// The furthest that a record's time ends: that of a message with a sequence number and a GUID.
constexpr size_t kTimeEnd = 36;
constexpr size_t kFlagsAt = 0x34;

bool IsZero(std::span<const uint8_t> bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](uint8_t byte) { return byte == 0; });
}

// Of flags and the type after them as one number: no unknown flag, and a type up to 7.
bool HasKnownFlags(uint32_t flags_and_type) {
  return (flags_and_type & ~uint32_t{0x0007007F}) == 0;
}
bool HasCompressedFlags(uint32_t flags_and_type) {
  return (flags_and_type & ~uint32_t{0x0007003F}) == BufferHeader::kCompressed;
}

}  // namespace

std::optional<uint64_t> FirstTimeIn(std::span<const uint8_t> head, size_t filled, bool compressed) {
  const auto in = head.subspan(kBufferHeaderSize);
  if (!compressed) return TimeOf(in);
  uint8_t begin[kTimeEnd];
  const size_t wanted = std::min(kTimeEnd, filled - kBufferHeaderSize);
  return TimeOf({begin, DecompressXpress(in, {begin, wanted})});
}

// What cannot be read is empty.
std::span<const uint8_t> BufferSearch::ReadChunk(uint64_t position) {
  chunk_.resize(kChunk);
  const std::optional<size_t> read = source_->ReadAt(position, chunk_);
  return std::span<const uint8_t>(chunk_).first(read.value_or(0));
}

uint64_t BufferSearch::NonZero(uint64_t position) {
  while (position < source_->size() && !IsStopped()) {
    const std::span<const uint8_t> chunk = ReadChunk(position);
    const auto found =
        std::find_if(chunk.begin(), chunk.end(), [](uint8_t byte) { return byte != 0; });
    // Of what cannot be read nobody knows.
    if (found != chunk.end() || chunk.empty())
      return position + static_cast<size_t>(found - chunk.begin());
    position += chunk.size();
  }
  return source_->size();
}

uint64_t BufferSearch::Compressed(uint64_t position) {
  while (position < source_->size() && !IsStopped()) {
    const std::span<const uint8_t> chunk = ReadChunk(position);
    // Heads are whole in it, but at the file's end.
    const bool last = position + chunk.size() >= source_->size();
    const size_t whole = last ? kBufferHeaderSize : kBufferHead;
    if (chunk.size() < whole) {
      if (last) break;
      position += kChunk;
      continue;
    }
    const size_t end = chunk.size() - whole + 1;
    for (size_t at = 0; at < end; ++at) {
      if (!HasCompressedFlags(LoadAt<uint32_t>(chunk, at + kFlagsAt))) continue;
      const auto head = chunk.subspan(at, std::min(kBufferHead, chunk.size() - at));
      const uint32_t size = ReadBufferHeader(head).size;
      if (size > kBufferHeaderSize && size <= buffer_size_ && SeemsBuffer(head))
        return position + at;
    }
    position += end;
  }
  return source_->size();
}

bool BufferSearch::SeemsBuffer(std::span<const uint8_t> head) const {
  const BufferHeader header = ReadBufferHeader(head);
  const bool compressed = (header.flags & BufferHeader::kCompressed) != 0;
  return HasKnownFlags(LoadAt<uint32_t>(head, kFlagsAt)) && header.logger == logger_ &&
         header.filled > kBufferHeaderSize && header.filled <= buffer_size_ &&
         FirstTimeIn(head, header.filled, compressed).has_value();
}

bool BufferSearch::CanFollow(uint64_t position, size_t largest) {
  uint8_t bytes[kBufferHead];
  const std::optional<size_t> read = source_->ReadAt(position, bytes);
  // The file's end, or what cannot be read, is no sign of a wrong size.
  if (!read || *read < kBufferHeaderSize) return true;
  const std::span<const uint8_t> head = std::span<const uint8_t>(bytes).first(*read);
  const BufferHeader header = ReadBufferHeader(head);
  // As little as that is not there by chance: what follows a wrong size is no buffer.
  const bool possible = header.size >= kBufferHeaderSize && header.size <= largest &&
                        header.filled >= kBufferHeaderSize &&
                        HasKnownFlags(LoadAt<uint32_t>(head, kFlagsAt));
  return possible || IsZero(head.first(kBufferHeaderSize)) || SeemsBuffer(head);
}

}  // namespace nuthatch
