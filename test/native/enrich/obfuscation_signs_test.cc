#include "enrich/obfuscation_signs.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "enrich/cmd_variables.h"
#include "enrich/encoded_text.h"
#include "enrich/plain_characters.h"
#include "enrich/powershell_constants.h"

namespace nuthatch {
namespace {

bool IsDisguised(std::string_view text) {
  Arena arena;
  constexpr size_t kLimit = size_t{64} << 10;
  return ToPlainCharacters(text, &arena) != text || DropEscapes(text, &arena) != text ||
         ExpandCmdVariables(text, kLimit, &arena) != text ||
         FoldPowershellConstants(text, kLimit, &arena) != text;
}

bool IsEncoded(std::string_view text) {
  size_t at = 0;
  return NextEncodedText(text, &at).has_value();
}

TEST(ObfuscationSigns, OrdinaryCommandLinesHaveNone) {
  for (
      const std::string_view line : {
          R"("C:\Program Files (x86)\Google\Chrome\Application\chrome.exe" --type=renderer -p:1,2)",
          R"(C:\Windows\system32\svchost.exe -k netsvcs -p -s Schedule)",
          R"(rundll32.exe "C:\Users\a\x y.dll",#1 /install -config {6B29FC40-CA47-1067})",
          R"(git.exe commit -m "don't" --exec-path=/usr/lib/git-core)",
      }) {
    const ObfuscationSigns signs = SignsOfObfuscation(line);
    EXPECT_FALSE(signs.disguised) << line;
    EXPECT_FALSE(signs.encoded) << line;
  }
}

// Beside a brace, which alone is none.
TEST(ObfuscationSigns, AreOnEveryOperatorOnConstants) {
  EXPECT_FALSE(SignsOfObfuscation("{'axb'}").disguised);
  for (const std::string_view text : {
           "'{1}{0}' -f 'b','a'",
           "{'axb' -join ''}",
           "{'axb' -replace 'x',''}",
           "{'axb' -ireplace 'x',''}",
           "{'axb' -creplace 'x',''}",
           "{'axb' -iReplace 'x',''}",
       }) {
    EXPECT_TRUE(IsDisguised(text)) << text;
    EXPECT_TRUE(SignsOfObfuscation(text).disguised) << text;
  }
}

// Every text in which something is found has the sign of it: of pieces of all that is looked for.
TEST(ObfuscationSigns, AreOnAllThatHidesSomething) {
  const std::vector<std::string> pieces = {
      "a",
      "ab",
      "1",
      "65",
      " ",
      " ",
      "\t",
      "\"",
      "'",
      "\"\"",
      "''",
      "^",
      "`",
      "%",
      "!",
      "%a%",
      "%os:~1%",
      "\\",
      "\\\"",
      "(",
      ")",
      "((",
      "[",
      "]",
      "[char]",
      "{",
      "}",
      "{0}",
      "{1}{0}",
      "+",
      "|",
      "-f",
      "-f ",
      "-join",
      "-replace",
      "-split",
      ".replace(",
      ".split(",
      ".tostring()",
      "$",
      "$env:comspec[4,24]",
      "$x",
      ",",
      "'a'",
      "'b'",
      "\"c\"",
      "''",
      "|%{[char]$_}",
      "foreach",
      "-",
      "/",
      "-e ",
      "-enc ",
      "-EC:",
      "/e ",
      "-encodedcommand ",
      "-enable",
      "FromBase64String('",
      "ZQBjAGgAbwA=",
      "aGVsbG8gd29ybGQ",
      "\xC2\xA0",
      "\xE2\x80\x93",
      "-ireplace",
      "-creplace",
      "-Replace",
      "x.exe",
      "('a','b')",
      "(65,66)",
      "('c')",
      ".ToString(",
      "[string]",
      "@(",
  };
  const uint32_t seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  size_t disguised = 0;
  size_t encoded = 0;
  size_t none = 0;
  for (size_t i = 0; i < 200'000; ++i) {
    std::string text;
    for (size_t n = 1 + random() % 8; n > 0; --n) text += pieces[random() % pieces.size()];
    const ObfuscationSigns signs = SignsOfObfuscation(text);
    none += !signs.disguised && !signs.encoded ? 1 : 0;
    const bool is_disguised = IsDisguised(text);
    const bool is_encoded = IsEncoded(text);
    ASSERT_TRUE(signs.disguised || !is_disguised) << text;
    ASSERT_TRUE(signs.encoded || !is_encoded) << text;
    disguised += is_disguised ? 1 : 0;
    encoded += is_encoded ? 1 : 0;
  }
  EXPECT_GT(disguised, 10'000u);
  EXPECT_GT(encoded, 500u);
  EXPECT_GT(none, 5'000u);
}

}  // namespace
}  // namespace nuthatch
