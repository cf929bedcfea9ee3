// What the benchmarks read, and the clock they are timed by.
#ifndef NUTHATCH_BENCH_NATIVE_INPUT_H_
#define NUTHATCH_BENCH_NATIVE_INPUT_H_

#include <ctime>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "model/plan_file.h"
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

// Of this process: these machines are shared.
inline double CpuSeconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

}  // namespace nuthatch

#endif  // NUTHATCH_BENCH_NATIVE_INPUT_H_
