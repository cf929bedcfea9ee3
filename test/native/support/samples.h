// The real traces and images that some tests read. They are not part of the repository:
// NUTHATCH_DATA says where they are, else they are looked for in ../shared/data. Where data is
// promised, nothing is skipped.
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

inline std::filesystem::path DataFolder() {
  const char* data = std::getenv("NUTHATCH_DATA");
  return data != nullptr ? data : "../shared/data";
}

inline bool HasData(const char* kind) {
  const bool there = std::filesystem::exists(DataFolder() / kind);
  if (!there && std::getenv("NUTHATCH_DATA") != nullptr)
    ADD_FAILURE() << "NUTHATCH_DATA is set, but there is no " << DataFolder() / kind;
  return there;
}

inline std::filesystem::path TraceFolder() { return DataFolder() / "etl"; }
inline bool HasTraces() { return HasData("etl"); }

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
