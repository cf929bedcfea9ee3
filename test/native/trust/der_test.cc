#include "trust/der.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "trust/der_time.h"
#include "trust/oid.h"

namespace nuthatch {
namespace {

using Bytes = std::vector<uint8_t>;

TEST(Der, ReadsElementsOneAfterTheOther) {
  const Bytes bytes = {0x30, 0x05, 0x02, 0x01, 0x07, 0x05, 0x00, 0x04, 0x81, 0x01, 0xff};
  DerReader reader(bytes);
  DerReader sequence = reader.Enter(kDerSequence);
  EXPECT_EQ(DerNumber(sequence.Expect(kDerInteger).content), 7);
  EXPECT_FALSE(sequence.Optional(kDerOid));
  EXPECT_EQ(sequence.Next().tag, 0x05);
  EXPECT_TRUE(sequence.AtEnd());
  const DerElement octets = reader.Next();
  EXPECT_EQ(octets.whole.size(), 4u) << "a length that could be shorter";
  EXPECT_EQ(octets.content[0], 0xff);
  EXPECT_TRUE(reader.AtEnd());
}

TEST(Der, FailsForGoodAtWhatIsNoElement) {
  const std::vector<Bytes> malformed = {
      {},                                    // nothing
      {0x04},                                // no length
      {0x04, 0x02, 0x00},                    // less than its length
      {0x04, 0x80, 0x00, 0x00},              // indefinite
      {0x04, 0x85, 0, 0, 0, 0, 1, 0},        // a length of five bytes
      {0x04, 0x84, 0xff, 0xff, 0xff, 0xff},  // a length beyond the end
      {0x04, 0x82, 0x01},                    // half a length
      {0x1f, 0x81, 0x01, 0x00},              // a tag of several bytes
      {0x00, 0x00},                          // the end of indefinite contents
  };
  for (const Bytes& bytes : malformed) {
    DerReader reader(bytes);
    EXPECT_FALSE(reader.Next());
    EXPECT_FALSE(reader.ok());
    EXPECT_FALSE(reader.AtEnd());
    EXPECT_FALSE(reader.Optional(0x04));
    EXPECT_FALSE(reader.Enter(kDerSequence).ok());
  }
}

TEST(Der, GoesNoDeeperThanItMay) {
  Bytes bytes = {0x30, 0x00};
  for (int i = 0; i < 40; ++i) {
    bytes.insert(bytes.begin(), {0x30, static_cast<uint8_t>(bytes.size())});
  }
  DerReader reader(bytes);
  int depth = 0;
  for (; reader.ok(); ++depth) reader = reader.Enter(kDerSequence);
  EXPECT_EQ(depth, DerReader::kDeepest + 1);
}

TEST(Der, NumbersAreNotNegative) {
  EXPECT_EQ(DerNumber(Bytes{0x00, 0xff}), 255);
  EXPECT_EQ(DerNumber(Bytes{0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}), INT64_MAX);
  for (const Bytes& bytes : {Bytes{}, Bytes{0x80}, Bytes(9, 0x01)}) EXPECT_EQ(DerNumber(bytes), -1);
}

UnixMillis TimeOf(uint8_t tag, const std::string& text) {
  const DerElement element = {
      tag, {reinterpret_cast<const uint8_t*>(text.data()), text.size()}, {}};
  return DerTime(element).value_or(-1);
}

TEST(DerTime, IsInMilliseconds) {
  EXPECT_EQ(TimeOf(kDerUtcTime, "700101000000Z"), 0);
  EXPECT_EQ(TimeOf(kDerUtcTime, "180601000000Z"), 1527811200000);
  EXPECT_EQ(TimeOf(kDerUtcTime, "1806010000Z"), 1527811200000);
  EXPECT_EQ(TimeOf(kDerUtcTime, "491231235959Z"), 2524607999000);
  EXPECT_EQ(TimeOf(kDerUtcTime, "500101000000Z"), -631152000000);
  EXPECT_EQ(TimeOf(kDerGeneralizedTime, "20180601000000.25Z"), 1527811200250);
  EXPECT_EQ(TimeOf(kDerGeneralizedTime, "20200229000000Z"), 1582934400000);
  EXPECT_EQ(TimeOf(kDerGeneralizedTime, "20380119031408Z"), 2147483648000);
}

TEST(DerTime, IsNoneOfWhatIsNoTime) {
  for (const char* text :
       {"", "Z", "180601000000", "181301000000Z", "180631000000Z", "180601240000Z", "180601006000Z",
        "1806010000000Z", "180601000000+0100", "19022900000 Z", "x80601000000Z"})
    EXPECT_EQ(TimeOf(kDerUtcTime, text), -1) << text;
  EXPECT_EQ(TimeOf(kDerGeneralizedTime, "20190229000000Z"), -1);
  EXPECT_EQ(TimeOf(kDerOctetString, "180601000000Z"), -1);
}

TEST(Oid, IsWhatTheFieldWritesWithDots) {
  EXPECT_EQ(OidText(kOidSpcIndirectData.bytes()), "1.3.6.1.4.1.311.2.1.4");
  EXPECT_EQ(OidText(kOidSha256.bytes()), "2.16.840.1.101.3.4.2.1");
  EXPECT_EQ(OidText(Oid("2.5.29.37.0").bytes()), "2.5.29.37.0");
  const Bytes rsa = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01};
  EXPECT_TRUE(ByteSpan(rsa) == kOidRsa);
  EXPECT_EQ(OidText({}), "");
}

}  // namespace
}  // namespace nuthatch
