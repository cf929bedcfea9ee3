// Measures a live trace, from the call of the system to detections, with all its threads:
//   live_bench PLAN TRACE RATE [SECONDS [THREADS]]
// TRACE's records are played from memory, over and over, RATE a second, as if they happened now.
// Told are, as JSON, how many came and were dropped, how long the records of attacks
// (kernel_trace.h) took from the call of the system to the thread that takes their detections, and
// the CPU time of all threads, the player's among it and alone. Fails when an attack is not
// detected, or anything else is.
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "etw/trace_reader.h"
#include "input.h"
#include "kernel_trace.h"
#include "live/event_record.h"
#include "live/silent_etw.h"
#include "pipeline/live_evaluation.h"
#include "platform/file.h"
#include "platform/thread_time.h"

namespace nuthatch {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kMostRecords = 400'000;
constexpr size_t kBufferRecords = 500;

struct Recorded {
  WinEventHeader header;
  uint16_t cpu;
  std::vector<uint8_t> payload;
  bool attacks;
};

bool IsAttack(const std::vector<uint8_t>& payload) {
  std::u16string text(kAttack.begin(), kAttack.end());
  const auto* const bytes = reinterpret_cast<const uint8_t*>(text.data());
  return std::search(payload.begin(), payload.end(), bytes, bytes + 2 * text.size()) !=
         payload.end();
}

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
    next.attacks = IsAttack(next.payload);
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
  // Each millisecond what is due by then; where that is little, as often as buffers are flushed.
  uint32_t ProcessTrace(uint64_t) override {
    const Clock::time_point begun = Clock::now();
    const auto end = begun + std::chrono::duration_cast<Clock::duration>(
                                 std::chrono::duration<double>(seconds_));
    size_t next = 0;
    const auto every = std::chrono::milliseconds(rate_ > 10'000 ? 1 : 10);
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
    cpu_ = 1e-9 * static_cast<double>(ThreadNanoseconds());
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
  // Of the thread that plays, once it is over: seconds. What we do in its calls is among it.
  double cpu() const { return cpu_; }
  // When the earliest attack that has not been asked for was given; 0: there is none.
  int64_t TakeAttack() {
    const std::lock_guard lock(mutex_);
    if (attacks_.empty()) return 0;
    const int64_t at = attacks_.front();
    attacks_.pop_front();
    return at;
  }

 private:
  void Give(const Recorded& record) {
    WinEventRecord event{};
    event.header = record.header;
    event.header.time = Now();
    event.cpu = record.cpu;
    event.payload = record.payload.data();
    event.payload_size = static_cast<uint16_t>(record.payload.size());
    event.context = file_.context;
    if (record.attacks) {
      const std::lock_guard lock(mutex_);
      attacks_.push_back(ClockNanoseconds());
    }
    file_.on_event(&event);
    if (++given_ % kBufferRecords == 0) file_.on_buffer(&file_);
  }

  const std::vector<Recorded> records_;
  const double rate_;
  const double seconds_;
  WinTraceFile file_;
  std::atomic<bool> closed_ = false;
  std::atomic<double> cpu_ = 0;
  std::atomic<bool> over_ = false;
  std::atomic<uint64_t> given_ = 0;
  std::mutex mutex_;
  std::deque<int64_t> attacks_;
};

// Milliseconds that this share of them took no longer than.
double Percentile(const std::vector<int64_t>& sorted, double share) {
  const auto at = static_cast<size_t>(share * static_cast<double>(sorted.size()));
  return static_cast<double>(sorted[std::min(at, sorted.size() - 1)]) / 1e6;
}

// Detections come in the order of their records, each attack's once.
class Detections {
 public:
  explicit Detections(MemoryEtw* system) : system_(*system) {}

  void Wake() {
    {
      const std::lock_guard lock(mutex_);
      woken_ = true;
    }
    changed_.notify_one();
  }
  void End() {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    changed_.notify_one();
  }
  void TakeAll(LiveResults* results) {
    for (bool ended = false; !ended;) {
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return woken_ || ended_; });
        woken_ = false;
        ended = ended_;
      }
      const auto result = results->Take();
      for (uint64_t i = 0; result && i < result->detections; ++i) TakeOne();
    }
    std::sort(took_.begin(), took_.end());
  }
  // Whether there were attacks, and each was found, and nothing else.
  bool AreRight() { return !took_.empty() && surplus_ == 0 && system_.TakeAttack() == 0; }
  const std::vector<int64_t>& took() const { return took_; }

 private:
  void TakeOne() {
    const int64_t given = system_.TakeAttack();
    if (given == 0) {
      ++surplus_;
    } else {
      took_.push_back(ClockNanoseconds() - given);
    }
  }

  MemoryEtw& system_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
  bool ended_ = false;
  uint64_t surplus_ = 0;
  std::vector<int64_t> took_;
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
  Detections detections(system.get());
  LiveResults results([&] { detections.Wake(); });
  std::unique_ptr<LiveTrace> trace;
  trace = std::make_unique<LiveTrace>(system, options, [&](TraceJoiner* joiner) {
    return std::make_unique<LiveEvaluation>(program, program, pipeline, "bench", joiner, &results,
                                            [&] { trace->Wake(); });
  });
  const double before = CpuSeconds();
  const auto begun = Clock::now();
  trace->Start([](const Status&) {}, [&] { detections.End(); }, [] {});
  detections.TakeAll(&results);
  const double wall = std::chrono::duration<double>(Clock::now() - begun).count();
  const double cpu = CpuSeconds() - before;
  if (!detections.AreRight()) {
    std::fprintf(stderr, "live_bench: not each attack was detected once: %zu were\n",
                 detections.took().size());
    return 1;
  }
  const LiveTraceCounts counts = trace->counts();
  std::printf(
      "{\"rate\":%.0f,\"records\":%llu,\"dropped\":%llu,\"outOfOrder\":%llu,\"detections\":%zu,"
      "\"p50\":%.2f,\"p99\":%.2f,\"mostQueued\":%llu,\"cpu\":%.4f,\"player\":%.4f}\n",
      static_cast<double>(system->given()) / wall, static_cast<unsigned long long>(system->given()),
      static_cast<unsigned long long>(counts.source.queue.dropped),
      static_cast<unsigned long long>(counts.out_of_order), detections.took().size(),
      Percentile(detections.took(), 0.5), Percentile(detections.took(), 0.99),
      static_cast<unsigned long long>(counts.source.queue.most_bytes), cpu / wall,
      system->cpu() / wall);
  return 0;
}

}  // namespace
}  // namespace nuthatch

int main(int argc, char** argv) { return nuthatch::Main(argc, argv); }
