#include "etw/etl_file.h"

#include <algorithm>
#include <tuple>

#include "etw/xpress.h"

namespace nuthatch {
namespace {

constexpr uint16_t kXpress = 3;  // COMPRESSION_FORMAT_XPRESS
constexpr uint32_t kLeastSessionBuffer = 1024;

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
  if (IsCompressedFile()) compression_ = static_cast<uint16_t>(buffer.state);
  const uint32_t size = header_.buffer_size;
  const bool known = size >= kLeastSessionBuffer && size <= limits_.buffer_bytes;
  if (known) step_ = size;
  const size_t largest = known ? size : limits_.buffer_bytes;
  search_.emplace(source_, static_cast<uint32_t>(largest), buffer.logger, limits_.stop);
  return {};
}

void EtlFile::FindBuffers() {
  uint8_t bytes[kBufferHead];
  size_t looked_at = 0;
  bool whole = true;
  for (uint64_t position = 0; position < size_ && !limits_.IsStopped();) {
    if (looked_at++ == limits_.buffers) {
      faults_->Add(EtlFaultKind::kTooManyBuffers, position);
      whole = false;
      break;
    }
    const std::optional<size_t> read = source_->ReadAt(position, bytes);
    if (!read) {
      faults_->Add(EtlFaultKind::kUnreadable, position);
      position = NextBuffer(position, position);
    } else if (*read < kBufferHeaderSize) {
      faults_->Add(EtlFaultKind::kTruncated, position);
      break;
    } else {
      position = AddBuffer(position, {bytes, *read});
    }
  }
  if (whole && !limits_.IsStopped()) LookForMissing();
  // Buffers are written as they fill up, so one that began early can come late. Of one CPU's that
  // begin at the same time the sequence decides.
  std::sort(buffers_.begin(), buffers_.end(), [](const BufferEntry& a, const BufferEntry& b) {
    return std::tie(a.first_time, a.cpu, a.sequence, a.position) <
           std::tie(b.first_time, b.cpu, b.sequence, b.position);
  });
}

// A session says at its end how many buffers it has written; a circular file keeps the last of
// them. They are missing at the file's end, or where the numbers of those that are there have their
// largest gap: there are small ones in whole files too.
void EtlFile::LookForMissing() {
  const bool counted = header_.end_time != 0 && (header_.mode & TraceHeader::kModeCircular) == 0;
  if (!counted || found_ >= header_.buffers_written) return;
  uint64_t missing = header_.buffers_written - found_;
  // What lies in damage is told of with that.
  const uint64_t left_out = faults_->skipped(EtlFaultKind::kBufferSize);
  if (left_out > 0 || faults_->count(EtlFaultKind::kUnreadable) > 0) {
    const uint64_t in_damage = IsCompressedFile() || step_ == 0 ? missing : left_out / step_;
    if (missing <= in_damage) return;
    missing -= in_damage;
  }
  std::sort(buffers_.begin(), buffers_.end(), [](const BufferEntry& a, const BufferEntry& b) {
    return std::tie(a.sequence, a.position) < std::tie(b.sequence, b.position);
  });
  uint64_t position = size_;
  int64_t last = -1;
  uint64_t largest = 0;
  for (const BufferEntry& buffer : buffers_) {
    // Without overflow, whatever the numbers are.
    const uint64_t gap = static_cast<uint64_t>(buffer.sequence) - static_cast<uint64_t>(last) - 1;
    if (buffer.sequence > last && gap > largest) {
      largest = gap;
      position = buffer.position;
    }
    last = buffer.sequence;
  }
  const bool at_end = last < 0 || static_cast<uint64_t>(last) + 1 < header_.buffers_written;
  faults_->Add(EtlFaultKind::kBuffersMissing, at_end ? size_ : position, missing);
}

// Returns where the next one begins.
uint64_t EtlFile::AddBuffer(uint64_t position, std::span<const uint8_t> head) {
  BufferHeader header = ReadBufferHeader(head);
  uint64_t next = position + header.size;
  if (IsSizeWrong(header, position)) next = PastDamage(position, head, &header);
  if (header.size >= kBufferHeaderSize) {
    ++found_;
    Add(header, position, head);
  }
  return next;
}

bool EtlFile::IsPossible(uint32_t size) const {
  return size >= kBufferHeaderSize && size <= limits_.buffer_bytes;
}

// A size can be damaged and yet possible: then no buffer follows, unless by chance.
bool EtlFile::IsSizeWrong(const BufferHeader& header, uint64_t position) {
  if (!IsPossible(header.size)) return true;
  // It says that it has records, and has no room for them.
  if (header.size == kBufferHeaderSize && header.filled > kBufferHeaderSize) return true;
  const uint64_t next = position + header.size;
  const uint64_t end = size_;
  if (IsCompressedFile())
    return next > end ? search_->Compressed(position + 1) < end
                      : !search_->CanFollow(next, limits_.buffer_bytes);
  if (step_ == 0 || header.size == step_) return false;
  return next > end ? position + step_ <= end : !search_->CanFollow(next, limits_.buffer_bytes);
}

// Returns where reading goes on. `header->size` becomes what there is to read of this buffer, 0 if
// nothing.
uint64_t EtlFile::PastDamage(uint64_t position, std::span<const uint8_t> head,
                             BufferHeader* header) {
  const uint64_t zeros_end = header->size == 0 ? search_->NonZero(position) : position;
  // A file that is allocated beforehand ends in zeros.
  if (zeros_end == size_) return zeros_end;
  const uint64_t next = NextBuffer(position, zeros_end);
  const uint64_t found = std::min(next, size_);
  const uint64_t after = position + header->size;
  if (IsCompressedFile() && IsPossible(header->size) && after <= found &&
      IsWhole(*header, position)) {
    // The damage is not in this buffer, but behind it.
    faults_->Add(EtlFaultKind::kBufferSize, after, found - after);
    return next;
  }
  const bool readable = search_->SeemsBuffer(head);
  faults_->Add(EtlFaultKind::kBufferSize, position, readable ? 0 : found - position);
  const uint64_t size = std::min<uint64_t>(found - position, limits_.buffer_bytes);
  header->size = readable ? static_cast<uint32_t>(size) : 0;
  return next;
}

// Where the next buffer is that can be found after a bad one, whose zeros end at `zeros_end`. Where
// buffers are not compressed they are all of one size.
uint64_t EtlFile::NextBuffer(uint64_t position, uint64_t zeros_end) {
  if (IsCompressedFile()) return search_->Compressed(position + 1);
  if (step_ == 0) return size_;
  return position + std::max<uint64_t>((zeros_end - position) / step_, 1) * step_;
}

void EtlFile::Add(const BufferHeader& header, uint64_t position, std::span<const uint8_t> head) {
  const uint64_t left = size_ - position;
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
  // A buffer without a record ends at its header.
  if (header.filled < kBufferHeaderSize || (!entry.compressed && header.filled > header.size))
    faults_->Add(EtlFaultKind::kBufferFilled, position);
  if (entry.filled > kBufferHeaderSize && IsRead(header, position)) {
    const auto begin = head.first(std::min<size_t>(head.size(), entry.size));
    // What has no time is taken to be as old as the buffer before.
    last_time_ = FirstTimeIn(begin, entry.filled, entry.compressed).value_or(last_time_);
    entry.first_time = last_time_;
    buffers_.push_back(entry);
  }
  if (loss && loss_times_.size() < kMaxLossTimes) loss_times_.push_back(last_time_);
}

// Whether as many bytes as the buffer says decompress to as many as it says.
bool EtlFile::IsWhole(const BufferHeader& header, uint64_t position) {
  const bool compressed = (header.flags & BufferHeader::kCompressed) != 0 && position != 0;
  if (!compressed || header.filled > limits_.buffer_bytes) return !compressed;
  BufferEntry entry{};
  entry.position = position;
  entry.size = header.size;
  entry.filled = std::max(header.filled, uint32_t{kBufferHeaderSize});
  entry.compressed = true;
  BufferBytes stored;
  ReadCompressed(entry, &stored);
  if (stored.bytes.empty()) return false;
  BufferBytes whole;
  Decompress(stored, entry, &whole);
  return whole.bytes.size() == entry.filled;
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

void EtlFile::Read(const BufferEntry& entry, BufferBytes* out) {
  if (!entry.compressed) return ReadPart(entry, 0, 0, out);
  out->bytes = {};
  ReadCompressed(entry, &stored_);
  if (stored_.bytes.empty()) return;
  Decompress(stored_, entry, out);
  if (out->bytes.size() < entry.filled && !entry.truncated)
    faults_->Add(EtlFaultKind::kCompressedData, entry.position);
}

void EtlFile::Decompress(const BufferBytes& stored, const BufferEntry& entry, BufferBytes* out) {
  const std::span<uint8_t> bytes = out->Take(entry.filled);
  std::copy_n(stored.bytes.begin(), kBufferHeaderSize, bytes.begin());
  const size_t size =
      DecompressXpress(stored.bytes.subspan(kBufferHeaderSize), bytes.subspan(kBufferHeaderSize));
  out->bytes = bytes.first(kBufferHeaderSize + size);
}

void EtlFile::ReadCompressed(const BufferEntry& entry, BufferBytes* out) {
  Fill(entry, 0, out->Take(entry.size), out);
}

void EtlFile::ReadPart(const BufferEntry& entry, size_t begin, size_t least, BufferBytes* out) {
  const size_t size = std::min<size_t>(entry.filled - begin, std::max(limits_.part_bytes, least));
  // As much memory for a buffer's last part as for those before.
  const std::span<uint8_t> memory = out->Take(std::max(size, MemoryOf(entry))).first(size);
  Fill(entry, begin, memory, out);
  out->begin = begin;
  out->more = out->bytes.size() == size && begin + size < entry.filled;
}

// As it is in the file, which can have become shorter since it was opened.
void EtlFile::Fill(const BufferEntry& entry, size_t begin, std::span<uint8_t> memory,
                   BufferBytes* out) {
  const std::optional<size_t> read = source_->ReadAt(entry.position + begin, memory);
  if (!read) {
    faults_->Add(EtlFaultKind::kUnreadable, entry.position + begin);
    return;
  }
  if (*read < memory.size() && !entry.truncated)
    faults_->Add(EtlFaultKind::kTruncated, entry.position);
  if (begin > 0 || *read >= kBufferHeaderSize) out->bytes = memory.first(*read);
}

}  // namespace nuthatch
