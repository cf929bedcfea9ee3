#include "pipeline/worker.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>

namespace nuthatch {

std::string_view WithoutByteOrderMark(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  return text.substr(text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0);
}

namespace {

// Of the text of a slice's detections, by a worker.
constexpr size_t kMostKept = size_t{256} << 10;

// Takes the next line, without its newline, from the front of text[*at].
std::string_view TakeLine(std::string_view text, size_t* at) {
  const char* const begin = text.data() + *at;
  const size_t rest = text.size() - *at;
  const void* const newline = std::memchr(begin, '\n', rest);
  const size_t size =
      newline ? static_cast<size_t>(static_cast<const char*>(newline) - begin) : rest;
  *at += newline ? size + 1 : size;
  return {begin, size};
}

// Both ascending.
void KeepOnly(const std::vector<DetectorId>& some, std::vector<DetectorId>* detectors) {
  std::erase_if(*detectors, [&](DetectorId detector) {
    return !std::binary_search(some.begin(), some.end(), detector);
  });
}

bool IsBlank(std::string_view line) { return std::all_of(line.begin(), line.end(), IsJsonSpace); }

bool ChangesFile(EventType type) {
  switch (type) {
    case EventType::kFileCreate:
    case EventType::kFileModify:
    case EventType::kFileDelete:
    case EventType::kFileRename:
      return true;
    default:
      return false;
  }
}

}  // namespace

Worker::Worker(const Program& program, const ProcessTable* processes, const WorkerOptions& options,
               const WorkerSignatures& signatures)
    : program_(program),
      processes_(processes),
      options_(options),
      signatures_(signatures),
      news_(program, signatures.cache),
      reader_(program.standardizer.paths()),
      routes_(program.standardizer),
      mapped_(program.standardizer),
      starts_(processes),
      event_source_(program.standardizer, program.standardizer, processes, signatures.cache),
      evaluator_(program.plan),
      writer_(program, processes, signatures.cache) {}

void Worker::ReadFile(Slice* slice) {
  const auto lines =
      file_lines_.Read(slice->file, slice->begin, slice->end, options_.max_record_bytes + 1);
  slice->result.unreadable = !lines;
  slice->result.missing = lines ? file_lines_.missing() : slice->end - slice->begin;
  slice->text = lines.value_or("");
  if (slice->begin == 0) slice->text = WithoutByteOrderMark(slice->text);
}

void Worker::Read(Slice* slice) {
  records_.clear();
  found_.clear();
  starts_.Clear();
  if (slice->trace != nullptr) return ReadTrace(slice);
  if (slice->file != nullptr) ReadFile(slice);
  reader_.Open(slice->text);
  for (size_t at = 0; !slice->stopped && at < slice->text.size();) {
    const std::string_view line = TakeLine(slice->text, &at);
    ++slice->result.lines;
    if (!IsBlank(line)) ReadLine(line, slice);
  }
}

// A record of a trace is counted as a line, whether it has an event or not.
void Worker::ReadTrace(Slice* slice) {
  const TraceBlock& trace = *slice->trace;
  slice->text = trace.text;
  slice->result.lines = trace.records;
  slice->result.records = trace.records;
  for (const TraceBlock::File& file : trace.files)
    news_.AddFile(file.news, trace.PathOf(file), file.numbers);
  for (const TraceBlock::Record& event : trace.events) {
    const size_t found_before = found_.size();
    const std::span<const FoundValue> found = trace.FoundOf(event);
    for (const FoundValue& value : found) {
      const PathTree::Slot slot = program_.live_slots[value.slot];
      if (slot != PathTree::kNoSlot) found_.push_back({slot, value.slice});
    }
    const Record record{{}, found, event.number - trace.records_before, {}, found_before, 0, 0};
    if (!AddRecord(record, slice)) found_.resize(found_before);
  }
}

void Worker::ReadLine(std::string_view line, Slice* slice) {
  const size_t size = line.size() - (line.ends_with('\r') ? 1 : 0);
  if (size > options_.max_record_bytes) {
    AddMalformed("NUTHATCH_RECORD_TOO_LONG", "the line is longer than a record may be", slice);
    return;
  }
  const size_t found_before = found_.size();
  const JsonFault fault = reader_.ReadLine(line, &found_);
  if (!fault.ok()) {
    AddMalformed(fault.code, fault.reason, slice);
    return;
  }
  ++slice->result.records;
  if (!AddRecord({line, {}, slice->result.lines, {}, found_before, 0, 0}, slice))
    found_.resize(found_before);
}

// Of the record what comes after what was found is not known yet. False when it is not to be
// evaluated.
bool Worker::AddRecord(Record record, Slice* slice) {
  const auto found = std::span<const FoundValue>(found_).subspan(record.found_begin);
  const auto& [route, label] = RouteOf(slice->text.data(), found);
  if (!route) {
    slice->result.AddUnmapped(label, 1);
    return false;
  }
  ++slice->result.events;
  const EventType type = program_.standardizer.type(*route);
  // A trace's events have their process's facts themselves, wherever it began.
  const bool is_kept = processes_ != nullptr && slice->trace == nullptr;
  if (is_kept && type == EventType::kProcessStart) {
    AddStart(slice->text.data(), found, *route);
  }
  if (signatures_.parked != nullptr && ChangesFile(type)) {
    OpenAs(*route, slice->text.data(), found);
    Invalidate();
  }
  if (program_.output == Output::kDetections && !program_.plan->Evaluates(type)) return false;
  record.route = *route;
  record.found_size = found.size();
  record.starts = starts_.size();
  records_.push_back(record);
  return true;
}

void Worker::Open(const char* base, std::span<const FoundValue> found) {
  arena_.Reset();
  mapped_.Begin(base, found, &arena_);
}

void Worker::OpenAs(RouteId route, const char* base, std::span<const FoundValue> found) {
  Open(base, found);
  mapped_.SetRoute(route);
}

const RouteMemory::Outcome& Worker::RouteOf(const char* base, std::span<const FoundValue> found) {
  if (const RouteMemory::Outcome* const known = routes_.Find(base, found)) return *known;
  Open(base, found);
  const auto route = mapped_.FindRoute();
  return routes_.Remember(route, route ? std::string_view() : mapped_.Label());
}

void Worker::AddStart(const char* base, std::span<const FoundValue> found, RouteId route) {
  OpenAs(route, base, found);
  const Value guid = mapped_.Property(PropertyId::kProcessGuid);
  if (!guid.present()) return;
  std::string* const start = starts_.Add(guid.strings()[0]);
  if (start != nullptr) KeepStart(base, found, route, program_.start_slots, start);
}

// What is known of a file is no longer so when an event says that it has changed.
void Worker::Invalidate() {
  for (const PropertyId id : {PropertyId::kFilePath, PropertyId::kFilePreviousPath}) {
    const Value path = mapped_.Property(id);
    if (path.present()) signatures_.cache->Invalidate(path.strings()[0]);
  }
}

void Worker::AddMalformed(const char* code, const char* reason, Slice* slice) {
  slice->result.AddMalformed({slice->source, slice->result.lines, code, reason});
  slice->stopped = options_.stop_at_malformed;
}

void Worker::Evaluate(ProcessTable::Ordinal starts_before, Slice* slice) {
  event_source_.BeginBlock();
  if (program_.output == Output::kDetections) {
    Detect(starts_before, slice);
    return;
  }
  std::string& output = slice->result.output;
  output.reserve(usual_output_);
  for (const Record& record : records_) {
    Begin(record, starts_before + record.starts, slice);
    AppendEvent(&event_, program_.output == Output::kEventsWithDerived, &output);
    output += '\n';
  }
  usual_output_ = output.size() + output.size() / 8;
}

void Worker::Begin(const Record& record, ProcessTable::Ordinal as_of, Slice* slice) {
  const auto found = std::span(found_).subspan(record.found_begin, record.found_size);
  event_source_.Begin(slice->text.data(), found, record.route, as_of, &event_);
}

// Type by type, so that the tables of a type's terms are looked at while they are in a near cache;
// the detections are put back in the order of the records.
void Worker::Detect(ProcessTable::Ordinal starts_before, Slice* slice) {
  std::array<size_t, kEventTypeCount + 1> begins{};
  const auto type_of = [this](const Record& record) {
    return static_cast<size_t>(program_.standardizer.type(record.route));
  };
  for (const Record& record : records_) ++begins[type_of(record) + 1];
  std::partial_sum(begins.begin(), begins.end(), begins.begin());
  order_.resize(records_.size());
  for (uint32_t i = 0; i < records_.size(); ++i) order_[begins[type_of(records_[i])]++] = i;
  fired_.clear();
  detections_.clear();
  for (const uint32_t i : order_) {
    const size_t before = detections_.size();
    EvaluateRecord(records_[i], starts_before + records_[i].starts, slice);
    if (detections_.size() > before) fired_.push_back({i, before, detections_.size() - before});
  }
  slice->result.output.reserve(detections_.size());
  std::sort(fired_.begin(), fired_.end(),
            [](const Fired& a, const Fired& b) { return a.record < b.record; });
  for (const Fired& fired : fired_)
    slice->result.output.append(detections_, fired.begin, fired.size);
  if (detections_.capacity() > kMostKept) std::string().swap(detections_);
}

void Worker::EvaluateRecord(const Record& record, ProcessTable::Ordinal as_of, Slice* slice) {
  Begin(record, as_of, slice);
  ParkedEvent* const parked = slice->parked;
  if (parked != nullptr) event_source_.ResumeSignatures(parked->signatures);
  evaluator_.Evaluate(&event_, &outcome_);
  if (parked != nullptr) {
    KeepOnly(parked->undecided, &outcome_.fired);
    KeepOnly(parked->undecided, &outcome_.undecided);
    parked->flight = outcome_.undecided.empty() ? 0 : event_source_.pending_flight();
    parked->signatures = event_source_.signatures();
  }
  const bool is_line = slice->trace == nullptr;
  const RecordOrigin origin{slice->source_name, slice->lines_before + record.line,
                            is_line ? record.text : slice->text, record.trace};
  BlockResult& result = slice->result;
  result.detections += outcome_.fired.size();
  if (!Park(origin, as_of)) result.undecided += outcome_.undecided.size();
  result.terms_evaluated += outcome_.terms_evaluated;
  result.terms_possible += outcome_.terms_possible;
  if (outcome_.fired.empty()) return;
  writer_.Append(outcome_.fired, &event_, &evaluator_, event_source_, origin, as_of, &detections_);
}

// The event evaluated last, if its outcome hangs on a signature that is being verified.
bool Worker::Park(const RecordOrigin& origin, ProcessTable::Ordinal as_of) {
  if (signatures_.parked == nullptr || outcome_.undecided.empty()) return false;
  ParkedEvent event;
  event.flight = event_source_.pending_flight();
  if (event.flight == 0) return false;
  event.signatures = event_source_.signatures();
  event.source = origin.source;
  event.line = origin.line;
  event.undecided = outcome_.undecided;
  return writer_.StandardForm(origin, as_of, &event.text) &&
         signatures_.parked->Park(std::move(event));
}

}  // namespace nuthatch
