#include "telemetry/json_document.h"

#include <string>

#include "gtest/gtest.h"

namespace nuthatch {
namespace {

bool IsJson(std::string_view text) {
  Arena arena;
  return JsonDocument().Open(text, &arena);
}

TEST(JsonDocument, OpensWhatIsJson) {
  for (const char* text : {"{}", "[]", R"({"a":{"b":[1,-2.5e3,"x",null,true,false,[],{}]}})",
                           " \"a\" ", "1", "null", R"(["\q"])"}) {
    EXPECT_TRUE(IsJson(text)) << text;
  }
}

TEST(JsonDocument, OpensNoPartOfWhatIsNotJsonAsAWhole) {
  const std::string text = R"({"a":{"b":[1,"x",true]},"c":null})";
  for (size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(IsJson(text.substr(0, size))) << text.substr(0, size);
  }
  for (const char* bad :
       {"{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{,}", "{1:2}", "[1,]", "[1 2]", "[1}",
        "{\"a\" \"b\"}", "{} {}", "01", "nul", "[tru]", "\"a\"b", ":", "]"}) {
    EXPECT_FALSE(IsJson(bad)) << bad;
  }
}

TEST(JsonDocument, OpensAsManyLevelsAsARecordMayHave) {
  const auto nested = [](size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_TRUE(IsJson(nested(1024)));
  EXPECT_FALSE(IsJson(nested(1025)));
  EXPECT_FALSE(IsJson(nested(1'000'000)));
}

TEST(JsonDocument, ForgetsATextAlsoForOneWithoutBytes) {
  Arena arena;
  JsonDocument document;
  ASSERT_TRUE(document.Open("[1]", &arena));
  document.Forget();
  EXPECT_FALSE(document.Open({}, &arena));
}

}  // namespace
}  // namespace nuthatch
