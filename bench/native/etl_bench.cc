// Measures reading a trace, step by step, on one thread: etl_bench FILE [ROUNDS]
// Without a FILE ("-") it is a written one of some million records of the kernel's.
// The file is in memory. Each line is the best of several rounds, in CPU time: all up to and
// including that step. MB are of the records' buffers, decompressed.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "etw/event_decoder.h"
#include "etw/record_header.h"
#include "etw/trace_reader.h"
#include "input.h"
#include "kernel_trace.h"
#include "pipeline/event_json.h"
#include "pipeline/joined_json.h"

namespace nuthatch {
namespace {

using Step = RecordWalker::Step;

class Bench {
 public:
  explicit Bench(const std::string& file)
      : bytes_{reinterpret_cast<const uint8_t*>(file.data()), file.size()}, source_(bytes_) {}

  // Each buffer as one part: these are counted.
  Status Open() {
    return EtlFile::Open(&source_, {.part_bytes = size_t{1} << 32}, &faults_, &file_);
  }

  uint64_t Index() {
    EtlFaults faults;
    std::unique_ptr<EtlFile> file;
    return EtlFile::Open(&source_, {}, &faults, &file).ok() ? file->buffers().size() : 0;
  }
  uint64_t Decompress() {
    uint64_t bytes = 0;
    BufferBytes buffer;
    for (const BufferEntry& entry : file_->buffers()) {
      file_->Read(entry, &buffer);
      bytes += buffer.bytes.size();
    }
    return bytes;
  }
  uint64_t Walk() {
    return ForEach([](const RawRecord& raw) { return !raw.bytes.empty(); });
  }
  uint64_t Headers() {
    EtwRecord record;
    return ForEach([&](const RawRecord& raw) { return ReadRecordHeader(raw, &record); });
  }
  uint64_t Merge() {
    std::unique_ptr<TraceReader> reader;
    if (!TraceReader::Open(std::make_unique<MemorySource>(bytes_), {}, &reader).ok()) return 0;
    uint64_t records = 0;
    EtwRecord record;
    while (reader->Next(&record)) ++records;
    return records;
  }
  // Of every record its fields, by schemas of a pass before, which is not timed.
  uint64_t Decode() {
    std::unique_ptr<TraceReader> reader;
    if (!TraceReader::Open(std::make_unique<MemorySource>(bytes_), {}, &reader).ok()) return 0;
    uint64_t fields = 0;
    EtwRecord record;
    while (reader->Next(&record)) fields += decoder_->Decode(record).fields.size();
    return fields;
  }
  // The first pass over a file.
  uint64_t Learn() {
    std::unique_ptr<TraceReader> reader;
    if (!TraceReader::Open(std::make_unique<MemorySource>(bytes_), {}, &reader).ok()) return 0;
    decoder_ = std::make_unique<EventDecoder>();
    joiner_ = std::make_unique<TraceJoiner>();
    json_ = std::make_unique<JoinedJson>(joiner_.get());
    uint64_t learned = 0;
    EtwRecord record;
    while (reader->Next(&record)) {
      decoder_->Learn(record);
      if (!joiner_->ObserveToLearn(record)) continue;
      joiner_->Learn(decoder_->Decode(record));
      ++learned;
    }
    return learned;
  }
  // The second one: all records, or only what happened, without and with their text.
  uint64_t Join(bool all, bool write) {
    std::unique_ptr<TraceReader> reader;
    if (!TraceReader::Open(std::make_unique<MemorySource>(bytes_), {}, &reader).ok()) return 0;
    uint64_t count = 0;
    EtwRecord record;
    while (reader->Next(&record)) {
      if (!joiner_->Observe(record) && !all) continue;
      const DecodedEvent& event = decoder_->Decode(record);
      const JoinedEvent& joined = joiner_->Join(event);
      if (!all && !joined.happened) continue;
      ++count;
      if (!write) continue;
      members_.clear();
      json_->Append(joined, &members_);
      if (text_.size() > kBlock) text_.clear();
      AppendEventJson(event, ++records_, members_, &scratch_, &text_);
    }
    return count;
  }

 private:
  template <typename OnRecord>
  uint64_t ForEach(OnRecord on_record) {
    uint64_t records = 0;
    BufferBytes buffer;
    for (const BufferEntry& entry : file_->buffers()) {
      file_->Read(entry, &buffer);
      RecordWalker walker(buffer.bytes);
      RawRecord raw;
      for (Step step; (step = walker.Next(&raw)) != Step::kEnd;) {
        if (step == Step::kRecord && on_record(raw)) ++records;
      }
    }
    return records;
  }

  const std::span<const uint8_t> bytes_;
  MemorySource source_;
  EtlFaults faults_;
  std::unique_ptr<EtlFile> file_;
  static constexpr size_t kBlock = size_t{256} << 10;
  std::unique_ptr<EventDecoder> decoder_;
  std::unique_ptr<TraceJoiner> joiner_;
  std::unique_ptr<JoinedJson> json_;
  std::string scratch_;
  uint64_t records_ = 0;
  std::string members_;
  std::string text_;
};

double BestOf(int rounds, const std::function<uint64_t()>& run) {
  double best = 1e9;
  for (int round = 0; round < rounds; ++round) {
    const double begin = CpuSeconds();
    volatile uint64_t sink = run();
    (void)sink;
    best = std::min(best, CpuSeconds() - begin);
  }
  return best;
}

std::string WrittenTrace() {
  const Bytes bytes = KernelTrace::Write(2'000'000);
  return {bytes.begin(), bytes.end()};
}

int Main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: etl_bench FILE [ROUNDS]\n");
    return 2;
  }
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 20;
  const std::string file = std::string_view(argv[1]) == "-" ? WrittenTrace() : ReadFile(argv[1]);
  Bench bench(file);
  if (const Status status = bench.Open(); !status.ok()) {
    std::fprintf(stderr, "etl_bench: %s\n", status.message().c_str());
    return 1;
  }
  const auto records = static_cast<double>(bench.Merge());
  const auto bytes = static_cast<double>(bench.Decompress());
  std::printf("%.0f records, %.1f MB in the file, %.1f MB decompressed\n", records,
              static_cast<double>(file.size()) / 1e6, bytes / 1e6);
  const auto report = [&](const char* name, const std::function<uint64_t()>& run) {
    const double seconds = BestOf(rounds, run);
    std::printf("%-24s %8.0f MB/s %8.2f M records/s %6.0f ns a record\n", name,
                bytes / seconds / 1e6, records / seconds / 1e6, seconds * 1e9 / records);
  };
  const double index = BestOf(rounds, [&] { return bench.Index(); });
  std::printf("buffers found in %.0f us\n", index * 1e6);
  report("buffers decompressed", [&] { return bench.Decompress(); });
  report("+ records walked", [&] { return bench.Walk(); });
  report("+ headers read", [&] { return bench.Headers(); });
  report("all, in order of time", [&] { return bench.Merge(); });
  report("the first pass", [&] { return bench.Learn(); });
  report("+ payloads decoded", [&] { return bench.Decode(); });
  report("+ joined", [&] { return bench.Join(true, false); });
  report("+ written as text", [&] { return bench.Join(true, true); });
  std::printf("%.0f records are standard events\n", static_cast<double>(bench.Join(false, false)));
  report("only these, joined", [&] { return bench.Join(false, false); });
  report("+ written as text", [&] { return bench.Join(false, true); });
  return 0;
}

}  // namespace
}  // namespace nuthatch

int main(int argc, char** argv) { return nuthatch::Main(argc, argv); }
