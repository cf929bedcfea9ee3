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
    if (auto* known = KeyMemory::Guess(last_, node, quoted.data(), quoted.size())) {
      EXPECT_EQ(known->member.slot, slot) << key;
      last_ = known;
      return true;
    }
    auto* const place = memory_.Remember(last_, node, quoted, {slot, PathTree::kNoNode});
    if (place != nullptr) last_ = place;
    return false;
  }
  void BeginRecord() { last_ = memory_.beginning(); }

  KeyMemory memory_;
  KeyMemory::Key* last_ = memory_.beginning();
};

TEST_F(KeyMemoryTest, GuessesTheKeyThatCameAfterTheLastOneBefore) {
  EXPECT_FALSE(Read("a", 1));
  EXPECT_FALSE(Read("b", 2));
  BeginRecord();
  EXPECT_TRUE(Read("a", 1));
  EXPECT_TRUE(Read("b", 2));
}

TEST_F(KeyMemoryTest, GuessesAmongSeveralKeysThatCameBefore) {
  for (const char* second : {"b", "c", "d", "e"}) {
    BeginRecord();
    Read("a", 1);
    EXPECT_FALSE(Read(second, static_cast<PathTree::Slot>(*second)));
  }
  for (const char* second : {"e", "b", "d", "c"}) {
    BeginRecord();
    EXPECT_TRUE(Read("a", 1));
    EXPECT_TRUE(Read(second, static_cast<PathTree::Slot>(*second)));
  }
}

TEST_F(KeyMemoryTest, TakesNoKeyForAnother) {
  Read("name", 1);
  BeginRecord();
  EXPECT_FALSE(Read("nam", 2));
  BeginRecord();
  EXPECT_FALSE(Read("names", 3));
  BeginRecord();
  EXPECT_FALSE(Read("name", 4, /*node=*/1));
}

TEST_F(KeyMemoryTest, TellsKeysApartByAnyByte) {
  for (size_t size = 1; size <= 46; ++size) {
    const std::string key(size, 'x');
    for (size_t at = 0; at < size; ++at) {
      BeginRecord();
      Read(key, 1);
      std::string other = key;
      other[at] = 'y';
      BeginRecord();
      EXPECT_FALSE(Read(other, 2)) << other;
    }
  }
}

TEST_F(KeyMemoryTest, LooksNoFurtherThanThereIsText) {
  Read("name", 1);
  BeginRecord();
  EXPECT_EQ(KeyMemory::Guess(last_, PathTree::kRoot, "\"name", 5), nullptr);
}

TEST_F(KeyMemoryTest, AnOverlongKeyIsNeverGuessed) {
  const std::string longest(46, 'x');
  const std::string overlong(47, 'y');
  for (const bool again : {false, true}) {
    BeginRecord();
    EXPECT_EQ(Read(longest, 1), again);
    EXPECT_FALSE(Read(overlong, 2));
  }
}

TEST_F(KeyMemoryTest, MoreKeysThanItHoldsAreStillToldApart) {
  for (int round = 0; round < 3; ++round) {
    BeginRecord();
    for (int i = 0; i < 10'000; ++i) Read("key" + std::to_string(i), static_cast<uint16_t>(i));
  }
}

}  // namespace
}  // namespace nuthatch
