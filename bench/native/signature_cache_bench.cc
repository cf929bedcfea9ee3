// Measures hits of the signature cache: signature_cache_bench [ENTRIES [LOOKUPS]]. Keys are asked
// for at random, so most are in no cache of the processor; then by two threads at once. In time of
// the threads, so that what else the machine does counts for little. In turns with one read of as
// much memory that nothing foretells, which is the least that such a hit takes.
#include <algorithm>
#include <atomic>
#include <bit>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "platform/large_page_allocator.h"
#include "platform/thread_time.h"
#include "trust/signature_cache.h"

namespace nuthatch {
namespace {

std::string PathOf(size_t i) {
  return R"(\Device\HarddiskVolume3\Windows\System32\DriverStore\)" + std::to_string(i) + ".dll";
}

ImageKey KeyOf(const std::string& path) { return {path, {0x5f000000, 0x12345, 0x40000}}; }

void Fill(SignatureCache* cache, const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    while (cache->statistics().queued > 50000) std::this_thread::yield();
    cache->Find(KeyOf(path));
  }
  while (cache->statistics().queued + cache->statistics().running > 0) std::this_thread::yield();
}

// Nanoseconds a look-up, each thread with its own order. The time is asked for once a block, as
// workers do.
constexpr size_t kBlock = 64;
double Hit(SignatureCache* cache, const std::vector<std::string>& paths, size_t lookups,
           size_t threads) {
  std::atomic<bool> go{false};
  std::atomic<size_t> found{0};
  std::atomic<int64_t> took{0};
  std::vector<std::thread> all;
  for (size_t t = 0; t < threads; ++t) {
    all.emplace_back([&, t] {
      // Read one after the other, so that it is the cache that is measured.
      std::vector<std::string> order;
      uint64_t random = 88172645463325252 + t;
      for (size_t i = 0; i < lookups; ++i) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        order.push_back(paths[random % paths.size()]);
      }
      while (!go) std::this_thread::yield();
      size_t hits = 0;
      const int64_t began = ThreadNanoseconds();
      int64_t now = 0;
      for (size_t i = 0; i < order.size(); ++i) {
        if (i % kBlock == 0) now = cache->Now();
        hits += cache->Find(KeyOf(order[i]), now).verdict != nullptr;
      }
      took += ThreadNanoseconds() - began;
      found += hits;
    });
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(200 + lookups * threads / 2000));
  go = true;
  for (std::thread& thread : all) thread.join();
  if (found != lookups * threads) std::abort();
  return static_cast<double>(took) / static_cast<double>(lookups * threads);
}

// As much memory as the slots of so many entries take, in a random ring.
class BareReads {
 public:
  explicit BareReads(size_t entries) : lines_(std::bit_ceil(2 * entries)) {
    std::vector<uint32_t> order(lines_.size());
    std::iota(order.begin(), order.end(), 0);
    std::shuffle(order.begin(), order.end(), std::mt19937(1));
    for (size_t i = 0; i < order.size(); ++i) lines_[order[i]].next = order[(i + 1) % order.size()];
  }
  // Nanoseconds.
  double Measure(size_t reads) {
    const int64_t began = ThreadNanoseconds();
    for (size_t i = 0; i < reads; ++i) at_ = lines_[at_].next;
    const auto took = static_cast<double>(ThreadNanoseconds() - began);
    return took / static_cast<double>(reads);
  }

 private:
  struct alignas(64) Line {
    uint32_t next;
  };
  std::vector<Line, LargePageAllocator<Line>> lines_;
  volatile uint32_t at_ = 0;
};

void Bench(size_t entries, size_t lookups) {
  std::vector<std::string> paths;
  for (size_t i = 0; i < entries; ++i) paths.push_back(PathOf(i));
  SignatureCacheOptions options;
  options.capacity = 2 * entries;
  options.revalidate_after = std::chrono::hours(1);  // which is no hit's work
  options.pool = {.threads = 1, .queue = 60000};
  SignatureCache cache(options, [] {
    // Of one of a hundred signers, each at a time of its own.
    return [](const VerifyRequest& request, const std::atomic<bool>&) {
      const size_t number = std::hash<std::string>()(request.path);
      FileVerdict verdict;
      verdict.status = TrustStatus::kTrusted;
      verdict.source = SignatureSource::kEmbedded;
      SignatureFacts& facts = verdict.signatures.emplace_back();
      facts.chain.emplace_back().subject_name = "Signer " + std::to_string(number % 100);
      TimestampFacts& timestamp = facts.timestamp.emplace();
      timestamp.status = TrustStatus::kTrusted;
      timestamp.time = static_cast<UnixMillis>(number % 1'000'000'000'000);
      return verdict;
    };
  });
  Fill(&cache, paths);
  std::printf("%zu entries\n", static_cast<size_t>(cache.statistics().entries));
  BareReads bare(entries);
  const std::vector<std::string> few(paths.begin(),
                                     paths.begin() + static_cast<ptrdiff_t>(entries / 1000 + 1));
  for (int round = 0; round < 3; ++round) {
    const double read = bare.Measure(lookups);
    const double one = Hit(&cache, paths, lookups, 1);
    const double two = Hit(&cache, paths, lookups, 2);
    const double near = Hit(&cache, few, lookups, 1);
    std::printf(
        "one read %.0f ns; a hit among all %.0f ns (%.2f reads, or one and %.0f ns), among a "
        "thousandth %.0f ns; two threads: %.2f times the hits of one\n",
        read, one, one / read, one - read, near, 2 * one / two);
  }
}

}  // namespace
}  // namespace nuthatch

int main(int argc, char** argv) {
  const size_t entries = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1000000;
  const size_t lookups = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 1000000;
  nuthatch::Bench(entries, lookups);
  return 0;
}
