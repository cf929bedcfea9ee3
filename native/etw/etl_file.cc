#include "etw/etl_file.h"

#include <algorithm>
#include <tuple>

#include "etw/xpress.h"

namespace nuthatch {
namespace {

constexpr uint16_t kXpress = 3;  // COMPRESSION_FORMAT_XPRESS
constexpr size_t kMaxRecord = 0xFFFF;
// Of a buffer, to see when it begins: its header, and so much that the first record's time is in
// it even when that is compressed.
constexpr size_t kHead = 256;
// The furthest that a record's time ends: that of a message with a sequence number and a GUID.
constexpr size_t kTimeEnd = 36;
constexpr uint32_t kLeastSessionBuffer = 1024;

// Of the first record in a buffer that begins with `head`.
std::optional<uint64_t> FirstTime(const BufferEntry& entry, std::span<const uint8_t> head) {
  const auto in = head.first(std::min<size_t>(head.size(), entry.size)).subspan(kBufferHeaderSize);
  if (!entry.compressed) return TimeOf(in);
  uint8_t begin[kTimeEnd];
  const size_t wanted = std::min<size_t>(kTimeEnd, entry.filled - kBufferHeaderSize);
  return TimeOf({begin, DecompressXpress(in, {begin, wanted})});
}

}  // namespace

Status EtlFile::Open(ByteSource* source, const EtlLimits& limits, EtlFaults* faults,
                     std::unique_ptr<EtlFile>* out) {
  std::unique_ptr<EtlFile> file(new EtlFile(source, limits, faults));
  if (Status status = file->ReadHeader(); !status.ok()) return status;
  file->FindBuffers();
  *out = std::move(file);
  return {};
}

Status EtlFile::ReadHeader() {
  std::vector<uint8_t> memory(kBufferHeaderSize + kMaxRecord);
  const std::span<uint8_t> bytes(memory);
  const std::optional<size_t> read = source_->ReadAt(0, bytes);
  if (!read)
    return Status::Error("NUTHATCH_ETL_UNREADABLE", "the system cannot read the file's beginning");
  const auto fail = [](const char* problem) {
    return Status::Error("NUTHATCH_ETL_FORMAT",
                         std::string("this is no ETW trace (.etl): ") + problem);
  };
  if (*read < kBufferHeaderSize) return fail("it is too short for one");
  const BufferHeader buffer = ReadBufferHeader(bytes);
  if (!ReadTraceHeader(bytes.first(*read).subspan(kBufferHeaderSize), &header_))
    return fail("it does not begin with a buffer whose first record describes a trace");
  if ((header_.mode & TraceHeader::kModeCompressed) != 0)
    compression_ = static_cast<uint16_t>(buffer.state);
  return {};
}

void EtlFile::FindBuffers() {
  uint8_t bytes[kHead];
  size_t looked_at = 0;
  for (uint64_t position = 0; position < source_->size();) {
    if (looked_at++ == limits_.buffers) {
      faults_->Add(EtlFaultKind::kTooManyBuffers, position);
      break;
    }
    const std::optional<size_t> read = source_->ReadAt(position, bytes);
    if (!read) {
      faults_->Add(EtlFaultKind::kUnreadable, position);
      position = PastBadBuffer(position);
    } else if (*read < kBufferHeaderSize) {
      faults_->Add(EtlFaultKind::kTruncated, position);
      break;
    } else {
      position = AddBuffer(position, {bytes, *read});
    }
  }
  // Buffers are written as they fill up, so one that began early can come late. Of one CPU's that
  // begin at the same time the sequence decides.
  std::sort(buffers_.begin(), buffers_.end(), [](const BufferEntry& a, const BufferEntry& b) {
    return std::tie(a.first_time, a.cpu, a.sequence, a.position) <
           std::tie(b.first_time, b.cpu, b.sequence, b.position);
  });
}

// Returns where the next one begins.
uint64_t EtlFile::AddBuffer(uint64_t position, std::span<const uint8_t> head) {
  const BufferHeader header = ReadBufferHeader(head);
  if (header.size < kBufferHeaderSize || header.size > limits_.buffer_bytes) {
    // A file that is allocated beforehand ends in zeros.
    if (header.size != 0) faults_->Add(EtlFaultKind::kBufferSize, position);
    return PastBadBuffer(position);
  }
  const uint64_t left = source_->size() - position;
  const bool truncated = header.size > left;
  if (truncated) faults_->Add(EtlFaultKind::kTruncated, position);
  constexpr uint16_t kLoss = BufferHeader::kEventsLost | BufferHeader::kBufferLost;
  const bool loss = (header.flags & kLoss) != 0;
  if (loss) ++loss_marks_;
  BufferEntry entry;
  entry.position = position;
  entry.sequence = header.sequence;
  entry.size = static_cast<uint32_t>(std::min<uint64_t>(header.size, left));
  entry.cpu = header.cpu;
  // The first buffer never is.
  entry.compressed = (header.flags & BufferHeader::kCompressed) != 0 && position != 0;
  entry.filled = entry.compressed ? header.filled : std::min(header.filled, entry.size);
  entry.truncated = truncated;
  if (entry.filled > kBufferHeaderSize && IsRead(header, position)) {
    // What has no time is taken to be as old as the buffer before.
    last_time_ = FirstTime(entry, head).value_or(last_time_);
    entry.first_time = last_time_;
    buffers_.push_back(entry);
  }
  if (loss && loss_times_.size() < kMaxLossTimes) loss_times_.push_back(last_time_);
  return position + header.size;
}

// Where buffers are not compressed they are all of one size, so after one whose header is damaged
// or was never written the next can be found.
uint64_t EtlFile::PastBadBuffer(uint64_t position) const {
  const uint32_t step = header_.buffer_size;
  const bool known = (header_.mode & TraceHeader::kModeCompressed) == 0 &&
                     step >= kLeastSessionBuffer && step <= limits_.buffer_bytes;
  return known ? position + step : source_->size();
}

bool EtlFile::IsRead(const BufferHeader& header, uint64_t position) {
  switch (header.type) {
    case BufferHeader::kGeneric:
    case BufferHeader::kRundown:
    case BufferHeader::kHeader:
      break;
    case BufferHeader::kReferenceTime:
    case BufferHeader::kEmptyMarker:
    case BufferHeader::kDebugInfo:
      return false;  // they hold no events
    default:
      faults_->Add(EtlFaultKind::kBufferType, position);
      return false;
  }
  const bool compressed = (header.flags & BufferHeader::kCompressed) != 0 && position != 0;
  return !compressed || IsReadCompressed(header, position);
}

bool EtlFile::IsReadCompressed(const BufferHeader& header, uint64_t position) {
  if (compression_ != 0 && compression_ != kXpress) {
    faults_->Add(EtlFaultKind::kCompression, position);
    return false;
  }
  if (header.filled <= limits_.buffer_bytes) return true;
  faults_->Add(EtlFaultKind::kCompressedData, position);
  return false;
}

BufferBytes EtlFile::Read(const BufferEntry& entry) {
  BufferBytes stored = ReadStored(entry);
  if (!entry.compressed || stored.bytes.empty()) return stored;
  auto memory = std::make_unique_for_overwrite<uint8_t[]>(entry.filled);
  const std::span<uint8_t> out(memory.get(), entry.filled);
  std::copy_n(stored.bytes.begin(), kBufferHeaderSize, out.begin());
  const size_t size =
      DecompressXpress(stored.bytes.subspan(kBufferHeaderSize), out.subspan(kBufferHeaderSize));
  if (kBufferHeaderSize + size < out.size() && !entry.truncated)
    faults_->Add(EtlFaultKind::kCompressedData, entry.position);
  return {std::move(memory), out.first(kBufferHeaderSize + size)};
}

// As it is in the file, which can have become shorter since it was opened.
BufferBytes EtlFile::ReadStored(const BufferEntry& entry) {
  const size_t wanted = entry.compressed ? entry.size : entry.filled;
  auto memory = std::make_unique_for_overwrite<uint8_t[]>(wanted);
  const std::span<uint8_t> bytes(memory.get(), wanted);
  const std::optional<size_t> read = source_->ReadAt(entry.position, bytes);
  if (!read) {
    faults_->Add(EtlFaultKind::kUnreadable, entry.position);
    return {};
  }
  if (*read < wanted && !entry.truncated) faults_->Add(EtlFaultKind::kTruncated, entry.position);
  if (*read < kBufferHeaderSize) return {};
  return {std::move(memory), bytes.first(*read)};
}

}  // namespace nuthatch
