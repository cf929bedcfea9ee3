// What one thread does with lines: reads the records of a slice, then evaluates them.
#ifndef NUTHATCH_PIPELINE_WORKER_H_
#define NUTHATCH_PIPELINE_WORKER_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enrich/process_table.h"
#include "evaluate/evaluator.h"
#include "pipeline/block_result.h"
#include "pipeline/cache_news.h"
#include "pipeline/detection_writer.h"
#include "pipeline/event_source.h"
#include "pipeline/file_lines.h"
#include "pipeline/parked_events.h"
#include "pipeline/program.h"
#include "pipeline/trace_block.h"
#include "telemetry/record_reader.h"
#include "telemetry/route_memory.h"

namespace nuthatch {

// Lines of one source, and what has become of them so far.
struct Slice {
  uint32_t source = 0;
  std::string_view source_name;
  ByteSource* file = nullptr;  // where lines are to be read from
  uint64_t begin = 0;          // of the part of it
  uint64_t end = 0;
  const TraceBlock* trace = nullptr;  // instead of lines
  std::string_view
      text;  // whole lines; of a file, once they are read; of a trace that of its values
  bool stopped = false;       // at a malformed record
  uint64_t lines_before = 0;  // of the source; known when evaluation begins
  // The event that the only line is, if it was parked: only what was undecided then counts.
  ParkedEvent* parked = nullptr;
  BlockResult result;
};

std::string_view WithoutByteOrderMark(std::string_view text);

struct WorkerOptions {
  bool stop_at_malformed = false;
  size_t max_record_bytes = 0;
};

// Where signatures are verified, and where events wait for it; both are nullptr when none is.
struct WorkerSignatures {
  SignatureCache* cache = nullptr;
  ParkedEvents* parked = nullptr;
};

class Worker {
 public:
  // `processes` is nullptr when nothing is joined.
  Worker(const Program& program, const ProcessTable* processes, const WorkerOptions& options,
         const WorkerSignatures& signatures = {});

  // Reads the slice's lines; those of a file stay until the next Read.
  void Read(Slice* slice);
  // The process starts among the records read last.
  const ProcessStarts* starts() const { return processes_ ? &starts_ : nullptr; }
  // Evaluates the records read last. `starts_before`: those that were published before theirs.
  void Evaluate(ProcessTable::Ordinal starts_before, Slice* slice);

  // What evaluating has cost so far.
  const CostMeter& costs() const { return evaluator_.costs(); }
  // For benchmarks; see CostMeter and Evaluator.
  void SetMetering(Metering metering) { evaluator_.SetMetering(metering); }
  void RememberNoValues() { evaluator_.RememberNoValues(); }

 private:
  struct Record {
    std::string_view text;                   // the line
    std::span<const FoundValue> trace = {};  // instead, of a trace: see TraceBlock
    uint64_t line;                           // in the slice, from 1
    RouteId route;
    size_t found_begin;  // values in found_
    size_t found_size;
    ProcessTable::Ordinal starts;  // of the slice, up to this record
  };

  // Where in detections_ those of a record are.
  struct Fired {
    uint32_t record;
    size_t begin;
    size_t size;
  };

  void ReadFile(Slice* slice);
  void ReadTrace(Slice* slice);
  void ReadLine(std::string_view line, Slice* slice);
  bool AddRecord(Record record, Slice* slice);
  void Open(const char* base, std::span<const FoundValue> found);
  void OpenAs(RouteId route, const char* base, std::span<const FoundValue> found);
  const RouteMemory::Outcome& RouteOf(const char* base, std::span<const FoundValue> found);
  void AddStart(const char* base, std::span<const FoundValue> found, RouteId route);
  void Invalidate();
  bool Park(const RecordOrigin& origin, ProcessTable::Ordinal as_of);
  void AddMalformed(const char* code, const char* reason, Slice* slice);
  void Begin(const Record& record, ProcessTable::Ordinal as_of, Slice* slice);
  void Detect(ProcessTable::Ordinal starts_before, Slice* slice);
  void EvaluateRecord(const Record& record, ProcessTable::Ordinal as_of, Slice* slice);

  const Program& program_;
  const ProcessTable* const processes_;
  const WorkerOptions options_;
  const WorkerSignatures signatures_;
  CacheNews news_;
  FileLines file_lines_;
  RecordReader reader_;
  RouteMemory routes_;
  MappedRecord mapped_;  // while reading
  Arena arena_;
  std::vector<Record> records_;
  std::vector<FoundValue> found_;  // of the records
  ProcessStarts starts_;
  EventSource event_source_;
  Event event_;
  Evaluator evaluator_;
  Outcome outcome_;
  std::vector<uint32_t> order_;  // of evaluating: places in records_
  std::vector<Fired> fired_;
  std::string detections_;   // of a slice
  size_t usual_output_ = 0;  // about the bytes of a slice's events
  DetectionWriter writer_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_WORKER_H_
