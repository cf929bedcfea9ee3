// Any bytes as a trace file; as the records of a buffer in a good file; and as what such a buffer
// is compressed to. Whatever there is to read is read, decoded and joined, and merging loses no
// record.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "base/utf8.h"
#include "etw/etl_writer.h"
#include "etw/event_decoder.h"
#include "etw/record_header.h"
#include "etw/trace_reader.h"
#include "etw/trace_statistics.h"
#include "etw/undecoded_events.h"
#include "etw/value_text.h"
#include "pipeline/both_ways.h"
#include "pipeline/event_json.h"
#include "pipeline/joined_json.h"
#include "pipeline/waiting_stacks.h"
#include "trace/trace_joiner.h"

namespace nuthatch {
namespace {

// Small, so that they are met, and an input takes little time.
constexpr EtlLimits kLimits = {size_t{1} << 17, 300, size_t{1} << 18, /*part_bytes=*/256};
// Each buffer as one part.
constexpr EtlLimits kWhole = {kLimits.buffer_bytes, kLimits.buffers, kLimits.open_bytes};

uint64_t Sum(std::span<const uint8_t> bytes) {
  uint64_t sum = 0;
  for (const uint8_t byte : bytes) sum += byte;
  return sum;
}

void Touch(const EtwRecord& record) {
  volatile uint64_t sum = Sum(record.payload);
  ExtendedItems items = record.extended;
  ExtendedItem item;
  while (items.Next(&item)) sum = sum + Sum(item.data);
  if (items.more()) std::abort();  // malformed
  if (record.pointer_size != 4 && record.pointer_size != 8) std::abort();
}

// Fields lie in the payload, children within their parents, and every value can be written.
void Decode(const EtwRecord& record, EventDecoder* decoder, UndecodedEvents* undecoded) {
  const DecodedEvent& event = decoder->Decode(record);
  std::string text;
  for (size_t i = 0; i < event.fields.size(); ++i) {
    const DecodedField& field = event.fields[i];
    if (i + field.children >= event.fields.size()) std::abort();
    volatile uint64_t sum = Sum(field.data);
    (void)sum;
    if (field.schema->in == InType::kStruct || (field.array && field.value_size == 0)) continue;
    for (size_t value = 0; value < (field.array ? field.count : 0u); ++value)
      AppendValue(*field.schema, field.value(value), &text);
    if (!field.array) AppendValue(*field.schema, field.data, &text);
    text.clear();
  }
  if (event.rest.size() > record.payload.size()) std::abort();
  for (size_t i = 0; i < event.stack.count(); ++i) {
    volatile uint64_t frame = event.stack[i];
    (void)frame;
  }
  std::string scratch;
  AppendEventJson(event, 1, {}, &scratch, &text);
  undecoded->Add(event);
}

const PathTree& Paths() {
  static constexpr std::string_view kFields[] = {"ProcessId", "ImageFileName", "FileName",
                                                 "UserSID",   "QueryName",     "content"};
  static const PathTree paths = TracePaths(kFields);
  return paths;
}

// The passes over a file: what is joined is text, within bounds, and found directly as in its line.
class Joins {
 public:
  Joins() {
    joiner_.FollowImages(/*loads=*/true);
    joiner_.PutOffMapping();
  }
  bool NeedsMapping() { return joiner_.NeedsMapping(); }
  void EndLearning() { joiner_.EndLearning(/*lost=*/false); }
  void Learn(const EtwRecord& record, EventDecoder* decoder) {
    if (joiner_.ObserveToLearn(record)) joiner_.Learn(decoder->Decode(record));
  }
  void Map(const EtwRecord& record, EventDecoder* decoder) {
    if (joiner_.ObserveToMap(record)) joiner_.Learn(decoder->Decode(record));
  }
  void Join(const EtwRecord& record, EventDecoder* decoder) {
    joiner_.Observe(record);
    text_.clear();
    const DecodedEvent& event = decoder->Decode(record);
    const JoinedEvent& joined = joiner_.Join(event);
    json_.Append(joined, &text_);
    both_.Add(event, joined, ++records_);
    if (!both_.difference().empty()) std::abort();
    if (!IsValidUtf8(text_) || (!text_.empty() && text_[0] != ',')) std::abort();
    if (joiner_.history().size() > ProcessHistory::kMaxProcesses) std::abort();
    if (joiner_.running_images()->Take().size() > 2 * RunningImages::kMost) std::abort();
    if (joined.file_changed && joined.happened) std::abort();
    stacks_.Add(event, joined);
    while (const CallStack* stack = stacks_.Next(record.time, /*now=*/false)) Check(*stack);
    const ImageMap* const images = joiner_.images();  // none where there are no stacks
    if (images != nullptr && images->size() > ImageMap::kMaxImages) std::abort();
  }

