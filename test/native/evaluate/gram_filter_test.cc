#include "evaluate/gram_filter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "evaluate/gram_scan.h"

namespace nuthatch {
namespace {

using namespace std::string_literals;

Gram GramOf(std::string_view text) {
  Gram gram{0, static_cast<uint32_t>(text.size())};
  for (size_t i = 0; i < text.size(); ++i) {
    gram.bytes |= uint32_t{static_cast<unsigned char>(text[i])} << (8 * i);
  }
  return gram;
}

std::string RandomBytes(std::mt19937* random, size_t size, unsigned values, unsigned first) {
  std::string bytes;
  while (bytes.size() < size) bytes.push_back(static_cast<char>(first + (*random)() % values));
  return bytes;
}

// Grams and a text made of the same few bytes, so that many grams stand in it.
struct Case {
  std::vector<std::string> grams;
  std::string text;
};

Case RandomCase(std::mt19937* random) {
  const unsigned values = 2 + (*random)() % 40;
  const unsigned first = (*random)() % 3 == 0 ? (*random)() % 256 : 'A';
  Case c;
  for (size_t n = 1 + (*random)() % 200; n > 0; --n) {
    c.grams.push_back(RandomBytes(random, 2 + (*random)() % 3, values, first));
  }
  c.text = RandomBytes(random, (*random)() % 3000, values, first);
  return c;
}

GramFilter FilterOf(const std::vector<std::string>& grams) {
  std::vector<Gram> numbers;
  for (const std::string& gram : grams) numbers.push_back(GramOf(gram));
  return GramFilter(numbers);
}

bool SomeStandsAt(const std::vector<std::string>& grams, std::string_view text, size_t at) {
  return std::any_of(grams.begin(), grams.end(),
                     [&](const std::string& gram) { return text.substr(at).starts_with(gram); });
}

std::string Padded(const std::string& text) {
  return text + std::string(GramFilter::kPadding, '\xc3');
}

// The places among the first 64 * blocks that a scan lets pass.
std::vector<bool> Scan(GramScan scan, const GramFilter& filter, const std::string& padded,
                       size_t blocks) {
  std::vector<uint64_t> places(blocks);
  scan(filter.tables(), padded.data(), blocks, places.data());
  std::vector<bool> passed;
  for (size_t i = 0; i < 64 * blocks; ++i) passed.push_back((places[i / 64] >> (i % 64) & 1) != 0);
  return passed;
}

TEST(GramFilter, LetsEveryPlacePassAtWhichAGramStands) {
  const uint32_t seed = std::random_device{}();
  std::printf("seed %u\n", seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 300; ++round) {
    const Case c = RandomCase(&random);
    const std::string padded = Padded(c.text);
    std::vector<bool> passed(c.text.size());
    FilterOf(c.grams).Find({padded.data(), c.text.size()}, [&](size_t place) {
      passed.at(place) = true;
      return true;
    });
    for (size_t i = 0; i < c.text.size(); ++i) {
      ASSERT_TRUE(passed[i] || !SomeStandsAt(c.grams, c.text, i)) << i;
    }
  }
}

TEST(GramFilter, VisitsPlacesInOrderUntilToldToStop) {
  const std::string padded = Padded("abababababab");
  std::vector<size_t> places;
  EXPECT_FALSE(FilterOf({"ab"}).Find({padded.data(), 12}, [&](size_t place) {
    places.push_back(place);
    return places.size() < 3;
  }));
  EXPECT_EQ(places, (std::vector<size_t>{0, 2, 4}));
}

TEST(GramFilter, LetsNothingPassWithoutGrams) {
  const std::string padded = Padded(std::string(5000, 'a'));
  EXPECT_TRUE(FilterOf({}).Find({padded.data(), 5000}, [](size_t) { return false; }));
}

// With as many groups as there are grams, just the places pass at which one stands.
TEST(GramFilter, IsExactWhileEachGramHasAGroup) {
  std::vector<std::string> grams;
  for (size_t i = 0; i < GramTables::kGroups; ++i) {
    grams.push_back({static_cast<char>('a' + i / 8), static_cast<char>('k' + i % 8), 'x'});
  }
  std::mt19937 random(3);
  const std::string text = RandomBytes(&random, 4096, 24, 'a');
  const auto passed = Scan(ScanGramsScalar, FilterOf(grams), Padded(text), 64);
  for (size_t i = 0; i < text.size(); ++i) ASSERT_EQ(passed[i], SomeStandsAt(grams, text, i));
}

TEST(GramFilter, EveryScanLetsPassWhatThePlainOneDoes) {
  EXPECT_EQ(GramScans().back().name, "scalar");
  std::mt19937 random(5);
  for (int round = 0; round < 200; ++round) {
    const Case c = RandomCase(&random);
    const GramFilter filter = FilterOf(c.grams);
    const size_t blocks = c.text.size() / 64 + 1;
    const auto expected = Scan(ScanGramsScalar, filter, Padded(c.text), blocks);
    for (const NamedGramScan& each : GramScans()) {
      const auto passed = Scan(each.scan, filter, Padded(c.text), blocks);
      for (size_t i = 0; i < passed.size(); ++i) {
        ASSERT_TRUE(passed[i] || !expected[i]) << each.name << " " << i;
        if (each.name == "AVX-512") {
          ASSERT_EQ(passed[i], expected[i]) << i;
        }
      }
    }
  }
}

// A block looks ahead at the three bytes behind it, which may be the only ones that are not ASCII.
TEST(GramFilter, EveryScanFindsGramsAtTheEndsOfBlocksOfAscii) {
  for (const std::string& gram : {"x\xc3"s, "x\xc3\xa4"s, "x\xc3\xa4"s + "b", "xa\xc3\xa4"s,
                                  "xab\xc3"s, "x\xd0"s, "xab\xff"s}) {
    const GramFilter filter = FilterOf({gram});
    // A block has 64 bytes, its halves 32, a part of one 16.
    for (size_t at = 0; at <= 130; ++at) {
      std::string text(192, 'e');
      text.replace(at, gram.size(), gram);
      for (const NamedGramScan& each : GramScans()) {
        const auto passed = Scan(each.scan, filter, Padded(text), 3);
        EXPECT_TRUE(passed[at]) << each.name << " " << at;
        EXPECT_FALSE(passed[at > 0 ? at - 1 : 1]) << each.name << " " << at;
      }
    }
  }
}

// Tables of half bytes may let more pass than those of bytes, but not everything.
TEST(GramFilter, EveryScanPassesOverTextThatIsUnlikeTheGrams) {
  const GramFilter filter = FilterOf({"zq0_", "xj9%", "qz", "7k!"});
  const std::string text(6400, 'e');
  for (const NamedGramScan& each : GramScans()) {
    const auto passed = Scan(each.scan, filter, Padded(text), 100);
    EXPECT_EQ(std::count(passed.begin(), passed.end(), true), 0) << each.name;
  }
}

}  // namespace
}  // namespace nuthatch
