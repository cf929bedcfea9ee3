// Measures a live trace, from the call of the system to detections, with all its threads:
//   live_bench PLAN TRACE RATE [SECONDS [THREADS]]
// TRACE's records are played from memory, over and over, RATE a second (0: none, an idle machine),
// as if they happened now. Told are how many came and were dropped, how long they took from their
// arrival to their detections, and the CPU time of all threads, the player's among it.
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>

#include "base/clock.h"
#include "etw/trace_reader.h"
#include "input.h"
#include "live/event_record.h"
#include "live/silent_etw.h"
#include "pipeline/live_evaluation.h"
#include "platform/file.h"

namespace nuthatch {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kMostRecords = 400'000;
constexpr size_t kBufferRecords = 500;

struct Recorded {
  WinEventHeader header;
  uint16_t cpu;
  std::vector<uint8_t> payload;
};

// None when it is no trace.
std::vector<Recorded> Load(const char* path) {
  std::unique_ptr<ByteSource> source;
  std::unique_ptr<TraceReader> reader;
  std::vector<Recorded> records;
  if (!OpenFile(path, &source).ok() || !TraceReader::Open(std::move(source), {}, &reader).ok())
    return records;
  EtwRecord record;
  while (records.size() < kMostRecords && reader->Next(&record)) {
    Recorded& next = records.emplace_back();
    next.header = HeaderOf(record);
    next.cpu = record.cpu;
    next.payload.assign(record.payload.begin(), record.payload.end());
  }
  return records;
}

uint64_t Now() { return static_cast<uint64_t>(ClockNanoseconds()) / 100; }

// One session, which is there.
class MemoryEtw final : public SilentEtw {
 public:
  MemoryEtw(std::vector<Recorded> records, double rate, double seconds)
      : records_(std::move(records)), rate_(rate), seconds_(seconds) {}

  uint64_t OpenTrace(WinTraceFile* file, uint32_t*) override {
    file_ = *file;
    return 1;
  }
  // Each millisecond what is due by then; idle, as often as Windows flushes its buffers.
  uint32_t ProcessTrace(uint64_t) override {
    const Clock::time_point begun = Clock::now();
    const auto end = begun + std::chrono::duration_cast<Clock::duration>(
                                 std::chrono::duration<double>(seconds_));
    size_t next = 0;
    const auto every = std::chrono::milliseconds(rate_ > 0 ? 1 : 10);
    for (auto tick = begun; tick < end && !closed_; tick += every) {
      std::this_thread::sleep_until(tick);
      const double passed = std::chrono::duration<double>(Clock::now() - begun).count();
      const auto due = static_cast<uint64_t>(passed * rate_);
      while (given_ < due) {
        Give(records_[next]);
        next = next + 1 == records_.size() ? 0 : next + 1;
      }
      file_.on_buffer(&file_);
    }
    over_ = true;
    return kEtwSuccess;
  }
  uint32_t CloseTrace(uint64_t) override {
    closed_ = true;
    return kEtwSuccess;
  }
  ClockReading ReadClock() override { return {Now(), 133'000'000'000'000'000, 10'000'000}; }
  bool IsOver() override { return over_; }

  uint64_t given() const { return given_; }

 private:
  void Give(const Recorded& record) {
    WinEventRecord event{};
    event.header = record.header;
    event.header.time = Now();
    event.cpu = record.cpu;
    event.payload = record.payload.data();
    event.payload_size = static_cast<uint16_t>(record.payload.size());
    event.context = file_.context;
    file_.on_event(&event);
    if (++given_ % kBufferRecords == 0) file_.on_buffer(&file_);
  }

  const std::vector<Recorded> records_;
  const double rate_;
  const double seconds_;
  WinTraceFile file_;
  std::atomic<bool> closed_ = false;
  std::atomic<bool> over_ = false;
  std::atomic<uint64_t> given_ = 0;
};

int Main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: live_bench PLAN TRACE RATE [SECONDS [THREADS]]\n");
    return 2;
  }
  const auto program = LoadProgram(argv[1]);
  const double rate = std::atof(argv[3]);
  const double seconds = argc > 4 ? std::atof(argv[4]) : 5;
  PipelineOptions pipeline;
  pipeline.threads = argc > 5 ? static_cast<size_t>(std::atoi(argv[5])) : 1;

  std::vector<Recorded> records = Load(argv[2]);
  if (program == nullptr || records.empty()) {
    std::fprintf(stderr, "live_bench: there is nothing to measure\n");
    return 1;
  }
  const auto system = std::make_shared<MemoryEtw>(std::move(records), rate, seconds);
  LiveTraceOptions options;
  options.source.attach = "bench";
  options.filter.standard.emplace();
  std::atomic<bool> ended = false;
  LiveResults results([] {});
  LiveEvaluation* evaluation = nullptr;
  std::unique_ptr<LiveTrace> trace;
  trace = std::make_unique<LiveTrace>(system, options, [&](TraceJoiner* joiner) {
    auto output = std::make_unique<LiveEvaluation>(program, program, pipeline, "bench", joiner,
                                                   &results, [&] { trace->Wake(); });
    evaluation = output.get();
    return output;
  });
  const double before = CpuSeconds();
  const auto begun = Clock::now();
  trace->Start([](const Status&) {}, [&] { ended = true; }, [] {});
  uint64_t detections = 0;
  const auto take = [&] {
    if (const auto result = results.Take()) detections += result->detections;
  };
  for (; !ended; std::this_thread::sleep_for(std::chrono::milliseconds(20))) take();
  take();
  const double wall = std::chrono::duration<double>(Clock::now() - begun).count();
  const double cpu = CpuSeconds() - before;
  const LiveTraceCounts counts = trace->counts();
  std::printf(
      "%.2f M records a second in, %llu of %llu dropped, %llu detections, %llu out of order\n",
      static_cast<double>(system->given()) / wall / 1e6,
      static_cast<unsigned long long>(counts.source.queue.dropped),
      static_cast<unsigned long long>(counts.source.queue.queued),
      static_cast<unsigned long long>(detections),
      static_cast<unsigned long long>(counts.out_of_order));
  std::printf("from arrival to detections: p50 %.1f ms, p99 %.1f ms; most queued %.1f MB\n",
              static_cast<double>(evaluation->times().all.Percentile(0.5)) / 1e3,
              static_cast<double>(evaluation->times().all.Percentile(0.99)) / 1e3,
              static_cast<double>(counts.source.queue.most_bytes) / 1e6);
  std::printf("%.2f CPU s in %.2f s: %.2f %% of a core\n", cpu, wall, 100 * cpu / wall);
  return 0;
}

}  // namespace
}  // namespace nuthatch

int main(int argc, char** argv) { return nuthatch::Main(argc, argv); }
