// A disk that fails a queue that spills to it.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <thread>

#include "live/record_queue.h"
#include "live/written_events.h"
#include "support/temporary_folder.h"

namespace nuthatch {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

// Takes away what this process has written to files of that folder, which have no names any more.
// Returns how many they were.
size_t TruncateFilesOf(const fs::path& folder) {
  size_t truncated = 0;
  for (const fs::directory_entry& open : fs::directory_iterator("/proc/self/fd")) {
    std::error_code error;
    const std::string target = fs::read_symlink(open.path(), error).string();
    if (error || !target.starts_with(folder.string() + "/")) continue;
    if (ftruncate(std::stoi(open.path().filename().string()), 0) == 0) ++truncated;
  }
  return truncated;
}

TEST(RecordQueue, CountsWhatTheDiskDoesNotGiveBackAsDropped) {
  if (!fs::exists("/proc/self/fd")) GTEST_SKIP() << "this system does not list its open files";
  const TemporaryFolder folder;
  RecordQueue queue({.bytes = 2 * RecordChunk::kBytes,
                     .overflow = Overflow::kSpill,
                     .spill_folder = folder.path().string()});
  ASSERT_TRUE(queue.Open().ok());
  const std::vector<uint8_t> large(0xFFF0);  // three of them fit in a chunk
  RecordWriter writer(&queue);
  for (uint16_t id = 1; id <= 9; ++id) writer.Add(WrittenEvent(id, large), id);
  writer.Flush();
  while (queue.counts().spilled < 3) std::this_thread::yield();
  ASSERT_EQ(TruncateFilesOf(folder.path()), 1u);

  queue.Close();
  uint64_t taken = 0;
  while (!queue.is_done()) {
    const RecordQueue::Chunk chunk = queue.Take(Clock::now());
    if (chunk != nullptr) taken += chunk->records();
  }
  EXPECT_EQ(taken, 6u) << "what was in memory";
  EXPECT_EQ(queue.counts().dropped, 3u);
  EXPECT_EQ(queue.counts().queued, 9u);
}

}  // namespace
}  // namespace nuthatch
