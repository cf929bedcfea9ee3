#include "live/trace_consumer.h"

#include <system_error>
#include <utility>

#include "base/utf16.h"
#include "etw/kernel_groups.h"
#include "etw/known_providers.h"

namespace nuthatch {
namespace {

Status OpenError(const std::u16string& session, const std::string& why) {
  return Status::Error("NUTHATCH_LIVE_SESSION",
                       "the session \"" + Utf16ToUtf8(session) + "\" cannot be read: " + why);
}

bool IsName(const WinEventHeader& header) {
  if (header.provider == KernelClass(kFileGroup)) return IsNameOf(kFileGroup, header.opcode);
  return header.provider == KernelClass(kRegistryGroup) && IsNameOf(kRegistryGroup, header.opcode);
}

// DCStart and DCEnd of the kernel's classes, and names.
bool IsTaken(const WinEventHeader& header, TraceConsumer::Takes takes) {
  if (takes == TraceConsumer::Takes::kAll) return true;
  if ((header.flags & WinEventHeader::kClassic) == 0) return false;
  const bool runs = header.opcode == 3 || header.opcode == 4;
  return (runs && takes == TraceConsumer::Takes::kRundown) || IsName(header);
}

// What takes its time to be known, a signature or an account's name, is asked for when these come.
bool BeginsQuestions(const WinEventHeader& header) {
  if ((header.flags & WinEventHeader::kClassic) == 0)
    return (header.id == 1 || header.id == 5) && header.provider == kKernelProcessProvider;
  if (header.opcode == 1) return header.provider == KernelClass(kProcessGroup);
  return header.opcode == 10 && header.provider == KernelClass(kImageGroup);
}

}  // namespace

Status TraceConsumer::Open(EtwSystem* system, const TraceSession& session, const TraceClock& clock,
                           Takes takes, RecordQueue* queue, std::function<void(uint32_t)> ended,
                           std::unique_ptr<TraceConsumer>* out) {
  std::unique_ptr<TraceConsumer> consumer(new TraceConsumer(system, session, takes, queue));
  if (session.clock() == WinTraceProperties::kPerformanceCounter) consumer->clock_ = clock;
  WinTraceFile& file = consumer->file_;
  file.session = consumer->session_.data();
  file.mode = WinTraceFile::kRealTime | WinTraceFile::kRawTime | WinTraceFile::kEventRecord;
  file.on_event = &OnEvent;
  file.on_buffer = &OnBuffer;
  file.context = consumer.get();
  uint32_t error = kEtwSuccess;
  consumer->trace_ = system->OpenTrace(&file, &error);
  if (consumer->trace_ == EtwSystem::kNoTrace)
    return OpenError(session.name(), ErrorOfWindows(error));
  try {
    consumer->thread_ = std::thread([self = consumer.get(), ended = std::move(ended)] {
      const uint32_t error = self->system_->ProcessTrace(self->trace_);
      self->writer_.Flush();
      ended(error);
    });
  } catch (const std::system_error&) {
    return OpenError(session.name(), "there is no thread to be had");
  }
  *out = std::move(consumer);
  return {};
}

TraceConsumer::~TraceConsumer() {
  stopping_ = true;
  // ProcessTrace returns soon after that.
  if (trace_ != EtwSystem::kNoTrace) system_->CloseTrace(trace_);
  if (thread_.joinable()) thread_.join();
}

// Nothing here waits, and nothing throws through the system's code.
void TraceConsumer::OnEvent(WinEventRecord* event) {
  auto* const self = static_cast<TraceConsumer*>(event->context);
  const Takes takes = self->takes_.load(std::memory_order_relaxed);
  if (!IsTaken(event->header, takes)) return;
  if (self->stopping_.load(std::memory_order_relaxed)) {
    if (self->is_ours_ && takes == Takes::kAll) self->queue_->DropOne();
  } else if (!self->writer_.Add(*event, self->clock_.ToFileTime(event->header.time))) {
    self->too_large_.fetch_add(1, std::memory_order_relaxed);
  } else if (BeginsQuestions(event->header)) {
    self->writer_.Hurry();
  }
}

uint32_t TraceConsumer::OnBuffer(WinTraceFile* file) {
  auto* const self = static_cast<TraceConsumer*>(file->context);
  self->writer_.Flush();
  return self->stopping_.load(std::memory_order_relaxed) ? 0 : 1;
}

}  // namespace nuthatch
