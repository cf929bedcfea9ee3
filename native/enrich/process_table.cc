#include "enrich/process_table.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <utility>

#include "base/random.h"

namespace nuthatch {
namespace {

constexpr uint32_t kNone = UINT32_MAX;
// A command line has at most 32,767 UTF-16 units; longer texts are not joined.
constexpr size_t kMaxFactSize = size_t{128} << 10;

uint32_t SizeAt(const char* bytes, size_t i) {
  uint32_t size;
  std::memcpy(&size, bytes + i * sizeof(size), sizeof(size));
  return size;
}

std::string_view BytesOf(const Value& value, const double& number) {
  if (value.kind() == ValueKind::kString) return value.strings()[0];
  return {reinterpret_cast<const char*>(&number), sizeof(number)};
}

}  // namespace

ProcessTable::ProcessTable(std::vector<PropertyId> properties, size_t capacity)
    : properties_(std::move(properties)),
      capacity_(capacity),
      budget_(std::max(capacity * kBytesPerStart, kLeastBytes)),
      key_{RandomWord(), RandomWord()},
      entry_mask_(std::bit_ceil(capacity + kSlack) - 1),
      entries_(std::make_unique_for_overwrite<Entry[]>(entry_mask_ + 1)),
      bucket_mask_(std::bit_ceil(std::max<size_t>(capacity, 1)) - 1),
      buckets_(std::make_unique<std::atomic<Ordinal>[]>(bucket_mask_ + 1)) {
  assert(properties_.size() < 128);
  fact_of_.fill(-1);
  for (size_t i = 0; i < properties_.size(); ++i) {
    fact_of_[static_cast<size_t>(properties_[i])] = static_cast<int16_t>(i);
  }
}

ProcessTable::~ProcessTable() = default;

ProcessTable::Process ProcessTable::Find(std::string_view guid, Ordinal as_of) const {
  const uint64_t hash = SipHash(key_, guid);
  const Ordinal floor = as_of > capacity_ ? as_of - capacity_ : 0;
  const uint64_t end = EndOf(as_of);
  Process process;
  Ordinal start = buckets_[hash & bucket_mask_].load(std::memory_order_acquire);
  for (; start > floor; start = EntryOf(start).next) {
    const Entry& entry = EntryOf(start);
    if (start > as_of || entry.hash != hash) continue;
    if (entry.begin + budget_ < end) break;
    const size_t sizes = (1 + properties_.size()) * sizeof(uint32_t);
    if (std::string_view(entry.bytes + sizes, SizeAt(entry.bytes, 0)) != guid) continue;
    process.table_ = this;
    process.bytes_ = entry.bytes;
    break;
  }
  return process;
}

Value ProcessTable::Process::Fact(PropertyId id) const {
  const int fact = table_->fact_of_[static_cast<size_t>(id)];
  if (fact < 0 || SizeAt(bytes_, 1 + fact) == kNone) return Value::Missing();
  const size_t count = 1 + table_->properties_.size();
  const char* text = bytes_ + count * sizeof(uint32_t);
  for (int i = 0; i <= fact; ++i) {
    const uint32_t size = SizeAt(bytes_, i);
    if (size != kNone) text += size;
  }
  if (KindOf(id) != PropertyKind::kNumber) return Value::String({text, SizeAt(bytes_, 1 + fact)});
  double number;
  std::memcpy(&number, text, sizeof(number));
  return Value::Number(number);
}

bool ProcessTable::HasRoom(size_t starts, Ordinal oldest) const {
  return published_ - oldest + starts + capacity_ <= entry_mask_ + 1;
}

void ProcessTable::Publish(const ProcessStarts& starts, Ordinal oldest) {
  assert(HasRoom(starts.size(), oldest));
  FreeBlocks(oldest);
  if (starts.size() == 0) return;
  const size_t size = starts.bytes_.size();
  const uint64_t before = EndOf(published_);
  blocks_.push_back({starts.bytes_, published_ + starts.size(), before + size});
  const Block& block = blocks_.back();  // which stays where it is
  for (size_t i = 0; i < starts.size(); ++i) {
    const ProcessStarts::Start& start = starts.starts_[i];
    const size_t end = i + 1 < starts.size() ? starts.starts_[i + 1].begin : size;
    std::atomic<Ordinal>& bucket = buckets_[start.hash & bucket_mask_];
    const Ordinal ordinal = published_ + i + 1;
    EntryOf(ordinal) = {start.hash, bucket.load(std::memory_order_relaxed), before + start.begin,
                        before + end, block.bytes.data() + start.begin};
    bucket.store(ordinal, std::memory_order_release);
  }
  published_ += starts.size();
}

void ProcessTable::FreeBlocks(Ordinal oldest) {
  while (!blocks_.empty()) {
    const Block& block = blocks_.front();
    const bool in_capacity = block.last + capacity_ > oldest;
    const bool in_budget = block.end + budget_ > EndOf(oldest);
    if (in_capacity && in_budget) return;
    blocks_.pop_front();
  }
}

void ProcessStarts::Clear() {
  starts_.clear();
  bytes_.clear();
}

void ProcessStarts::Add(std::string_view guid, std::span<const Value> facts) {
  assert(facts.size() == table_->properties_.size());
  if (guid.size() > kMaxFactSize) return;
  const size_t begin = bytes_.size();
  starts_.push_back({SipHash(table_->key_, guid), begin});
  const auto append_size = [&](uint32_t size) {
    bytes_.append(reinterpret_cast<const char*>(&size), sizeof(size));
  };
  append_size(static_cast<uint32_t>(guid.size()));
  const auto kept = [](const Value& fact, std::string_view bytes) {
    return fact.present() && bytes.size() <= kMaxFactSize;
  };
  for (const Value& fact : facts) {
    const double number = fact.number();
    const std::string_view bytes = BytesOf(fact, number);
    append_size(kept(fact, bytes) ? static_cast<uint32_t>(bytes.size()) : kNone);
  }
  bytes_.append(guid);
  for (const Value& fact : facts) {
    const double number = fact.number();
    const std::string_view bytes = BytesOf(fact, number);
    if (kept(fact, bytes)) bytes_.append(bytes);
  }
}

}  // namespace nuthatch
