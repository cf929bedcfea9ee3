#include "pipeline/block_result.h"

#include <utility>

namespace nuthatch {

void BlockResult::AddMalformed(const MalformedRecord& record) {
  ++malformed;
  if (samples.size() < kMaxSamples) samples.push_back(record);
}

void BlockResult::AddUnmapped(std::string_view label, uint64_t count) {
  size_t size = std::min(label.size(), kMaxLabelSize);
  while (size < label.size() && (label[size] & 0xC0) == 0x80) --size;  // whole code points
  label = label.substr(0, size);
  auto known = unmapped.find(label);
  if (known == unmapped.end()) {
    if (unmapped.size() >= kMaxLabels) label = "other";
    known = unmapped.try_emplace(std::string(label)).first;
  }
  known->second += count;
}

void BlockResult::Append(BlockResult&& next) {
  failed |= next.failed;
  unreadable |= next.unreadable;
  missing += next.missing;
  if (output.empty()) {
    output = std::move(next.output);
  } else {
    output += next.output;
  }
  bytes += next.bytes;
  lines += next.lines;
  records += next.records;
  events += next.events;
  detections += next.detections;
  undecided += next.undecided;
  terms_evaluated += next.terms_evaluated;
  terms_possible += next.terms_possible;
  malformed += next.malformed;
  for (const MalformedRecord& record : next.samples) {
    if (samples.size() < kMaxSamples) samples.push_back(record);
  }
  for (const auto& [label, count] : next.unmapped) AddUnmapped(label, count);
}

}  // namespace nuthatch
