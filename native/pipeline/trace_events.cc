#include "pipeline/trace_events.h"

namespace nuthatch {

Status TraceEvents::OpenReader() {
  reader_.reset();  // where a file has millions of buffers two of them are large
  std::unique_ptr<ByteSource> source;
  const Status status = open_(&source);
  return status.ok() ? TraceReader::Open(std::move(source), {.stop = stop_}, &reader_) : status;
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
      EndLearning();
      status = OpenReader();
      phase_ = status.ok() ? Phase::kGiving : Phase::kDone;
      stage_.GiveRunningImages(output);
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

void TraceEvents::EndLearning() {
  const EtlFile& file = reader_->file();
  stage_.joiner()->EndLearning(file.header().events_lost > 0 || file.header().buffers_lost > 0 ||
                               file.loss_marks() > 0 || reader_->faults().total() > 0);
}

// False at the end, as below.
bool TraceEvents::Learn() {
  EtwRecord record;
  for (size_t i = 0; i < kStepRecords; ++i) {
    if (!reader_->Next(&record)) return false;
    stage_.Learn(record);
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
