// Measures a Worker, all that a thread of the pipeline does, on a file held in memory:
//   worker_bench PLAN FILE [ROUNDS]
// The best round of each half: lines to routed values, and values to detections.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "input.h"
#include "pipeline/program.h"
#include "pipeline/worker.h"

namespace nuthatch {
namespace {

constexpr size_t kBatchRecords = 16;
constexpr size_t kTableCapacity = size_t{1} << 16;

struct Round {
  double read = 0;  // seconds
  double evaluate = 0;
  uint64_t records = 0;
  uint64_t detections = 0;
};

Round RunOnce(const Program& program, std::string_view text) {
  ProcessTable processes(kTableCapacity);
  Worker worker(program, &processes, {false, JsonSlice::kMaxLength});
  Slice slice;
  slice.text = text;
  Round round;
  while (!slice.at_end()) {
    const double start = CpuSeconds();
    worker.Read(kBatchRecords, &slice);
    const double read = CpuSeconds();
    const ProcessTable::Ordinal before = processes.published();
    processes.Publish(*worker.starts(), before);
    worker.Evaluate(before, &slice);
    slice.result.output.clear();
    round.read += read - start;
    round.evaluate += CpuSeconds() - read;
  }
  round.records = slice.result.records;
  round.detections = slice.result.detections;
  return round;
}

int Main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: worker_bench PLAN FILE [ROUNDS]\n");
    return 2;
  }
  const std::string bytes = ReadFile(argv[1]);
  const std::string text = ReadFile(argv[2]);
  PlanSections sections;
  std::shared_ptr<const Mappings> mappings;
  std::shared_ptr<const Plan> plan;
  Status status = ReadPlan(bytes, &sections, &mappings);
  if (status.ok()) status = Plan::Load(sections.rules, &plan);
  if (!status.ok()) {
    std::fprintf(stderr, "worker_bench: %s\n", status.message().c_str());
    return 1;
  }
  const Program program(plan, mappings, Output::kDetections);
  Round best = RunOnce(program, text);
  for (int i = argc > 3 ? std::atoi(argv[3]) : 10; i > 1; --i) {
    const Round round = RunOnce(program, text);
    best.read = std::min(best.read, round.read);
    best.evaluate = std::min(best.evaluate, round.evaluate);
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
  return 0;
}

}  // namespace
}  // namespace nuthatch

int main(int argc, char** argv) { return nuthatch::Main(argc, argv); }
