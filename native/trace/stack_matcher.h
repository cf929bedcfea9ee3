// Brings call stacks to their events. A stack is a record of its own, which names its event by
// time, process and thread; the kernel's part and the process's are two such records mostly, and
// come after the event: the process's when its thread goes back to it. Some come before, for an
// event is told of when it has ended. Stacks in items of their event's record are taken the same
// way.
#ifndef NUTHATCH_TRACE_STACK_MATCHER_H_
#define NUTHATCH_TRACE_STACK_MATCHER_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "enrich/recent_map.h"
#include "etw/record.h"
#include "etw/stack_cache.h"
#include "trace/stack_key.h"

namespace nuthatch {

// Whether the record has a part of its stack, or a number by which one is found.
bool HasStack(const EtwRecord& record);

// From the innermost; spans last until the next call of the matcher.
struct MatchedStack {
  uint32_t pid = kNoId;  // whose addresses they are
  std::span<const uint64_t> kernel;
  std::span<const uint64_t> user;

  bool empty() const { return kernel.empty() && user.empty(); }
};

// Of events.
struct StackCounts {
  uint64_t matched = 0;  // early and late
  uint64_t early = 0;    // the first part came before the event, or in it
  uint64_t late = 0;
  uint64_t never_came = 0;
  uint64_t dropped = 0;  // there was no room to wait on
  // Of all these: a part is in the session's cache of stacks, and was not told in time.
  uint64_t untold = 0;
};

// For one thread at a time. Memory is bounded; once it has grown, nothing is allocated.
class StackMatcher {
 public:
  // In the records' time: nearly all stacks come within it. In a trace of Windows 8 with 9,359 of
  // them 99.9 % of the processes' parts come within 60 ms.
  static constexpr uint64_t kWait = 1'000'000;  // 100 ms
  static constexpr size_t kMaxMoments = size_t{1} << 15;
  static constexpr size_t kMaxFrames = size_t{1} << 19;  // in all; 4 MiB
  static constexpr size_t kMaxWaiting = size_t{1} << 16;
  static constexpr size_t kMaxDepth = 256;  // of a part

  // A part of a stack, in a record of that time (FILETIME). With a number of a record it is that
  // one's own; else that of whichever record of that time.
  void Take(const StackKey& of, uint64_t time, StackFrames frames);

  // From now on parts that are in a session's cache are waited for too: `cache` is told of them
  // yet. So long, beyond kWait, in the records' time. `cache` outlives this.
  void ExpectFrom(const StackCache* cache, uint64_t longest) {
    cache_ = cache;
    longest_ = std::max(kWait, longest);
  }
  // As Take, of a part whose frames are not known yet.
  void Expect(const StackKey& of, uint64_t time, const StackReference& frames);
  // How long an event waits at most.
  uint64_t longest() const { return longest_; }

  // An event that waits from now on. Events are done with in this order.
  void Await(const StackKey& key, uint64_t time);
  size_t waiting() const { return waiting_.size(); }
  // Whether the wait of the first is over: the process's part has come, or no more is waited for.
  // `time` is that of the last record.
  bool IsDone(uint64_t time);
  // Whether there are more than there is room for; then the first is to be taken too.
  bool is_full() const { return waiting_.size() > kMaxWaiting; }
  // The stack of the first, which waits no more; empty where none came.
  MatchedStack TakeFirst(uint64_t time);

  const StackCounts& counts() const { return counts_; }

 private:
  struct Part {
    uint32_t pid = kNoId;
    uint32_t tid = kNoId;
    uint64_t time = 0;
    uint64_t begin = 0;  // of all frames that ever were
    uint32_t size = 0;   // 0: they are not known yet
    uint64_t record = 0;
    StackReference frames;
  };
  // Stacks of other events of the same time are rare.
  struct Moment {
    std::array<Part, 6> parts;
    size_t size = 0;
  };
  struct Waiting {
    StackKey key;
    uint64_t time;
    bool early;
  };

  static bool Fits(const Waiting& event, const Part& part);
  bool IsThere(const Part& part) const { return part.begin + frames_.size() >= end_; }
  uint64_t FrameAt(uint64_t at) const { return frames_[at % kMaxFrames]; }
  Part* AddPart(const StackKey& of, uint64_t time);
  void Keep(StackFrames frames, Part* part);
  void AskCache(Part* part);
  // What has come of an event's stack.
  struct Come {
    bool user = false;    // the process's part
    bool untold = false;  // a part without its frames
  };
  Come WhatHasCome(const Waiting& event);
  void Collect(const Part& part);

  RecentMap<Moment> moments_{kMaxMoments};  // by raw time
  std::vector<uint64_t> frames_;            // a ring
  uint64_t end_ = 0;                        // of all frames that ever were
  std::deque<Waiting> waiting_;
  StackCounts counts_;
  const StackCache* cache_ = nullptr;
  uint64_t longest_ = kWait;
  bool first_may_be_done_ = false;
  uint32_t first_tid_ = kNoId;
  std::vector<uint64_t> kernel_;
  std::vector<uint64_t> user_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_TRACE_STACK_MATCHER_H_
