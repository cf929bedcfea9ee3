// Measures reading and standardizing, step by step, on one thread:
//   telemetry_bench PLAN FILE PROPERTY...
// PLAN gives the mappings; PROPERTY… are those that "somebody asks for" on every event type. Each
// line is the best of several rounds over the file: all up to and including that step, and the
// nanoseconds that the step adds to a record.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "input.h"
#include "telemetry/mapped_record.h"
#include "telemetry/record_reader.h"

namespace nuthatch {
namespace {

constexpr int kRounds = 100;

template <typename OnLine>
void ForEachLine(std::string_view text, OnLine on_line) {
  while (!text.empty()) {
    const size_t newline = std::min(text.find('\n'), text.size() - 1);
    on_line(text.substr(0, newline));
    text.remove_prefix(newline + 1);
  }
}

struct Step {
  const char* name;
  std::function<size_t()> run;  // returns something that depends on all work done
  double seconds = 1e9;
};

void Measure(std::vector<Step>* steps) {
  for (int round = 0; round < kRounds; ++round) {
    for (Step& step : *steps) {
      const auto begin = std::chrono::steady_clock::now();
      volatile size_t sink = step.run();
      (void)sink;
      const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
      step.seconds = std::min(step.seconds, took.count());
    }
  }
}

size_t Size(const Value& value) {
  if (!value.present()) return 0;
  if (value.kind() != ValueKind::kString) return 1;
  return value.strings()[0].size();
}

class Bench {
 public:
  Bench(std::shared_ptr<const Mappings> mappings, std::vector<PropertyId> properties,
        const PropertySets& live, std::string_view text)
      : properties_(std::move(properties)),
        text_(text),
        standardizer_(std::move(mappings), live),
        reader_(standardizer_.paths()),
        record_(standardizer_) {}

  size_t slots() const { return standardizer_.paths().slots(); }
  size_t records() const { return records_; }

  std::vector<Step> Steps() {
    return {
        {"lines", [this] { return Run([](std::string_view line) { return line.size(); }); }},
        {"+ tokens (simdjson, first stage)",
         [this] {
           return Run([this](std::string_view line) {
             return index_.Build(line).ok() ? index_.tokens().size() : 0;
           });
         }},
        {"+ values found",
         [this] { return Run([this](std::string_view line) { return Read(line); }); }},
        {"+ route", [this] { return Run([this](std::string_view line) { return Route(line); }); }},
        {"+ properties",
         [this] { return Run([this](std::string_view line) { return Resolve(line); }); }},
    };
  }

 private:
  size_t Run(const std::function<size_t(std::string_view)>& on_line) {
    size_t sum = 0;
    records_ = 0;
    ForEachLine(text_, [&](std::string_view line) {
      ++records_;
      sum += on_line(line);
    });
    return sum;
  }
  bool Read(std::string_view line) {
    found_.clear();
    return reader_.Read(line, &found_).ok();
  }
  bool Route(std::string_view line) {
    arena_.Reset();
    if (!Read(line)) return false;
    record_.Begin(line.data(), found_, &arena_);
    const auto route = record_.FindRoute();
    if (route) record_.SetRoute(*route);
    return route.has_value();
  }
  size_t Resolve(std::string_view line) {
    if (!Route(line)) return 0;
    size_t sum = 0;
    for (const PropertyId id : properties_) sum += Size(record_.Property(id));
    return sum;
  }

  const std::vector<PropertyId> properties_;
  const std::string_view text_;
  const Standardizer standardizer_;
  JsonIndex index_;
  RecordReader reader_;
  MappedRecord record_;
  Arena arena_;
  std::vector<FoundValue> found_;
  size_t records_ = 0;
};

int Main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: telemetry_bench PLAN FILE PROPERTY...\n");
    return 2;
  }
  const std::string plan = ReadFile(argv[1]);
  const std::string text = ReadFile(argv[2]);
  PropertySets live;
  std::vector<PropertyId> properties;
  for (size_t i = 0; i < kPropertyCount; ++i) {
    const auto id = static_cast<PropertyId>(i);
    if (std::find(argv + 3, argv + argc, PropertyName(id)) == argv + argc) continue;
    properties.push_back(id);
    for (auto& set : live) set.set(i);
  }
  PlanSections sections;
  std::shared_ptr<const Mappings> mappings;
  if (const Status status = ReadPlan(plan, &sections, &mappings); !status.ok()) {
    std::fprintf(stderr, "telemetry_bench: %s\n", status.message().c_str());
    return 1;
  }
  Bench bench(mappings, properties, live, text);
  std::vector<Step> steps = bench.Steps();
  Measure(&steps);
  std::printf("%zu records, %zu properties, %zu slots\n", bench.records(), properties.size(),
              bench.slots());
  double before = 0;
  for (const Step& step : steps) {
    const double a_record = step.seconds * 1e9 / static_cast<double>(bench.records());
    std::printf("%-34s %6.2f GB/s %8.0f ns %+8.0f ns\n", step.name,
                static_cast<double>(text.size()) / step.seconds / 1e9, a_record, a_record - before);
    before = a_record;
  }
  return 0;
}

}  // namespace
}  // namespace nuthatch

int main(int argc, char** argv) { return nuthatch::Main(argc, argv); }