 private:
  void Check(const CallStack& stack) {
    text_.clear();
    AppendCallStackJson(stack, &text_);
    if (!IsValidUtf8(text_) || text_.empty() != stack.frames.empty()) std::abort();
  }

  TraceJoiner joiner_;
  WaitingStacks stacks_{&joiner_, nullptr};
  JoinedJson json_{&joiner_};
  std::string text_;
  BothWays both_{Paths(), &joiner_};
  uint64_t records_ = 0;
};

uint64_t CountUnmerged(std::span<const uint8_t> bytes) {
  MemorySource source(bytes);
  EtlFaults faults;
  std::unique_ptr<EtlFile> file;
  if (!EtlFile::Open(&source, kWhole, &faults, &file).ok()) return 0;
  uint64_t records = 0;
  BufferBytes buffer;
  for (const BufferEntry& entry : file->buffers()) {
    file->Read(entry, &buffer);
    if (buffer.bytes.empty()) continue;
    RecordWalker walker(buffer.bytes);
    RawRecord raw;
    EtwRecord record;
    for (RecordWalker::Step step; (step = walker.Next(&raw)) != RecordWalker::Step::kEnd;) {
      if (step == RecordWalker::Step::kRecord && ReadRecordHeader(raw, &record)) ++records;
    }
  }
  return records;
}

// All records are counted, and those of known events are in the timeline.
void CountAll(std::span<const uint8_t> bytes) {
  std::unique_ptr<TraceReader> reader;
  if (!TraceReader::Open(std::make_unique<MemorySource>(bytes), kLimits, &reader).ok()) return;
  const TraceStatistics statistics = CollectStatistics(reader.get(), false);
  uint64_t in_events = statistics.other_records;
  for (const auto& [key, count] : statistics.events) in_events += count.records;
  uint64_t in_timeline = statistics.other_records;
  for (const Timeline::LaneCounts& lane : statistics.timeline.lanes()) {
    for (const uint64_t records : lane.records) in_timeline += records;
  }
  if (in_events != statistics.records || in_timeline != statistics.records) std::abort();
}

void Read(std::span<const uint8_t> bytes) {
  std::unique_ptr<TraceReader> reader;
  if (!TraceReader::Open(std::make_unique<MemorySource>(bytes), kLimits, &reader).ok()) return;
  uint64_t records = 0;
  EventDecoder decoder;
  Joins joins;
  UndecodedEvents undecoded;
  EtwRecord record;
  while (reader->Next(&record)) {
    ++records;
    Touch(record);
    decoder.Learn(record);
    Decode(record, &decoder, &undecoded);
    joins.Learn(record, &decoder);
  }
  if (reader->out_of_order() > records) std::abort();
  if (records != CountUnmerged(bytes)) std::abort();
  if (joins.NeedsMapping()) {
    if (!TraceReader::Open(std::make_unique<MemorySource>(bytes), kLimits, &reader).ok()) return;
    while (reader->Next(&record)) joins.Map(record, &decoder);
  }
  if (!TraceReader::Open(std::make_unique<MemorySource>(bytes), kLimits, &reader).ok()) return;
  joins.EndLearning();
  while (reader->Next(&record)) joins.Join(record, &decoder);
  CountAll(bytes);
}

void ReadAsBuffer(std::span<const uint8_t> records, bool compressed) {
  static const Bytes kHeader = [] {
    TraceFacts facts;
    facts.mode = 0x04000001;
    facts.buffer_size = 1024;
    return EtlWriter(facts).bytes();
  }();
  Bytes file = kHeader;
  // A copy of the first buffer's header, with other sizes, flags and type.
  file.insert(file.end(), kHeader.begin(), kHeader.begin() + kBufferHeaderSize);
  file.insert(file.end(), records.begin(), records.end());
  const size_t at = kHeader.size();
  const auto put32 = [&](size_t offset, size_t value) {
    for (size_t i = 0; i < 4; ++i) file[at + offset + i] = static_cast<uint8_t>(value >> (8 * i));
  };
  put32(0, kBufferHeaderSize + records.size());
  put32(0x30, kBufferHeaderSize + (compressed ? 4000 : records.size()));
  put32(0x34, compressed ? BufferHeader::kCompressed : 0);
  Read(file);
}

}  // namespace
}  // namespace nuthatch

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  nuthatch::Read({data, size});
  nuthatch::ReadAsBuffer({data, size}, false);
  nuthatch::ReadAsBuffer({data, size}, true);
  return 0;
}
