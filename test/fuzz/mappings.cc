// Any bytes as the mappings of a Plan: refused, or good for reading records with them.
#include "telemetry/mappings.h"

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "telemetry/mapped_record.h"
#include "telemetry/record_reader.h"

namespace {

constexpr std::string_view kRecords[] = {
    R"({"id":1,"a":"C:\\x\\y.exe","b":{"c":[1,"2",null]},"t":"2020-10-22 06:57:55+01:00"})",
    R"({"id":"0x10","a":"{\"k\":[{\"n\":1}]}","b":"SHA1=AB,MD5=CD","t":{"pending":true}})",
    "{}",
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nuthatch;
  auto mappings = std::make_shared<Mappings>();
  if (!ReadMappings({data, size}, mappings.get()).ok()) return 0;
  PropertySets live;
  for (auto& set : live) set.set();
  const Standardizer standardizer(mappings, live);
  RecordReader reader(standardizer.paths());
  MappedRecord record(standardizer);
  std::vector<FoundValue> found;
  Arena arena;
  for (const std::string_view text : kRecords) {
    found.clear();
    if (!reader.Read(text, &found).ok()) std::abort();
    arena.Reset();
    record.Begin(text.data(), found, &arena);
    const auto route = record.FindRoute();
    record.Label();
    if (!route) continue;
    for (size_t id = 0; id < kPropertyCount; ++id) record.Property(static_cast<PropertyId>(id));
  }
  return 0;
}
