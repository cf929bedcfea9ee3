// Measures hits of the signature cache: signature_cache_bench [ENTRIES [LOOKUPS]]. Keys are asked
// for at random, so most are in no cache of the processor; then by two threads at once. In time of
// the threads, so that what else the machine does counts for little.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

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

// Nanoseconds a look-up, each thread with its own order.
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
      for (const std::string& path : order) hits += cache->Find(KeyOf(path)).verdict != nullptr;
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

void Bench(size_t entries, size_t lookups) {
  std::vector<std::string> paths;
  for (size_t i = 0; i < entries; ++i) paths.push_back(PathOf(i));
  SignatureCacheOptions options;
  options.capacity = 2 * entries;
  options.pool = {.threads = 1, .queue = 60000};
  SignatureCache cache(options, [] {
    return [](const VerifyRequest&, const std::atomic<bool>&) {
      FileVerdict verdict;
      verdict.status = TrustStatus::kUnsigned;
      return verdict;
    };
  });
  Fill(&cache, paths);
  std::printf("%zu entries\n", static_cast<size_t>(cache.statistics().entries));
  for (int round = 0; round < 3; ++round) {
    const double one = Hit(&cache, paths, lookups, 1);
    const double two = Hit(&cache, paths, lookups, 2);
    std::printf(
        "a hit among all %.0f ns; of two threads %.0f ns each: %.2f times the hits of one\n", one,
        two, 2 * one / two);
  }
  const std::vector<std::string> few(paths.begin(),
                                     paths.begin() + static_cast<ptrdiff_t>(entries / 1000 + 1));
  std::printf("a hit among a thousandth of them %.0f ns\n", Hit(&cache, few, lookups, 1));
}

}  // namespace
}  // namespace nuthatch

int main(int argc, char** argv) {
  const size_t entries = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1000000;
  const size_t lookups = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 1000000;
  nuthatch::Bench(entries, lookups);
  return 0;
}
