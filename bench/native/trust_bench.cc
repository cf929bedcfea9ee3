// Measures the verification of signatures: trust_bench [FIXTURES [ROUNDS]], FIXTURES being
// test/fixtures/authenticode. Hashing takes turns with OpenSSL's SHA-256 alone on the same bytes,
// in CPU time; the files of the pool are read cold where the system lets go of them, in wall time,
// as it is the disk's too, and in CPU time.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <vector>

#include "image/headers.h"
#include "input.h"
#include "platform/file.h"
#include "platform/thread_time.h"
#include "trust/crypto_openssl.h"
#include "trust/file_verifier.h"
#include "trust/verifier_pool.h"

namespace nuthatch {
namespace {

namespace fs = std::filesystem;

constexpr size_t kTableEntry = 0x40 + 24 + 112 + 4 * 8;  // in the fixtures

std::vector<uint8_t> Bytes(const std::string& path) {
  const std::string text = ReadFile(path.c_str());
  return {text.begin(), text.end()};
}

// The image with other bytes before its certificate table: as much to hash, and to verify, as if it
// had been signed so.
std::vector<uint8_t> Enlarged(std::vector<uint8_t> image, size_t size) {
  uint32_t table = 0;
  std::memcpy(&table, image.data() + kTableEntry, 4);
  const size_t more = (size - std::min(size, image.size())) / 8 * 8;
  std::vector<uint8_t> bytes(more);
  uint32_t random = 1;
  for (uint8_t& byte : bytes)
    byte = static_cast<uint8_t>((random = random * 1664525 + 1013904223) >> 24);
  image.insert(image.begin() + table, bytes.begin(), bytes.end());
  table += static_cast<uint32_t>(more);
  std::memcpy(image.data() + kTableEntry, &table, 4);
  return image;
}

void Write(const fs::path& path, const std::vector<uint8_t>& bytes) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}

// The next read comes from the disk, if the system takes the advice.
void LetGo(const fs::path& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  fdatasync(file);
  posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
  close(file);
}

void BenchHash(const std::shared_ptr<const Crypto>& crypto, const fs::path& folder,
               const std::vector<uint8_t>& signed_image, int rounds) {
  const std::vector<uint8_t> bytes = Enlarged(signed_image, size_t{64} << 20);
  const fs::path path = folder / "large.exe";
  Write(path, bytes);
  std::unique_ptr<RegularFile> file;
  if (OpenRegularFile(path.string(), false, &file) != OpenFault::kNone) std::abort();
  ImageHeaders headers;
  Anomalies anomalies;
  if (!ReadImageHeaders(file.get(), &headers, &anomalies).ok()) std::abort();
  FileHasher hasher(crypto);
  const std::atomic<bool> stop{false};
  double alone = 1e9;
  double whole = 1e9;
  for (int round = 0; round < rounds; ++round) {
    double begin = CpuSeconds();
    DigestOf(*crypto, DigestAlgorithm::kSha256, bytes);
    alone = std::min(alone, CpuSeconds() - begin);
    begin = CpuSeconds();
    if (!hasher.Hash(file.get(), &headers, {DigestAlgorithm::kSha256}, stop).ok()) std::abort();
    whole = std::min(whole, CpuSeconds() - begin);
  }
  const double megabytes = static_cast<double>(bytes.size()) / 1e6;
  std::printf("OpenSSL's SHA-256 alone   %6.0f MB/s\n", megabytes / alone);
  std::printf("image hash of a file      %6.0f MB/s, %.1f %% of that\n", megabytes / whole,
              100 * alone / whole);
}

std::shared_ptr<const TrustPolicy> MakePolicy(const std::string& fixtures) {
  std::shared_ptr<const Crypto> crypto;
  std::shared_ptr<const TrustPolicy> policy;
  Status status = LoadOpenSsl("libcrypto.so.3", &crypto);
  const TrustOptions options = {.time = 1893456000000};
  if (status.ok())
    status = MakeTrustPolicy(crypto, {{Bytes(fixtures + "/root.der"), "root.der"}}, {}, options,
                             &policy);
  if (status.ok()) return policy;
  std::fprintf(stderr, "trust_bench: %s\n", status.message().c_str());
  std::abort();
}

// Microseconds of the thread for verifying a file with its chain. Hashing, opening and reading the
// file takes some 10 of them: these are a few KB.
void BenchVerify(const std::string& fixtures, const char* name, int rounds) {
  constexpr int kTimes = 100;
  const std::string path = fixtures + name;
  const std::atomic<bool> stop{false};
  int64_t first = INT64_MAX;
  int64_t best = INT64_MAX;
  for (int round = 0; round < rounds; ++round) {
    FileVerifier verifier(MakePolicy(fixtures), nullptr, {});
    const auto verify = [&] {
      if (verifier.Verify({path}, stop).status != TrustStatus::kTrusted) std::abort();
    };
    int64_t begin = ThreadNanoseconds();
    verify();
    first = std::min(first, ThreadNanoseconds() - begin);
    begin = ThreadNanoseconds();
    for (int i = 0; i < kTimes; ++i) verify();
    best = std::min(best, (ThreadNanoseconds() - begin) / kTimes);
  }
  std::printf("%-25s %6.0f us with new certificates, %.0f us with known ones\n", name + 1,
              static_cast<double>(first) / 1e3, static_cast<double>(best) / 1e3);
}

void BenchPool(const std::shared_ptr<const TrustPolicy>& policy, const fs::path& folder,
               const std::vector<uint8_t>& signed_image) {
  constexpr size_t kFiles = 2000;
  const std::vector<uint8_t> bytes = Enlarged(signed_image, 150000);
  std::vector<std::string> paths;
  for (size_t i = 0; i < kFiles; ++i) {
    paths.push_back((folder / (std::to_string(i) + ".exe")).string());
    Write(paths.back(), bytes);
  }
  for (const std::string& path : paths) LetGo(path);
  std::mutex mutex;
  std::condition_variable changed;
  size_t done = 0;
  const auto make = [&] {
    auto verifier = std::make_shared<FileVerifier>(policy, nullptr, VerifyOptions{});
    return [verifier](const VerifyRequest& request, const std::atomic<bool>& stop) {
      return verifier->Verify(request, stop);
    };
  };
  VerifierPool pool({.threads = 2, .queue = kFiles}, make, [&](uint64_t, const FileVerdict&) {
    const std::lock_guard lock(mutex);
    if (++done == kFiles) changed.notify_all();
  });
  const auto begin = std::chrono::steady_clock::now();
  const double cpu = CpuSeconds();
  for (const std::string& path : paths) pool.Submit({path});
  std::unique_lock lock(mutex);
  changed.wait(lock, [&] { return done == kFiles; });
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  std::printf("%zu cold files of %zu bytes on two threads: %.2f s, of the processors %.2f s\n",
              kFiles, bytes.size(), took.count(), CpuSeconds() - cpu);
}

int Main(int argc, char** argv) {
  const std::string fixtures = argc > 1 ? argv[1] : "test/fixtures/authenticode";
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 10;
  const std::shared_ptr<const TrustPolicy> policy = MakePolicy(fixtures);
  const fs::path folder = fs::temp_directory_path() / ("trust_bench." + std::to_string(getpid()));
  fs::create_directories(folder);
  const std::vector<uint8_t> signed_image = Bytes(fixtures + "/stamped.exe");
  BenchHash(policy->crypto, folder, signed_image, rounds);
  for (const char* name : {"/signed.exe", "/stamped.exe", "/nested.exe"})
    BenchVerify(fixtures, name, rounds);
  BenchPool(policy, folder, signed_image);
  fs::remove_all(folder);
  return 0;
}

}  // namespace
}  // namespace nuthatch

int main(int argc, char** argv) { return nuthatch::Main(argc, argv); }
