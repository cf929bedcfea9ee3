// What became of a block of lines; lib/binding.ts says what each number counts.
#ifndef NUTHATCH_PIPELINE_BLOCK_RESULT_H_
#define NUTHATCH_PIPELINE_BLOCK_RESULT_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace nuthatch {

struct MalformedRecord {
  uint32_t source;
  uint64_t line;       // from 1
  const char* code;    // a literal
  const char* reason;  // a literal
};

struct BlockResult {
  static constexpr size_t kMaxSamples = 16;
  static constexpr size_t kMaxLabels = 256;
  static constexpr size_t kMaxLabelSize = 100;

  bool failed = false;      // for want of memory: nothing else of it counts
  bool unreadable = false;  // the system failed to read a part of it
  uint64_t missing = 0;     // bytes of parts that their file no longer had
  std::string output;
  uint64_t bytes = 0;
  uint64_t lines = 0;
  uint64_t records = 0;
  uint64_t events = 0;
  uint64_t detections = 0;
  uint64_t undecided = 0;
  uint64_t terms_evaluated = 0;
  uint64_t terms_possible = 0;
  uint64_t malformed = 0;
  std::vector<MalformedRecord> samples;  // the first of them
  std::map<std::string, uint64_t, std::less<>> unmapped;

  void AddMalformed(const MalformedRecord& record);
  // Records come from anybody, so labels are short, and few: the rest count as "other".
  void AddUnmapped(std::string_view label, uint64_t count);
  // Appends what became of the lines that follow.
  void Append(BlockResult&& next);
};

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_BLOCK_RESULT_H_
