#include "pipeline/trace_events.h"

namespace nuthatch {

Status TraceEvents::Begin(Phase phase) {
  reader_.reset();  // where a file has millions of buffers two of them are large
  std::unique_ptr<ByteSource> source;
  Status status = open_(&source);
  if (status.ok()) status = TraceReader::Open(std::move(source), {.stop = stop_}, &reader_);
  phase_ = status.ok() ? phase : Phase::kDone;
  return status;
}

Status TraceEvents::Next(TraceOutput* output, bool* done) {
  Status status;
  switch (phase_) {
    case Phase::kBegin:
      stage_.joiner()->PutOffMapping();
      status = Begin(Phase::kLearning);
      break;
    case Phase::kLearning:
    case Phase::kMapping:
      if (!Learn()) status = EndLearning(output);
      break;
    case Phase::kGiving:
      if (Give(output)) break;
      stage_.NameLeftOut();
      phase_ = Phase::kDone;
      break;
    case Phase::kDone:
      break;
  }
  *done = phase_ == Phase::kDone;
  if (*done) Close();
  return status;
}

void TraceEvents::Close() {
  phase_ = Phase::kDone;
  if (reader_ != nullptr) reader_->Close();
}

Status TraceEvents::EndLearning(TraceOutput* output) {
  if (stage_.joiner()->NeedsMapping()) return Begin(Phase::kMapping);
  const EtlFile& file = reader_->file();
  stage_.joiner()->EndLearning(file.header().events_lost > 0 || file.header().buffers_lost > 0 ||
                               file.loss_marks() > 0 || reader_->faults().total() > 0);
  Status status = Begin(Phase::kGiving);
  stage_.GiveRunningImages(output);
  return status;
}

// False at the end, as below.
bool TraceEvents::Learn() {
  EtwRecord record;
  for (size_t i = 0; i < kStepRecords; ++i) {
    if (!reader_->Next(&record)) return false;
    phase_ == Phase::kLearning ? stage_.Learn(record) : stage_.Map(record);
  }
  return true;
}

bool TraceEvents::Give(TraceOutput* output) {
  EtwRecord record;
  for (size_t i = 0; i < kStepRecords && !output->full(); ++i) {
    if (!reader_->Next(&record)) return false;
    stage_.Give(record, output);
  }
  return true;
}

uint64_t TraceEvents::bytes_done() const {
  if (reader_ == nullptr) return 0;
  const uint64_t size = reader_->file().size();
  if (phase_ == Phase::kDone) return size;
  return static_cast<uint64_t>(static_cast<double>(size) * progress());
}

// From 0 to 1. How many passes there are is known only after the first.
double TraceEvents::progress() const {
  const double part = reader_->progress();
  if (phase_ == Phase::kLearning) return part / 2;
  if (phase_ == Phase::kMapping) return (3 + part) / 6;
  return stage_.stacks() == nullptr ? (1 + part) / 2 : (2 + part) / 3;
}

uint64_t TraceEvents::bytes_given() const {
  if (reader_ == nullptr) return 0;
  const uint64_t size = reader_->file().size();
  if (phase_ == Phase::kDone) return size;
  if (phase_ != Phase::kGiving) return 0;
  return static_cast<uint64_t>(static_cast<double>(size) * reader_->progress());
}

}  // namespace nuthatch
