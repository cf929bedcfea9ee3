#include "platform/thread_time.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace nuthatch {
namespace {

TEST(ThreadNanoseconds, GrowWithWork) {
  const int64_t begin = ThreadNanoseconds();
  while (ThreadNanoseconds() < begin + 1'000'000) {
  }
  SUCCEED() << "else it would not end";
}

TEST(ThreadNanoseconds, DoNotGrowWhileTheThreadWaits) {
  constexpr auto kWait = std::chrono::milliseconds(50);
  const int64_t begin = ThreadNanoseconds();
  std::this_thread::sleep_for(kWait);
  EXPECT_LT(ThreadNanoseconds() - begin, std::chrono::nanoseconds(kWait).count());
}

}  // namespace
}  // namespace nuthatch
