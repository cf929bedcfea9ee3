#include "trust/shared_verdict.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace nuthatch {
namespace {

SignatureVerdictPointer VerdictOf(const std::string& signer) {
  SignatureVerdict verdict;
  verdict.signer = signer;
  return std::make_shared<const SignatureVerdict>(verdict);
}

TEST(SharedVerdicts, OneOfThoseThatSayTheSame) {
  SharedVerdicts verdicts;
  const SharedVerdictPointer a = verdicts.Share(VerdictOf("A"));
  EXPECT_EQ(verdicts.Share(VerdictOf("A")), a);
  EXPECT_NE(verdicts.Share(VerdictOf("B")), a);
  EXPECT_EQ(a->verdict()->signer, "A");
}

TEST(SharedVerdicts, WhatNobodyHoldsGoes) {
  SharedVerdicts verdicts;
  const SharedVerdictPointer kept = verdicts.Share(VerdictOf("kept"));
  std::vector<SharedVerdictPointer> many;
  for (int i = 0; i < 1000; ++i) many.push_back(verdicts.Share(VerdictOf(std::to_string(i))));
  EXPECT_EQ(verdicts.size(), 1001u);
  many.clear();
  for (int i = 0; i < 2000; ++i) verdicts.Share(VerdictOf("later " + std::to_string(i)));
  EXPECT_LE(verdicts.size(), 65u) << "that one, and a few";
  EXPECT_EQ(verdicts.Share(VerdictOf("kept")), kept);
}

TEST(SharedVerdict, ThreadsHaveTheSameWithCountsOfTheirOwn) {
  SharedVerdicts verdicts;
  SharedVerdictPointer shared = verdicts.Share(VerdictOf("A"));
  std::set<SignatureVerdictPointer, std::owner_less<>> counts;
  // Two alone may have the same one: there are few counts, and threads of other tests took some.
  for (int i = 0; i < 4; ++i) {
    std::thread([&] {
      const SignatureVerdictPointer held = shared->Hold();
      EXPECT_EQ(held, shared->verdict());
      counts.insert(held);
    }).join();
  }
  EXPECT_GT(counts.size(), 1u);
}

TEST(SharedVerdict, ItIsThereAsLongAsItIsHeld) {
  SharedVerdictPointer shared = std::make_shared<const SharedVerdict>(VerdictOf("A"));
  SignatureVerdictPointer held = shared->Hold();
  const std::weak_ptr<const SignatureVerdict> verdict = shared->verdict();
  shared = nullptr;
  EXPECT_EQ(held->signer, "A");
  held = nullptr;
  EXPECT_TRUE(verdict.expired());
}

}  // namespace
}  // namespace nuthatch
