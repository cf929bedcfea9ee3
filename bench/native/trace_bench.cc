// Measures what becomes of a trace on its way to detections, on one thread:
//   trace_bench PLAN FILE [ROUNDS [events]]
// Of each round CPU time: both passes over the trace, reading included, to the values of its
// events; those to routed records; and these to detections, or standard events if `events` is
// given. The best of the rounds is told. MB are of the file as it is, and of its buffers
// decompressed.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include "input.h"
#include "pipeline/program.h"
#include "pipeline/trace_blocks.h"
#include "pipeline/worker.h"
#include "platform/file.h"

namespace nuthatch {
namespace {

constexpr size_t kTableCapacity = size_t{1} << 16;

struct Round {
  double trace = 0;  // seconds
  double read = 0;
  double evaluate = 0;
  BlockResult result;

  double all() const { return trace + read + evaluate; }
};

// What mapping `standardTraceEvents` asks for besides what happened in the kernel is not in the
// traces that this is for.
EventFilter Standard() {
  EventFilter filter;
  filter.standard.emplace();
  return filter;
}

Round RunOnce(const std::shared_ptr<const Program>& program, const char* path) {
  ProcessTable processes(kTableCapacity);
  Worker worker(*program, &processes, {false, JsonSlice::kMaxLength});
  const auto open = [path](std::unique_ptr<ByteSource>* source) { return OpenFile(path, source); };
  TraceBlocks blocks(open, Standard(), program);
  if (program->asks_stacks()) blocks.FollowStacks(nullptr);
  Round round;
  for (bool done = false; !done;) {
    const double start = CpuSeconds();
    std::shared_ptr<const TraceBlock> block;
    if (!blocks.Next(&block, &done).ok()) std::abort();
    const double made = CpuSeconds();
    Slice slice;
    slice.trace = block.get();
    worker.Read(&slice);
    const double read = CpuSeconds();
    const ProcessTable::Ordinal before = processes.published();
    processes.Publish(*worker.starts(), before);
    worker.Evaluate(before, &slice);
    slice.result.output.clear();
    round.trace += made - start;
    round.read += read - made;
    round.evaluate += CpuSeconds() - read;
    round.result.Append(std::move(slice.result));
  }
  return round;
}

struct FileBytes {
  double stored = 0;
  double decompressed = 0;
};

FileBytes BytesOf(const char* path) {
  EtlFaults faults;
  std::unique_ptr<ByteSource> source;
  std::unique_ptr<EtlFile> file;
  if (!OpenFile(path, &source).ok() ||
      !EtlFile::Open(source.get(), {.part_bytes = size_t{1} << 32}, &faults, &file).ok())
    return {};
  uint64_t sum = 0;
  BufferBytes buffer;
  for (const BufferEntry& entry : file->buffers()) {
    file->Read(entry, &buffer);
    sum += buffer.bytes.size();
  }
  return {static_cast<double>(source->size()), static_cast<double>(sum)};
}

void Report(const Round& best, const char* path) {
  const FileBytes bytes = BytesOf(path);
  const auto records = static_cast<double>(best.result.records);
  const auto report = [&](const char* what, double seconds) {
    std::printf("%-22s %6.0f ns a record %7.2f M records/s %6.0f MB/s of %6.0f MB/s\n", what,
                seconds * 1e9 / records, records / seconds / 1e6, bytes.stored / seconds / 1e6,
                bytes.decompressed / seconds / 1e6);
  };
  std::printf("%.0f records, %llu events, %llu detections\n", records,
              static_cast<unsigned long long>(best.result.events),
              static_cast<unsigned long long>(best.result.detections));
  report("trace to values", best.trace);
  report("values to records", best.read);
  report("records to detections", best.evaluate);
  report("all", best.all());
}

int Main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: trace_bench PLAN FILE [ROUNDS [events]]\n");
    return 2;
  }
  const char* const path = argv[2];
  const bool events = argc > 4;
  const auto program = LoadProgram(argv[1], events ? Output::kEvents : Output::kDetections);
  if (program == nullptr) return 1;
  Round best = RunOnce(program, path);
  for (int i = argc > 3 ? std::atoi(argv[3]) : 10; i > 1; --i) {
    Round round = RunOnce(program, path);
    if (round.all() < best.all()) best = std::move(round);
  }
  Report(best, path);
  return 0;
}

}  // namespace
}  // namespace nuthatch

int main(int argc, char** argv) { return nuthatch::Main(argc, argv); }
