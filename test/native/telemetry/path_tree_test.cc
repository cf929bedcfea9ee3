#include "telemetry/path_tree.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace nuthatch {
namespace {

TEST(PathTree, FindsWhatWasAdded) {
  PathTree tree;
  const std::vector<std::string> a = {"a"};
  const std::vector<std::string> ab = {"a", "b"};
  const auto slot_a = tree.Add(a);
  const auto slot_ab = tree.Add(ab);
  EXPECT_EQ(tree.Add(a), slot_a);
  tree.Finish();
  EXPECT_EQ(tree.slots(), 2u);
  const PathTree::Member member = tree.Find(PathTree::kRoot, "a");
  EXPECT_EQ(member.slot, slot_a);
  EXPECT_EQ(tree.Find(member.child, "b").slot, slot_ab);
  EXPECT_EQ(tree.Find(PathTree::kRoot, "b").slot, PathTree::kNoSlot);
  EXPECT_EQ(tree.Find(member.child, "a").slot, PathTree::kNoSlot);
  EXPECT_EQ(tree.SlotsBelow(member.child).size(), 1u);
}

// Names of every length, that differ only in the middle, so that hashes collide too.
TEST(PathTree, TellsSimilarNamesApart) {
  PathTree tree;
  std::vector<std::string> names = {""};
  for (size_t size = 1; size < 60; ++size) {
    for (size_t at = 0; at < size; ++at) {
      names.emplace_back(size, 'x');
      names.back()[at] = 'y';
    }
  }
  for (size_t i = 0; i < names.size(); ++i) {
    ASSERT_EQ(tree.Add(std::span(&names[i], 1)), i);
  }
  tree.Finish();
  for (size_t i = 0; i < names.size(); ++i) {
    EXPECT_EQ(tree.Find(PathTree::kRoot, names[i]).slot, i) << names[i];
    EXPECT_EQ(tree.Find(PathTree::kRoot, names[i] + "z").slot, PathTree::kNoSlot);
  }
}

}  // namespace
}  // namespace nuthatch
