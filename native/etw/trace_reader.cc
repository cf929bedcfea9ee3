#include "etw/trace_reader.h"

#include <algorithm>
#include <tuple>

#include "etw/record_header.h"

namespace nuthatch {

Status TraceReader::Open(std::unique_ptr<ByteSource> source, const EtlLimits& limits,
                         std::unique_ptr<TraceReader>* out) {
  std::unique_ptr<TraceReader> reader(new TraceReader(std::move(source), limits));
  Status status = EtlFile::Open(reader->source_.get(), limits, &reader->faults_, &reader->file_);
  if (!status.ok()) return status;
  reader->clock_ = reader->file_->header().Clock();
  *out = std::move(reader);
  return {};
}

bool TraceReader::Next(EtwRecord* record) {
  while (true) {
    if (given_) Advance();
    OpenDue();
    given_ = !heap_.empty() && !limits_.IsStopped();
    if (!given_) return false;
    if (Read(*heap_.front(), record)) return true;
  }
}

void TraceReader::Close() {
  next_ = file_->buffers().size();
  heap_.clear();
  closed_.reset();
  given_ = false;
  open_bytes_ = 0;
  source_.reset();
}

void TraceReader::OpenDue() {
  const std::vector<BufferEntry>& buffers = file_->buffers();
  while (next_ < buffers.size() && !limits_.IsStopped()) {
    const BufferEntry& entry = buffers[next_];
    if (!heap_.empty() && (entry.first_time > heap_.front()->record.time || !HasRoom(entry)))
      return;
    OpenNext();
  }
}

size_t TraceReader::CostOf(const BufferEntry& entry) const {
  return file_->MemoryOf(entry) + sizeof(OpenBuffer);
}

bool TraceReader::HasRoom(const BufferEntry& entry) const {
  return open_bytes_ + CostOf(entry) <= limits_.open_bytes;
}

void TraceReader::OpenNext() {
  const BufferEntry& entry = file_->buffers()[next_++];
  auto buffer = closed_ ? std::move(closed_) : std::make_unique<OpenBuffer>();
  buffer->entry = &entry;
  file_->Read(entry, &buffer->bytes);
  buffer->walker = RecordWalker(buffer->bytes.bytes);
  buffer->record.time = entry.first_time;
  if (buffer->bytes.bytes.empty() || !Step(buffer.get())) {
    closed_ = std::move(buffer);
    return;
  }
  open_bytes_ += CostOf(entry);
  heap_.push_back(std::move(buffer));
  std::push_heap(heap_.begin(), heap_.end(),
                 [](const auto& a, const auto& b) { return Before(*b, *a); });
}

// To the next record; false at the end. A message without a time is as old as the record before.
bool TraceReader::Step(OpenBuffer* buffer) {
  const uint64_t time = buffer->record.time;
  while (true) {
    while (buffer->bytes.more && buffer->walker.IsCut()) ReadOn(buffer);
    switch (buffer->walker.Next(&buffer->record)) {
      case RecordWalker::Step::kRecord:
        if (!buffer->record.has_time) buffer->record.time = time;
        return true;
      case RecordWalker::Step::kEnd:
        return false;
      case RecordWalker::Step::kMalformed:
        // Where the file is cut off, that has been said.
        if (!buffer->entry->truncated) faults_.Add(EtlFaultKind::kRecord, PositionIn(*buffer));
        break;
      case RecordWalker::Step::kUnknown:
        faults_.Add(EtlFaultKind::kRecordKind, PositionIn(*buffer));
        break;
    }
  }
}

void TraceReader::ReadOn(OpenBuffer* buffer) {
  const size_t begin = buffer->bytes.begin + buffer->walker.next();
  file_->ReadPart(*buffer->entry, begin, buffer->walker.NextSize(), &buffer->bytes);
  buffer->walker = RecordWalker::OfPart(buffer->bytes.bytes);
}

void TraceReader::Advance() {
  if (!Step(heap_.front().get())) {
    open_bytes_ -= CostOf(*heap_.front()->entry);
    heap_.front().swap(heap_.back());
    closed_ = std::move(heap_.back());
    heap_.pop_back();
  }
  SiftDown();
}

bool TraceReader::Read(const OpenBuffer& buffer, EtwRecord* record) {
  if (!ReadRecordHeader(buffer.record, record)) {
    faults_.Add(EtlFaultKind::kRecord, PositionIn(buffer));
    return false;
  }
  record->cpu = buffer.entry->cpu;
  record->time = clock_.ToFileTime(record->raw_time);
  record->position = PositionIn(buffer);
  if (record->raw_time < last_time_) ++out_of_order_;
  last_time_ = record->raw_time;
  return true;
}

uint64_t TraceReader::PositionIn(const OpenBuffer& buffer) {
  const size_t in_file =
      buffer.entry->compressed ? 0 : buffer.bytes.begin + buffer.walker.position();
  return buffer.entry->position + in_file;
}

bool TraceReader::Before(const OpenBuffer& a, const OpenBuffer& b) {
  return std::tie(a.record.time, a.entry->cpu, a.entry) <
         std::tie(b.record.time, b.entry->cpu, b.entry);
}

// The heap again, when only its first is not where it belongs.
void TraceReader::SiftDown() {
  for (size_t at = 0;;) {
    size_t least = at;
    for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < heap_.size(); ++child) {
      if (Before(*heap_[child], *heap_[least])) least = child;
    }
    if (least == at) return;
    heap_[at].swap(heap_[least]);
    at = least;
  }
}

}  // namespace nuthatch
