#include "telemetry/key_memory.h"

#include <gtest/gtest.h>

#include <string>

namespace nuthatch {
namespace {

// Keys of one object, with the slot that each was found to have.
class KeyMemoryTest : public testing::Test {
 protected:
  // Reads a key as RecordReader does; whether it was guessed.
  bool Read(const std::string& key, PathTree::Slot slot, PathTree::Node node = PathTree::kRoot) {
    const std::string quoted = '"' + key + '"';
    if (const auto* member = memory_.Guess(node, quoted.data(), quoted.size())) {
      EXPECT_EQ(member->slot, slot) << key;
      return true;
    }
    memory_.Remember(node, quoted, {slot, PathTree::kNoNode});
    return false;
  }

  KeyMemory memory_;
};

TEST_F(KeyMemoryTest, GuessesTheKeyThatCameAfterTheLastOneBefore) {
  EXPECT_FALSE(Read("a", 1));
  EXPECT_FALSE(Read("b", 2));
  memory_.BeginRecord();
  EXPECT_TRUE(Read("a", 1));
  EXPECT_TRUE(Read("b", 2));
}

TEST_F(KeyMemoryTest, GuessesAmongSeveralKeysThatCameBefore) {
  for (const char* second : {"b", "c", "d", "e"}) {
    memory_.BeginRecord();
    Read("a", 1);
    EXPECT_FALSE(Read(second, static_cast<PathTree::Slot>(*second)));
  }
  for (const char* second : {"e", "b", "d", "c"}) {
    memory_.BeginRecord();
    EXPECT_TRUE(Read("a", 1));
    EXPECT_TRUE(Read(second, static_cast<PathTree::Slot>(*second)));
  }
}

TEST_F(KeyMemoryTest, TakesNoKeyForAnother) {
  Read("name", 1);
  memory_.BeginRecord();
  EXPECT_FALSE(Read("nam", 2));
  memory_.BeginRecord();
  EXPECT_FALSE(Read("names", 3));
  memory_.BeginRecord();
  EXPECT_FALSE(Read("name", 4, /*node=*/1));
}

TEST_F(KeyMemoryTest, LooksNoFurtherThanThereIsText) {
  Read("name", 1);
  memory_.BeginRecord();
  EXPECT_EQ(memory_.Guess(PathTree::kRoot, "\"name", 5), nullptr);
}

TEST_F(KeyMemoryTest, AnOverlongKeyIsNeverGuessed) {
  const std::string longest(46, 'x');
  const std::string overlong(47, 'y');
  for (const bool again : {false, true}) {
    memory_.BeginRecord();
    EXPECT_EQ(Read(longest, 1), again);
    EXPECT_FALSE(Read(overlong, 2));
  }
}

TEST_F(KeyMemoryTest, MoreKeysThanItHoldsAreStillToldApart) {
  for (int round = 0; round < 3; ++round) {
    memory_.BeginRecord();
    for (int i = 0; i < 10'000; ++i) Read("key" + std::to_string(i), static_cast<uint16_t>(i));
  }
}

}  // namespace
}  // namespace nuthatch
