// Measures a Worker, all that a thread of the pipeline does, on a file held in memory:
//   worker_bench PLAN FILE [ROUNDS [usual|uncounted|forgetful|turns]]
// The best round of each half, in processor time: lines to routed values, and values to detections;
// and of all by the wall clock. Uncounted, what
// evaluation costs is not counted; forgetful, no values are remembered. With turns each round is
// run uncounted and as usual, in turns, to see what the counting costs, and what share of the time
// it accounts for.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "input.h"
#include "pipeline/program.h"
#include "pipeline/worker.h"

namespace nuthatch {
namespace {

constexpr size_t kSliceBytes = size_t{256} << 10;
constexpr size_t kTableCapacity = size_t{1} << 16;

struct Round {
  double read = 0;  // seconds of the processor, as evaluate
  double evaluate = 0;
  double wall = 0;  // seconds of the clock on the wall, of both
  uint64_t records = 0;
  uint64_t detections = 0;
  double accounted = 0;  // seconds, by the meter
};

// What the meter says that evaluating took, in seconds.
double Accounted(const CostMeter& costs) {
  double sum = 0;
  for (size_t i = 0; i < kEventTypeCount; ++i) {
    const TreeCost& tree = costs.of(static_cast<EventType>(i));
    double ns = 0;
    for (const auto* times :
         {&tree.node_times, &tree.own_times, &tree.resolve_times, &tree.match_times}) {
      for (const Timing& timing : *times) ns += timing.ns;
    }
    if (tree.timed > 0) {
      sum += ns / static_cast<double>(tree.timed) * static_cast<double>(tree.events) / 1e9;
    }
  }
  return sum;
}

struct Mode {
  Metering metering = Metering::kCounts;
  bool remembers = true;
};

Round RunOnce(const Program& program, std::string_view text, Mode mode) {
  ProcessTable processes(kTableCapacity);
  Worker worker(program, &processes, {false, JsonSlice::kMaxLength});
  worker.SetMetering(mode.metering);
  if (!mode.remembers) worker.RememberNoValues();
  Round round;
  const auto began = std::chrono::steady_clock::now();
  while (!text.empty()) {
    Slice slice;
    slice.text = text.substr(0, text.find('\n', kSliceBytes));
    text.remove_prefix(slice.text.size());
    const double start = CpuSeconds();
    worker.Read(&slice);
    const double read = CpuSeconds();
    const ProcessTable::Ordinal before = processes.published();
    processes.Publish(*worker.starts(), before);
    worker.Evaluate(before, &slice);
    round.read += read - start;
    round.evaluate += CpuSeconds() - read;
    round.records += slice.result.records;
    round.detections += slice.result.detections;
  }
  round.wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  round.accounted = Accounted(worker.costs());
  return round;
}

double Median(std::vector<double> numbers) {
  std::sort(numbers.begin(), numbers.end());
  return numbers[numbers.size() / 2];
}

void CompareMetering(const Program& program, std::string_view text, int rounds) {
  std::vector<double> evaluate;
  std::vector<double> both;
  std::vector<double> accounted;
  for (int i = 0; i < rounds; ++i) {
    const Round off = RunOnce(program, text, {Metering::kNone});
    const Round on = RunOnce(program, text, {});
    evaluate.push_back(on.evaluate / off.evaluate);
    both.push_back((on.read + on.evaluate) / (off.read + off.evaluate));
    accounted.push_back(on.accounted / off.evaluate);
  }
  std::printf("counting costs: evaluate x %.4f, both x %.4f; accounts for %.2f of evaluate\n",
              Median(evaluate), Median(both), Median(accounted));
}

int Main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr,
                 "usage: worker_bench PLAN FILE [ROUNDS [usual|uncounted|forgetful|turns]]\n");
    return 2;
  }
  const std::string text = ReadFile(argv[2]);
  const auto loaded = LoadProgram(argv[1]);
  if (loaded == nullptr) return 1;
  const Program& program = *loaded;
  const int rounds = argc > 3 ? std::atoi(argv[3]) : 10;
  const std::string_view name = argc > 4 ? argv[4] : "";
  if (name == "turns") {
    CompareMetering(program, text, rounds);
    return 0;
  }
  const Mode mode{name == "uncounted" ? Metering::kNone : Metering::kCounts, name != "forgetful"};
  Round best = RunOnce(program, text, mode);
  for (int i = rounds; i > 1; --i) {
    const Round round = RunOnce(program, text, mode);
    best.read = std::min(best.read, round.read);
    best.evaluate = std::min(best.evaluate, round.evaluate);
    best.wall = std::min(best.wall, round.wall);
  }
  const auto report = [&](const char* what, double seconds) {
    std::printf("%-10s %8.0f ns a record %8.3f GB/s\n", what,
                seconds * 1e9 / static_cast<double>(best.records),
                static_cast<double>(text.size()) / seconds / 1e9);
  };
  std::printf("%llu records, %llu detections\n", static_cast<unsigned long long>(best.records),
              static_cast<unsigned long long>(best.detections));
  report("read", best.read);
  report("evaluate", best.evaluate);
  report("both", best.read + best.evaluate);
  report("wall", best.wall);
  return 0;
}

}  // namespace
}  // namespace nuthatch

int main(int argc, char** argv) { return nuthatch::Main(argc, argv); }
