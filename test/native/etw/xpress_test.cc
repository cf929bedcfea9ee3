#include "etw/xpress.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "etw/etl_writer.h"

namespace nuthatch {
namespace {

std::string Decompress(const Bytes& in, size_t size) {
  std::string out(size, '?');
  out.resize(DecompressXpress(in, {reinterpret_cast<uint8_t*>(out.data()), size}));
  return out;
}

// MS-XCA, section 3.1.
TEST(Xpress, TheExamplesOfItsSpecification) {
  Bytes alphabet = {0x3f, 0, 0, 0};
  for (char c = 'a'; c <= 'z'; ++c) alphabet.push_back(static_cast<uint8_t>(c));
  EXPECT_EQ(Decompress(alphabet, 26), "abcdefghijklmnopqrstuvwxyz");

  std::string abc;
  for (int i = 0; i < 100; ++i) abc += "abc";
  const Bytes repeated = {0xff, 0xff, 0xff, 0x1f, 0x61, 0x62, 0x63,
                          0x17, 0x00, 0x0f, 0xff, 0x26, 0x01};
  EXPECT_EQ(Decompress(repeated, 300), abc);
}

TEST(Xpress, WhatWasCompressedComesBack) {
  std::mt19937 random(7);
  for (const unsigned letters : {1u, 2u, 4u, 30u, 256u}) {
    for (const size_t size : {0u, 1u, 3u, 31u, 32u, 33u, 300u, 5000u, 70'000u}) {
      Bytes in(size);
      for (uint8_t& byte : in) byte = static_cast<uint8_t>(random() % letters);
      const Bytes compressed = XpressCompressor::Compress(in);
      EXPECT_EQ(BytesOf(Decompress(compressed, size)), in) << letters << " letters, " << size;
    }
  }
}

TEST(Xpress, APrefixIsTheBeginningOfAll) {
  const Bytes in = BytesOf("the same words, the same words and the same words once more");
  const Bytes compressed = XpressCompressor::Compress(in);
  for (size_t size = 0; size <= in.size(); ++size)
    EXPECT_EQ(BytesOf(Decompress(compressed, size)), Bytes(in.begin(), in.begin() + size));
}

TEST(Xpress, CutOffItGivesLess) {
  Bytes in(2000);
  std::mt19937 random(8);
  for (uint8_t& byte : in) byte = static_cast<uint8_t>(random() % 3);
  const Bytes compressed = XpressCompressor::Compress(in);
  for (size_t size = 0; size + 4 < compressed.size(); ++size) {
    const auto out = BytesOf(Decompress({compressed.begin(), compressed.begin() + size}, 2000));
    EXPECT_LT(out.size(), 2000u);
    EXPECT_TRUE(std::equal(out.begin(), out.end(), in.begin()));
  }
}

TEST(Xpress, ADistanceBeforeTheBeginningIsCorrupt) {
  // A literal, then a match two bytes back.
  EXPECT_EQ(Decompress({0, 0, 0, 0x40, 'a', 0x08, 0x00}, 100), "a");
}

TEST(Xpress, ALengthTooShortForItsFormIsCorrupt) {
  // A literal, then a match of one byte back whose 16 bits say 21, and whose 32 bits say 5.
  EXPECT_EQ(Decompress({0, 0, 0, 0x40, 'a', 0x07, 0x00, 0x0f, 0xff, 21, 0}, 100), "a");
  EXPECT_EQ(Decompress({0, 0, 0, 0x40, 'a', 0x07, 0x00, 0x0f, 0xff, 0, 0, 5, 0, 0, 0}, 100), "a");
}

}  // namespace
}  // namespace nuthatch
