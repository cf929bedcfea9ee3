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
  if (frames.count() == 0) return;
  if (Part* const part = AddPart(of, time)) Keep(frames, part);
}

void StackMatcher::Expect(const StackKey& of, uint64_t time, const StackReference& frames) {
  if (cache_ == nullptr) return;
  if (Part* const part = AddPart(of, time)) part->frames = frames;
}

// nullptr when there are too many of that time.
StackMatcher::Part* StackMatcher::AddPart(const StackKey& of, uint64_t time) {
  bool added = false;
  Moment& moment = moments_.Put(of.raw_time, &added);
  if (added) moment.size = 0;
  if (moment.size == moment.parts.size()) return nullptr;
  first_may_be_done_ = true;
  Part& part = moment.parts[moment.size++];
  part = {of.pid, of.tid, time, /*begin=*/0, /*size=*/0, of.record, {}};
  return &part;
}

void StackMatcher::Keep(StackFrames frames, Part* part) {
  const size_t size = std::min(frames.count(), kMaxDepth);
  part->begin = end_;
  part->size = static_cast<uint32_t>(size);
  for (size_t i = 0; i < size; ++i, ++end_) {
    const uint64_t frame = SignExtended(frames[i], frames.frame_size);
    if (frames_.size() < kMaxFrames) {
      frames_.push_back(frame);
    } else {
      frames_[end_ % kMaxFrames] = frame;
    }
  }
}

void StackMatcher::AskCache(Part* part) {
  const StackFrames frames = cache_->Find(part->frames);
  if (frames.count() > 0) Keep(frames, part);
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
  const Waiting& event = waiting_.front();
  if (time > event.time + longest_) return true;
  const bool is_late = time > event.time + kWait;
  if (!is_late && !first_may_be_done_) return false;
  const Come come = WhatHasCome(event);
  first_may_be_done_ = come.user || come.untold;
  return (come.user || is_late) && !come.untold;
}

StackMatcher::Come StackMatcher::WhatHasCome(const Waiting& event) {
  Come come;
  Moment* const moment = moments_.Find(event.key.raw_time);
  if (moment == nullptr) return come;
  for (Part& part : std::span(moment->parts).first(moment->size)) {
    if (!Fits(event, part)) continue;
    if (part.size == 0) AskCache(&part);
    if (part.size == 0) {
      come.untold = true;
    } else if (IsThere(part) && !IsKernelAddress(FrameAt(part.begin + part.size - 1), 8)) {
      come.user = true;
    }
  }
  return come;
}

MatchedStack StackMatcher::TakeFirst(uint64_t time) {
  const Waiting event = waiting_.front();
  const bool waited = IsDone(time);
  if (WhatHasCome(event).untold) ++counts_.untold;
  waiting_.pop_front();
  first_may_be_done_ = true;
  kernel_.clear();
  user_.clear();
  MatchedStack stack;
  bool any = false;
  if (const Moment* moment = moments_.Find(event.key.raw_time)) {
    for (const Part& part : std::span(moment->parts).first(moment->size)) {
      if (!Fits(event, part) || part.size == 0) continue;
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
