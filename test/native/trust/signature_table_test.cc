#include "trust/signature_table.h"

#include <gtest/gtest.h>

#include <string>

namespace nuthatch {
namespace {

class SignatureTableTest : public testing::Test {
 protected:
  SignatureAnswer Find(uint64_t file) {
    const size_t at = table_.Find({file, file}, {});
    return at == SignatureTable::kNone ? SignatureAnswer() : table_.slot(at).answer();
  }
  void Put(uint64_t file, const std::string& signer, std::optional<UnixMillis> timestamp) {
    const auto entry = [&] {
      auto made = std::make_shared<CachedSignature>();
      made->hash = {file, file};
      return made;
    };
    if (table_.Find({file, file}, {}) == SignatureTable::kNone) table_.Insert(entry(), 0);
    const CachedSignaturePointer answer = entry();
    SignatureVerdict verdict;
    verdict.signer = signer;
    answer->verdict = verdicts_.Share(std::make_shared<const SignatureVerdict>(verdict));
    answer->timestamp = timestamp;
    table_.Replace(table_.Find({file, file}, {}), answer, 1, 1);
  }
  void Erase(uint64_t file) {
    EXPECT_EQ(table_.EraseIf({file, file}, [](auto*) { return true; }), 1u);
  }

  SharedVerdicts verdicts_;
  SignatureTable table_;
};

TEST_F(SignatureTableTest, FilesOfASignerHaveOneVerdictAndTimestampsOfTheirOwn) {
  Put(1, "A", 100);
  Put(2, "A", 200);
  Put(3, "B", {});
  EXPECT_EQ(Find(1).verdict, Find(2).verdict);
  EXPECT_EQ(Find(1).timestamp, 100);
  EXPECT_EQ(Find(2).timestamp, 200);
  EXPECT_EQ(Find(3).verdict->signer, "B");
  EXPECT_EQ(Find(3).timestamp, std::nullopt);
}

TEST_F(SignatureTableTest, WhatIsPutInAFreedPlaceHasNoAnswerYet) {
  Put(1, "A", 100);
  Erase(1);
  auto promise = std::make_shared<CachedSignature>();
  promise->hash = {1, 1};
  table_.Insert(promise, 0);
  EXPECT_EQ(Find(1).verdict, nullptr);
}

TEST_F(SignatureTableTest, AnswersStayWithTheirFilesAsOthersComeAndGo) {
  const auto signer_of = [](uint64_t file) { return std::to_string(file % 7); };
  for (uint64_t file = 0; file < 1000; ++file) {
    Put(file * 16, signer_of(file), static_cast<UnixMillis>(file));  // many with one home
    if (file >= 100) Erase((file - 100) * 16);
  }
  EXPECT_EQ(table_.size(), 100u);
  for (uint64_t file = 900; file < 1000; ++file) {
    EXPECT_EQ(Find(file * 16).verdict->signer, signer_of(file));
    EXPECT_EQ(Find(file * 16).timestamp, static_cast<UnixMillis>(file));
  }
}

}  // namespace
}  // namespace nuthatch
