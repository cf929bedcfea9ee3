#include "telemetry/json_index.h"

#include <gtest/gtest.h>

#include <vector>

namespace nuthatch {
namespace {

// Found by fuzzing: it met no parser.
TEST(JsonIndex, AnEmptyTextMayBeTheFirst) {
  JsonIndex index;
  EXPECT_FALSE(index.Build("").ok());
  EXPECT_TRUE(index.Build("{}").ok());
  EXPECT_EQ(std::vector(index.tokens().begin(), index.tokens().end()),
            (std::vector<uint32_t>{0, 1}));
}

}  // namespace
}  // namespace nuthatch
