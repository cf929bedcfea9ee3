#include "evaluate/last_value.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace nuthatch {
namespace {

constexpr int kOne = 1, kOther = 2;  // stand for matchers

class LastValueTest : public testing::Test {
 protected:
  // As an evaluator does: whether the value was the last one, which it then is.
  bool Comes(const Value& value, const void* matcher = &kOne) {
    if (last_.Is(matcher, value)) return true;
    last_.Keep(matcher, value);
    return false;
  }
  bool Comes(std::string_view text) { return Comes(Value::String(text)); }

  LastValue last_;
};

TEST_F(LastValueTest, IsTheTextThatCameLast) {
  EXPECT_FALSE(Comes("a"));
  EXPECT_TRUE(Comes("a"));
  EXPECT_TRUE(Comes(std::string("a")));
  EXPECT_FALSE(Comes("b"));
  EXPECT_FALSE(Comes("a"));
}

TEST_F(LastValueTest, NothingIsKeptAtFirst) { EXPECT_FALSE(Comes("")); }

TEST_F(LastValueTest, IsOfOneMatcher) {
  EXPECT_FALSE(Comes(Value::String("a"), &kOne));
  EXPECT_FALSE(Comes(Value::String("a"), &kOther));
  EXPECT_TRUE(Comes(Value::String("a"), &kOther));
}

TEST_F(LastValueTest, OtherValuesAreNotKept) {
  const std::string_view texts[] = {"a"};
  const std::string longest(256, 'a');
  EXPECT_FALSE(Comes(Value::Number(1)));
  EXPECT_FALSE(Comes(Value::Number(1)));
  EXPECT_FALSE(Comes(longest));
  EXPECT_TRUE(Comes(longest));
  EXPECT_FALSE(Comes(longest + "a"));
  EXPECT_FALSE(Comes(longest + "a"));
  EXPECT_FALSE(Comes(""));
  EXPECT_TRUE(Comes(""));
  EXPECT_FALSE(Comes(Value::Boolean(false)));
  EXPECT_FALSE(Comes(""));
  EXPECT_FALSE(Comes(Value::Strings(texts)));
  EXPECT_TRUE(Comes("a"));
}

TEST_F(LastValueTest, WhereNoneComesAgainItLooksAwayForAWhile) {
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(Comes(std::to_string(i)));
  int missed = 0;
  while (!Comes("a")) ASSERT_LT(++missed, 1000);
  EXPECT_GT(missed, 100);
  for (int i = 0; i < 300; ++i) EXPECT_TRUE(Comes("a"));
}

}  // namespace
}  // namespace nuthatch
