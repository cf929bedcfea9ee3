#include "pipeline/live_trace.h"

#include <algorithm>
#include <new>
#include <system_error>
#include <utility>

#include "base/clock.h"
#include "base/utf16.h"
#include "live/event_record.h"

namespace nuthatch {
namespace {

// One that is mounted while the trace runs is asked for when it is first met, but not for each
// record on a volume that has no letter.
constexpr auto kVolumesEvery = std::chrono::seconds(30);

// Chunks that are taken before anything is due.
constexpr size_t kMany = 32;

void TellVolumes(const Machine& machine, TraceJoiner* joiner) {
  for (const Machine::Volume& volume : machine.volumes)
    joiner->mutable_volumes()->Add(volume.device, volume.drive);
}

void Tell(const Machine& machine, TraceJoiner* joiner) {
  joiner->SetComputer(machine.computer);
  if (!machine.windows_folder.empty())
    joiner->mutable_volumes()->SetWindowsFolder(machine.windows_folder);
  TellVolumes(machine, joiner);
}

}  // namespace

LiveTrace::LiveTrace(std::shared_ptr<EtwSystem> system, LiveTraceOptions options,
                     const MakeOutput& make_output)
    : system_(std::move(system)),
      options_(std::move(options)),
      source_(system_, options_.source),
      order_(source_.queue(), std::chrono::nanoseconds(options_.in_order_within).count()),
      stage_(options_.filter),
      output_(make_output(stage_.joiner())) {
  const std::vector<SessionRequest>& sessions = options_.source.sessions;
  if (std::any_of(sessions.begin(), sessions.end(),
                  [](const SessionRequest& each) { return each.kernel_flags != 0; }))
    stage_.joiner()->ExpectKernelLogger();
  const auto event_of = [](const EtwRecord& record) {
    WinEventRecord event{};  // TDH goes by the header
    event.header = HeaderOf(record);
    return event;
  };
  stage_.decoder()->SetAsking(
      {[this, event_of](const EtwRecord& record, std::vector<uint8_t>* info) {
         return system_->EventInformation(event_of(record), info) == kEtwSuccess;
       },
       [this, event_of](const EtwRecord& record, const std::string& name,
                        std::vector<uint8_t>* map) {
         return system_->EventMapInformation(event_of(record), Utf8ToUtf16(name).c_str(), map) ==
                kEtwSuccess;
       }});
  if (output_->asks_accounts()) {
    accounts_.emplace([system = system_](const std::string& sid, Account* account) {
      return system->LookupAccountSid(sid, &account->name, &account->domain);
    });
    stage_.joiner()->NameAccounts(&*accounts_);
  }
  stage_.ExpectCachedStacks(
      static_cast<uint64_t>(std::chrono::nanoseconds(options_.cached_stacks_within).count()) / 100);
}

LiveTrace::~LiveTrace() { Abort(); }

void LiveTrace::Start(const std::function<void(Status)>& started, std::function<void()> ended,
                      std::function<void()> on_problem) {
  try {
    thread_ = std::thread(
        [this, started, ended = std::move(ended), on_problem = std::move(on_problem)]() mutable {
          Status status = Begin(std::move(on_problem));
          const bool runs = status.ok();
          started(std::move(status));
          if (!runs) return;
          Run();
          ended();
        });
  } catch (const std::system_error&) {
    started(Status::Error("NUTHATCH_LIVE_SESSION", "there is no thread to be had"));
  }
}

Status LiveTrace::Begin(std::function<void()> on_problem) {
  try {
    Status status = output_->Open();
    if (!status.ok()) return status;
    Tell(system_->Describe(), stage_.joiner());
    return source_.Start(std::move(on_problem));
  } catch (const std::bad_alloc&) {
    source_.Abort();
    return Status::Error("NUTHATCH_OUT_OF_MEMORY", "there is not enough memory for a live trace");
  }
}

void LiveTrace::Abort() {
  aborted_ = true;
  source_.Abort();
  Wake();
  if (thread_.joinable()) thread_.join();
  source_.Join();
  output_->Abort();
}

void LiveTrace::Wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
    changed_.notify_all();
  }
  source_.queue()->Wake();
}

// What is left half done when there is no memory is dropped with its output.
void LiveTrace::Run() {
  try {
    Work();
  } catch (const std::bad_alloc&) {
    source_.OutOfMemory();
  }
}

void LiveTrace::Work() {
  for (bool more = true; more && !aborted_;) {
    AwaitRoom();
    more = TakeChunks();
    GiveDue();
    AskVolumes();
    NoteLosses();
    output_->Woken();
    Publish();
  }
  if (!aborted_) Hand();
  output_->Finish();
  Publish();  // with what was waited for until then
}

