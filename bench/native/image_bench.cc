// Measures reading images, step by step, on one thread: image_bench FILE... [--rounds N]
// Each line is the best of several rounds over all files, as files a second; the files are in the
// page cache after the first.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "image/content_scan.h"
#include "image/headers.h"
#include "image/read_image.h"
#include "platform/file.h"

namespace nuthatch {
namespace {

// Calls `read` with each file that can be opened. Returns the best time of all rounds, in seconds.
double Best(const std::vector<std::string>& paths, int rounds,
            const std::function<void(ByteSource*)>& read) {
  double best = 1e9;
  for (int i = 0; i < rounds; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    for (const std::string& path : paths) {
      std::unique_ptr<ByteSource> source;
      if (OpenFile(path, &source).ok()) read(source.get());
    }
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
    best = std::min(best, taken.count());
  }
  return best;
}

void Run(const std::vector<std::string>& paths, int rounds) {
  const std::atomic<bool> stop = false;
  uint64_t bytes = 0;
  const auto report = [&](const char* step, double seconds) {
    std::printf("%-12s %9.0f files/s %8.0f MB/s\n", step,
                static_cast<double>(paths.size()) / seconds,
                static_cast<double>(bytes) / 1e6 / seconds);
  };
  Best(paths, 1, [&](ByteSource* source) { bytes += source->size(); });
  std::printf("%zu files, %.1f MB\n", paths.size(), static_cast<double>(bytes) / 1e6);
  report("open", Best(paths, rounds, [](ByteSource*) {}));
  report("headers", Best(paths, rounds, [](ByteSource* source) {
           Image image;
           (void)ReadImageHeaders(source, &image.headers, &image.anomalies);
         }));
  report("directories", Best(paths, rounds, [&](ByteSource* source) {
           Image image;
           (void)ReadImage(source, {}, stop, &image);
         }));
  ImageRequest content;
  content.content = true;
  report("content", Best(paths, rounds, [&](ByteSource* source) {
           Image image;
           (void)ReadImage(source, content, stop, &image);
         }));
}

}  // namespace
}  // namespace nuthatch

int main(int argc, char** argv) {
  std::vector<std::string> paths;
  int rounds = 5;
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]) == "--rounds" && i + 1 < argc) {
      rounds = std::max(1, std::atoi(argv[++i]));
    } else {
      paths.emplace_back(argv[i]);
    }
  }
  if (paths.empty()) {
    std::fprintf(stderr, "usage: image_bench FILE... [--rounds N]\n");
    return 2;
  }
  nuthatch::Run(paths, rounds);
  return 0;
}
