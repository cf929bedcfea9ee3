#include "pipeline/trace_events.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"

namespace nuthatch {
namespace {

template <typename T>
bool Has(const std::vector<T>& list, const T& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

// The first field of a kernel event that is a process: what the event is about.
uint32_t ProcessOf(const DecodedEvent& event) {
  return event.record->group == kNoGroup ? kNoId : event.FirstOf(OutType::kPid);
}

}  // namespace

bool EventFilter::Passes(const EtwRecord& record) const {
  return ids.empty() || Has(ids, uint32_t{KeyOf(record).number});
}

// A handful of providers: to look at all of them costs less than to look one up.
bool EventFilter::IsStandard(const EtwRecord& record) const {
  if (record.kind != HeaderKind::kEvent) return false;
  for (const StandardEvents& events : *standard) {
    if (events.provider == record.provider) return Has(events.ids, record.id);
  }
  return false;
}

bool EventFilter::Passes(const DecodedEvent& event, uint32_t actor) const {
  if (!pids.empty() && !Has(pids, event.record->pid) && !Has(pids, ProcessOf(event)) &&
      !Has(pids, actor))
    return false;
  if (providers.empty()) return true;
  const std::string guid = ToText(event.record->provider);
  return std::any_of(providers.begin(), providers.end(), [&](const std::string& wanted) {
    return EqualIgnoringAsciiCase(wanted, event.provider) || EqualIgnoringAsciiCase(wanted, guid);
  });
}

Status TraceEvents::OpenReader() {
  std::unique_ptr<ByteSource> source;
  const Status status = open_(&source);
  return status.ok() ? TraceReader::Open(std::move(source), {}, &reader_) : status;
}

Status TraceEvents::Next(TraceOutput* output, bool* done) {
  Status status;
  switch (phase_) {
    case Phase::kBegin:
      status = OpenReader();
      phase_ = status.ok() ? Phase::kLearning : Phase::kDone;
      break;
    case Phase::kLearning:
      if (Learn()) break;
      status = OpenReader();
      phase_ = status.ok() ? Phase::kGiving : Phase::kDone;
      GiveRunningImages(output);
      break;
    case Phase::kGiving:
      if (!Give(output)) phase_ = Phase::kDone;
      break;
    case Phase::kDone:
      break;
  }
  *done = phase_ == Phase::kDone;
  return status;
}

// False at the end, as below.
bool TraceEvents::Learn() {
  EtwRecord record;
  for (size_t i = 0; i < kStepRecords; ++i) {
    if (!reader_->Next(&record)) return false;
    decoder_.Learn(record);
    if (joiner_.ObserveToLearn(record)) joiner_.Learn(decoder_.Decode(record));
  }
  return true;
}

void TraceEvents::GiveRunningImages(TraceOutput* output) {
  std::string path;
  for (const RunningImage& image : joiner_.running_images().all()) {
    path.clear();
    joiner_.volumes().AppendPath(image.path, &path);
    output->AddFile(image.of_process ? FileNews::kProcessRuns : FileNews::kImageRuns, path,
                    image.numbers);
  }
}

bool TraceEvents::Give(TraceOutput* output) {
  EtwRecord record;
  for (size_t i = 0; i < kStepRecords && !output->full(); ++i) {
    if (!reader_->Next(&record)) return false;
    ++records_;
    if (!GiveRecord(record, output) && filter_.standard) left_out_.Add(record);
  }
  return true;
}

// False when the filter leaves it out.
bool TraceEvents::GiveRecord(const EtwRecord& record, TraceOutput* output) {
  const bool is_joined = joiner_.Observe(record);
  const bool is_wanted = filter_.Passes(record);
  const bool is_standard = !filter_.standard || filter_.IsStandard(record);
  if (!is_joined && !(is_wanted && is_standard)) return false;
  const DecodedEvent& event = decoder_.Decode(record);
  const JoinedEvent& joined = joiner_.Join(event, !(is_wanted && is_standard));
  if (joined.file_changed) output->AddFile(FileNews::kChanged, joined.file_path, {});
  if (!is_wanted || !(is_standard || joined.happened)) return false;
  if (!filter_.Passes(event, joined.process.pid)) return false;
  undecoded_.Add(event);
  output->Add(event, joined, records_);
  return true;
}

uint64_t TraceEvents::bytes_done() const {
  if (reader_ == nullptr) return 0;
  const uint64_t size = reader_->file().size();
  if (phase_ == Phase::kDone) return size;
  const double passes = reader_->progress() + (phase_ == Phase::kGiving ? 1 : 0);
  return static_cast<uint64_t>(static_cast<double>(size) * passes / 2);
}

uint64_t TraceEvents::bytes_given() const {
  if (reader_ == nullptr) return 0;
  const uint64_t size = reader_->file().size();
  if (phase_ == Phase::kDone) return size;
  if (phase_ != Phase::kGiving) return 0;
  return static_cast<uint64_t>(static_cast<double>(size) * reader_->progress());
}

}  // namespace nuthatch