void LiveTrace::AwaitRoom() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return woken_ || aborted_ || output_->HasRoom(); });
  woken_ = false;
}

// Waits until there is something to do. While records wait for their order, those that come may
// wait in the queue as well as here, but for the urgent. False when no more comes and all has been
// given.
bool LiveTrace::TakeChunks() {
  if (order_.is_full() && !output_->HasRoom()) return true;
  int64_t due = ClockNanoseconds() + std::chrono::nanoseconds(std::chrono::hours(1)).count();
  due = std::min(due, output_->due());
  if (!order_.empty()) due = std::min(due, order_.due());
  RecordQueue* const queue = source_.queue();
  RecordQueue::Chunk chunk = queue->Take(MomentOf(due), order_.empty() ? 1 : kMany);
  if (chunk == nullptr && queue->is_done()) {
    order_.Finish();
    return !order_.empty();
  }
  for (; chunk != nullptr; chunk = order_.is_full() ? nullptr : queue->Take({})) {
    Learn(*chunk);
    order_.Add(std::move(chunk));
  }
  stage_.GiveRunningImages(output_->files());
  return true;
}

// A process's start is followed at once by the load of its image, which tells its path.
void LiveTrace::Learn(const RecordChunk& chunk) {
  EtwRecord record;
  for (uint32_t at = 0; at < chunk.bytes().size();) {
    at = chunk.Read(at, &record);
    stage_.Learn(record);
  }
}

// What there is no room for waits, and with it what comes after.
void LiveTrace::GiveDue() {
  EtwRecord record;
  for (int64_t now = ClockNanoseconds();;) {
    if (target_ == nullptr) {
      if (!output_->HasRoom()) return;
      target_ = output_->Begin(handed_);
    }
    if (!order_.Next(now, &record)) break;
    arrived_ = arrived_ == 0 ? order_.arrived() : std::min(arrived_, order_.arrived());
    stage_.Give(record, target_);
    if (!target_->full()) continue;
    Hand();
    now = ClockNanoseconds();
  }
  Hand();
}

void LiveTrace::AskVolumes() {
  wants_volumes_ = stage_.joiner()->mutable_volumes()->TakeUnknown() || wants_volumes_;
  const auto now = std::chrono::steady_clock::now();
  if (!wants_volumes_ || (asked_volumes_ && now - *asked_volumes_ < kVolumesEvery)) return;
  wants_volumes_ = false;
  asked_volumes_ = now;
  TellVolumes(system_->Describe(), stage_.joiner());
}

// Of what was lost may have been images. When they were is not told: before what has come by now,
// of which some may still wait. Only what is told of them after that counts; a session that is
// started anew begins with it.
void LiveTrace::NoteLosses() {
  const LiveCounts counts = source_.counts();
  const uint64_t lost = counts.LostOfSessions();
  const bool more = std::exchange(lost_, lost) != lost;
  const bool anew = std::exchange(restarts_, counts.restarts) != counts.restarts;
  if (more) output_->Tell();
  if (more || anew) lost_before_ = counts.queue.queued - counts.queue.dropped;
  wants_rundown_ = wants_rundown_ || more;
  if (!lost_before_) return;
  stage_.joiner()->RecordsLost(stage_.joiner()->time());
  if (stage_.records() < *lost_before_) return;
  lost_before_.reset();
  if (std::exchange(wants_rundown_, false)) source_.RunDown();
}

void LiveTrace::Hand() {
  const uint64_t records = stage_.records();
  if (target_ == nullptr || records == handed_) return;
  waited_.Add(static_cast<uint64_t>(ClockNanoseconds() - arrived_) / 1000);
  handed_ = records;
  Publish();  // before anybody takes them
  output_->End(records, arrived_);
  target_ = nullptr;
  arrived_ = 0;
}

void LiveTrace::Publish() {
  const std::lock_guard lock(mutex_);
  counts_.records = handed_;
  counts_.out_of_order = order_.out_of_order();
  counts_.raw = stage_.undecoded().total().raw;
  counts_.incomplete = stage_.undecoded().total().incomplete;
  if (const StackCounts* const stacks = stage_.stacks()) counts_.stacks = *stacks;
  counts_.unnamed_starts = stage_.joiner()->unnamed_starts();
}

LiveTraceCounts LiveTrace::counts() const {
  LiveTraceCounts counts;
  {
    const std::lock_guard lock(mutex_);
    counts = counts_;
  }
  counts.source = source_.counts();
  if (accounts_) counts.accounts = accounts_->counts();
  counts.waited_p50 = waited_.Percentile(0.5);
  counts.waited_p99 = waited_.Percentile(0.99);
  return counts;
}

}  // namespace nuthatch
