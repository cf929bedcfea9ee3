#include "trace/stack_matcher.h"

#include <algorithm>

#include "enrich/kernel_address.h"

namespace nuthatch {

bool HasStack(const EtwRecord& record) {
  ExtendedItems items = record.extended;
  for (ExtendedItem item; items.Next(&item);)
    if (IsStack(item.type)) return true;
  return false;
}

void StackMatcher::Take(const StackKey& of, uint64_t time, StackFrames frames) {
  const size_t size = std::min(frames.count(), kMaxDepth);
  if (size == 0) return;
  bool added = false;
  Moment& moment = moments_.Put(of.raw_time, &added);
  if (added) moment.size = 0;
  if (moment.size == moment.parts.size()) return;
  moment.parts[moment.size++] = {of.pid,   of.tid, time, end_, static_cast<uint32_t>(size),
                                 of.record};
  for (size_t i = 0; i < size; ++i, ++end_) {
    const uint64_t frame = SignExtended(frames[i], frames.frame_size);
    if (frames_.size() < kMaxFrames) {
      frames_.push_back(frame);
    } else {
      frames_[end_ % kMaxFrames] = frame;
    }
  }
  first_may_be_done_ = true;
}

void StackMatcher::Await(const StackKey& key, uint64_t time) {
  waiting_.push_back({key, time, false});
  Waiting& event = waiting_.back();
  if (const Moment* moment = moments_.Find(key.raw_time)) {
    const auto parts = std::span(moment->parts).first(moment->size);
    event.early = std::any_of(parts.begin(), parts.end(),
                              [&](const Part& part) { return Fits(event, part); });
    first_may_be_done_ = true;
  }
}

// In time too, so that it does not matter how often somebody looks.
bool StackMatcher::Fits(const Waiting& event, const Part& part) {
  const auto same = [](uint32_t a, uint32_t b) { return a == b || a == kNoId || b == kNoId; };
  return same(event.key.pid, part.pid) && same(event.key.tid, part.tid) &&
         (part.record == 0 || part.record == event.key.record) && part.time <= event.time + kWait;
}

bool StackMatcher::IsDone(uint64_t time) {
  if (waiting_.empty()) return false;
  if (time > waiting_.front().time + kWait) return true;
  if (!first_may_be_done_) return false;
  first_may_be_done_ = HasUserPart(waiting_.front());
  return first_may_be_done_;
}

bool StackMatcher::HasUserPart(const Waiting& event) {
  const Moment* moment = moments_.Find(event.key.raw_time);
  if (moment == nullptr) return false;
  const auto parts = std::span(moment->parts).first(moment->size);
  return std::any_of(parts.begin(), parts.end(), [&](const Part& part) {
    if (!Fits(event, part) || !IsThere(part)) return false;
    return !IsKernelAddress(FrameAt(part.begin + part.size - 1), 8);
  });
}

MatchedStack StackMatcher::TakeFirst(uint64_t time) {
  const Waiting event = waiting_.front();
  const bool waited = IsDone(time);
  waiting_.pop_front();
  first_may_be_done_ = true;
  kernel_.clear();
  user_.clear();
  MatchedStack stack;
  bool any = false;
  if (const Moment* moment = moments_.Find(event.key.raw_time)) {
    for (const Part& part : std::span(moment->parts).first(moment->size)) {
      if (!Fits(event, part)) continue;
      // A record of no thread has the stack of the one that comes first.
      if (any && part.tid != first_tid_) continue;
      first_tid_ = part.tid;
      stack.pid = part.pid;
      any = true;
      if (IsThere(part)) Collect(part);
    }
  }
  stack.kernel = kernel_;
  stack.user = user_;
  if (!stack.empty()) {
    ++counts_.matched;
    ++(event.early ? counts_.early : counts_.late);
  } else {
    ++(any || !waited ? counts_.dropped : counts_.never_came);
  }
  return stack;
}

void StackMatcher::Collect(const Part& part) {
  for (uint64_t at = part.begin; at < part.begin + part.size; ++at) {
    const uint64_t frame = FrameAt(at);
    std::vector<uint64_t>& half = IsKernelAddress(frame, 8) ? kernel_ : user_;
    if (half.size() < kMaxDepth) half.push_back(frame);
  }
}

}  // namespace nuthatch
