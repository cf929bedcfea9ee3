// What the benchmarks read, and the clock they are timed by.
#ifndef NUTHATCH_BENCH_NATIVE_INPUT_H_
#define NUTHATCH_BENCH_NATIVE_INPUT_H_

#include <cstdio>
#include <ctime>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "model/plan_file.h"
#include "pipeline/program.h"
#include "telemetry/mappings.h"

namespace nuthatch {

inline std::string ReadFile(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The sections of a Plan, which `bytes` must outlive, and its mappings.
inline Status ReadPlan(const std::string& bytes, PlanSections* sections,
                       std::shared_ptr<const Mappings>* mappings) {
  auto read = std::make_shared<Mappings>();
  Status status =
      ReadPlanFile({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()}, sections);
  if (status.ok()) status = ReadMappings(sections->mappings, read.get());
  *mappings = std::move(read);
  return status;
}

// The rules and mappings of a Plan's file; nullptr, and why on stderr, where it is none.
inline std::shared_ptr<const Program> LoadProgram(const char* path,
                                                  Output output = Output::kDetections) {
  const std::string bytes = ReadFile(path);
  PlanSections sections;
  std::shared_ptr<const Mappings> mappings;
  std::shared_ptr<const Plan> plan;
  Status status = ReadPlan(bytes, &sections, &mappings);
  if (status.ok()) status = Plan::Load(sections.rules, &plan);
  if (status.ok()) return std::make_shared<const Program>(plan, mappings, output);
  std::fprintf(stderr, "%s: %s\n", path, status.message().c_str());
  return nullptr;
}

// Of this process: these machines are shared.
inline double CpuSeconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

}  // namespace nuthatch

#endif  // NUTHATCH_BENCH_NATIVE_INPUT_H_
