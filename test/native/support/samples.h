// The real traces that some tests read. They are not part of the repository: NUTHATCH_DATA says
// where they are, else they are looked for in ../shared/data. Where data is promised, nothing is
// skipped.
#ifndef NUTHATCH_TEST_SUPPORT_SAMPLES_H_
#define NUTHATCH_TEST_SUPPORT_SAMPLES_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

namespace nuthatch {

inline std::filesystem::path TraceFolder() {
  const char* data = std::getenv("NUTHATCH_DATA");
  return std::filesystem::path(data != nullptr ? data : "../shared/data") / "etl";
}

inline bool HasTraces() {
  const bool there = std::filesystem::exists(TraceFolder());
  if (!there && std::getenv("NUTHATCH_DATA") != nullptr)
    ADD_FAILURE() << "NUTHATCH_DATA is set, but there is no " << TraceFolder();
  return there;
}

// Every trace, below the folder.
inline std::vector<std::filesystem::path> Traces() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(TraceFolder())) {
    if (entry.path().string().ends_with(".etl.zst")) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

// The traces that PerfView has read, with what it says of them.
inline std::filesystem::path PerfViewFolder() { return TraceFolder() / "perfview"; }

// By the program zstd, which is not ours.
inline std::vector<uint8_t> Decompressed(const std::filesystem::path& path) {
  std::vector<uint8_t> bytes;
  FILE* pipe = popen(("zstd -dqc '" + path.string() + "'").c_str(), "r");
  uint8_t chunk[65536];
  for (size_t size; (size = std::fread(chunk, 1, sizeof(chunk), pipe)) > 0;)
    bytes.insert(bytes.end(), chunk, chunk + size);
  EXPECT_EQ(pclose(pipe), 0) << "is zstd installed, and " << path << " readable?";
  return bytes;
}

// The lines of what PerfView says of a trace.
inline std::istringstream BaselineOf(const std::string& name) {
  const auto text = Decompressed(PerfViewFolder() / (name + ".baseline.txt.zst"));
  return std::istringstream(std::string(text.begin(), text.end()));
}

}  // namespace nuthatch

#endif  // NUTHATCH_TEST_SUPPORT_SAMPLES_H_
