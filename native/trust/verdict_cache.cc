#include "trust/verdict_cache.h"

#include <algorithm>

namespace nuthatch {

VerdictCache::VerdictCache(const VerdictCacheOptions& options, VerifierPool::MakeVerify make_verify,
                           Deliver deliver)
    : options_(options), deliver_(std::move(deliver)) {
  pool_ = std::make_unique<VerifierPool>(
      options.pool, std::move(make_verify),
      [this](uint64_t flight, FileVerdict verdict) { Answer(flight, std::move(verdict)); });
}

std::optional<uint64_t> VerdictCache::Ask(const std::string& path, bool follow_links) {
  const std::lock_guard lock(mutex_);
  const auto [at, added] = entries_.try_emplace(Key(path, follow_links));
  Entry& entry = at->second;
  if (added) entry.used = used_.insert(used_.end(), &at->first);
  used_.splice(used_.end(), used_, entry.used);
  bool late = false;
  if (entry.flight != 0) {
    late = !pool_->Waits(entry.flight);
    if (!late || !entry.late.empty()) ++statistics_.coalesced;
  } else if (!Begin(at, /*has_place=*/false)) {
    EraseIfUnknown(at);
    return std::nullopt;
  }
  (late ? entry.late : entry.questions).push_back(next_question_);
  questions_.emplace(next_question_, at);
  return next_question_++;
}

bool VerdictCache::Begin(Entries::iterator at, bool has_place) {
  const auto& [path, follow_links] = at->first;
  Entry& entry = at->second;
  VerifyRequest request{path, follow_links};
  entry.began = Clock::now();
  if (entry.verdict && entry.began < entry.expires) request.unless = entry.verdict->identity;
  const std::optional<uint64_t> flight = pool_->Submit(std::move(request), has_place);
  if (!flight) return false;
  entry.flight = *flight;
  flights_.emplace(*flight, at);
  return true;
}

void VerdictCache::Cancel(uint64_t question) {
  const std::lock_guard lock(mutex_);
  const auto found = questions_.find(question);
  if (found == questions_.end()) return;
  const Entries::iterator at = found->second;
  questions_.erase(found);
  Entry& entry = at->second;
  std::erase(entry.questions, question);
  std::erase(entry.late, question);
  if (!entry.questions.empty() || !entry.late.empty()) return;
  pool_->Cancel(entry.flight);
  flights_.erase(entry.flight);
  entry.flight = 0;
  EraseIfUnknown(at);
}

void VerdictCache::Answer(uint64_t flight, FileVerdict verdict) {
  Verdict answer;
  std::vector<uint64_t> questions;
  {
    const std::lock_guard lock(mutex_);
    const auto found = flights_.find(flight);
    if (found == flights_.end()) return;  // cancelled just now
    const Entries::iterator at = found->second;
    flights_.erase(found);
    Entry& entry = at->second;
    entry.flight = 0;
    // A folder, or what else is no file, is none that was looked for in vain.
    if (verdict.status != TrustStatus::kNotRegularFile) {
      ++(verdict.unchanged ? statistics_.hits : statistics_.misses);
      Count(Clock::now() - entry.began);
    }
    if (verdict.unchanged) {
      answer = entry.verdict;
    } else {
      answer = std::make_shared<const FileVerdict>(std::move(verdict));
      entry.verdict = Keeps(*answer) ? answer : nullptr;
      entry.expires =
          Clock::now() + std::min(options_.ttl, answer->good_for.value_or(options_.ttl));
    }
    questions = TakeQuestions(&entry);
    entry.questions.swap(entry.late);
    // Once it is closed nobody is answered any more.
    if (!entry.questions.empty() && !Begin(at, /*has_place=*/true)) TakeQuestions(&entry);
    EraseIfUnknown(at);
    MakeRoom();
  }
  for (const uint64_t question : questions) deliver_(question, answer);
}

std::vector<uint64_t> VerdictCache::TakeQuestions(Entry* entry) {
  std::vector<uint64_t> questions;
  questions.swap(entry->questions);
  for (const uint64_t question : questions) questions_.erase(question);
  return questions;
}

bool VerdictCache::Keeps(const FileVerdict& verdict) const {
  const bool asks_catalogs =
      options_.has_catalogs &&
      (verdict.source != SignatureSource::kEmbedded || verdict.status != TrustStatus::kTrusted);
  return options_.keeps && verdict.identity && WasVerified(verdict.status) && !asks_catalogs;
}

void VerdictCache::Count(Clock::duration took) {
  ++statistics_.finished;
  if (took <= options_.enrichment) ++statistics_.within_enrichment;
  latencies_.Add(
      static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(took).count()));
}

void VerdictCache::EraseIfUnknown(Entries::iterator at) {
  if (at->second.verdict || at->second.flight != 0) return;
  used_.erase(at->second.used);
  entries_.erase(at);
}

// Those with a check under way stay: the pool's queue is their bound.
void VerdictCache::MakeRoom() {
  while (entries_.size() - flights_.size() > options_.capacity) {
    auto oldest = used_.begin();
    Entries::iterator at = entries_.find(**oldest);
    while (at->second.flight != 0) at = entries_.find(**++oldest);
    used_.erase(oldest);
    entries_.erase(at);
  }
}

VerdictCacheStatistics VerdictCache::statistics() const {
  const std::lock_guard lock(mutex_);
  VerdictCacheStatistics statistics = statistics_;
  statistics.entries = entries_.size();
  statistics.p50 = latencies_.Percentile(0.5);
  statistics.p90 = latencies_.Percentile(0.9);
  statistics.p99 = latencies_.Percentile(0.99);
  statistics.pool = pool_->statistics();
  return statistics;
}

}  // namespace nuthatch
