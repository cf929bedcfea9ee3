#include "telemetry/unescape.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace nuthatch {
namespace {

struct Unescaped {
  size_t read;
  std::string text;
  bool operator==(const Unescaped&) const = default;
};

Unescaped UnescapeBy(UnescapePart part, std::string_view raw) {
  std::string out(raw.size() + kUnescapeRoom, '?');
  const auto [read, written] = part(raw, out.data());
  return {read, out.substr(0, written)};
}

// One character at a time, up to an escape that is not simple.
Unescaped UnescapeSlowly(std::string_view raw) {
  Unescaped done{0, ""};
  while (done.read < raw.size()) {
    const bool escape = raw[done.read] == '\\';
    if (escape && done.read + 1 == raw.size()) return done;
    const char c = raw[done.read + (escape ? 1 : 0)];
    if (escape && c != '\\' && c != '"' && c != '/') return done;
    done.text.push_back(c);
    done.read += escape ? 2 : 1;
  }
  return done;
}

std::string RandomRaw(std::mt19937* random) {
  static constexpr std::string_view kCharacters = "\\\\\\\\\\\"/abcde";
  std::string raw;
  const unsigned simple = (*random)() % 2 == 0 ? kCharacters.size() : 7;
  for (size_t n = (*random)() % 200; n > 0; --n) raw.push_back(kCharacters[(*random)() % simple]);
  return raw;
}

TEST(UnescapePlainPart, StopsAtTheFirstEscape) {
  for (size_t before = 0; before < 40; ++before) {
    const std::string plain(before, 'a');
    EXPECT_EQ(UnescapeBy(UnescapePlainPart, plain), (Unescaped{before, plain}));
    EXPECT_EQ(UnescapeBy(UnescapePlainPart, plain + "\\\\tail"), (Unescaped{before, plain}));
  }
}

TEST(UnescapePartAvx512, GoesOnThroughSimpleEscapes) {
  const UnescapePart part = UnescapePartAvx512();
  if (part == nullptr) GTEST_SKIP() << "this processor has no AVX-512";
  EXPECT_EQ(UnescapeBy(part, R"(C:\\Windows\\\"x\")"), (Unescaped{18, R"(C:\Windows\"x")"}));
  EXPECT_EQ(UnescapeBy(part, R"(a\\b\nc)"), (Unescaped{4, R"(a\b)"}));
  EXPECT_EQ(UnescapeBy(part, R"(a\\b\)"), (Unescaped{4, R"(a\b)"}));
}

TEST(UnescapePartAvx512, AgreesWithOneCharacterAtATime) {
  const UnescapePart part = UnescapePartAvx512();
  if (part == nullptr) GTEST_SKIP() << "this processor has no AVX-512";
  const uint32_t seed = std::random_device{}();
  std::printf("seed %u\n", seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 100'000; ++round) {
    const std::string raw = RandomRaw(&random);
    ASSERT_EQ(UnescapeBy(part, raw), UnescapeSlowly(raw)) << raw;
  }
}

}  // namespace
}  // namespace nuthatch
