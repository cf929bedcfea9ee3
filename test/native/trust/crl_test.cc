#include "trust/crl.h"

#include <gtest/gtest.h>

#include <string>

namespace nuthatch {
namespace {

std::string Tlv(int tag, const std::string& content) {
  return std::string{static_cast<char>(tag), static_cast<char>(content.size())} + content;
}
std::string Sequence(const std::string& content) { return Tlv(0x30, content); }

const std::string kYes("\xff", 1);

const std::string kIssued = Tlv(0x17, "260101000000Z");
const std::string kNext = Tlv(0x17, "300101000000Z");

// What is wrong with the list, or nullptr.
const char* Parse(const std::string& next, const std::string& entries,
                  const std::string& extensions, Crl* crl) {
  const std::string algorithm = Sequence(Tlv(6, "\x2a\x03"));
  const std::string body =
      Sequence(Tlv(2, "\x01") + algorithm + Sequence("") + kIssued + next + entries + extensions);
  const std::string der = Sequence(body + algorithm + Tlv(3, std::string("\0x", 2)));
  return ParseCrl({reinterpret_cast<const uint8_t*>(der.data()), der.size()}, crl);
}

std::string Extensions(const std::string& oid, const std::string& value) {
  return Tlv(0xa0, Sequence(Sequence(Tlv(6, oid) + Tlv(1, kYes) + Tlv(4, value))));
}

// `scope` is the content of an IssuingDistributionPoint.
const char* ParseListFor(const std::string& scope, Crl* crl) {
  return Parse(kNext, "", Extensions("\x55\x1d\x1c", Sequence(scope)), crl);
}

TEST(Crl, SaysForWhichCertificatesItIs) {
  struct {
    std::string scope;
    bool leaves;
    bool authorities;
  } const lists[] = {{"", true, true},
                     {Tlv(0x81, kYes), true, false},
                     {Tlv(0x82, kYes), false, true},
                     {Tlv(0x82, std::string(1, '\0')), true, true},
                     {Tlv(0x83, std::string("\x00\x40", 2)), false, false},
                     {Tlv(0x85, kYes), false, false}};
  for (const auto& [scope, leaves, authorities] : lists) {
    Crl crl;
    EXPECT_EQ(ParseListFor(scope, &crl), nullptr);
    EXPECT_EQ(crl.of_leaves, leaves);
    EXPECT_EQ(crl.of_authorities, authorities);
  }
}

TEST(Crl, AnIndirectOneAndOneOfDifferencesCannotBeUsed) {
  Crl crl;
  EXPECT_STREQ(ParseListFor(Tlv(0x84, kYes), &crl), "it is an indirect list");
  const std::string delta = Extensions("\x55\x1d\x1b", Tlv(2, "\x01"));  // deltaCRLIndicator
  EXPECT_STREQ(Parse(kNext, "", delta, &crl), "it has a critical extension that is not known here");
  const std::string number = Extensions("\x55\x1d\x14", Tlv(2, "\x01"));  // cRLNumber
  EXPECT_EQ(Parse(kNext, "", number, &crl), nullptr);
}

TEST(Crl, SaysWhenTheNextOneComes) {
  Crl crl;
  EXPECT_EQ(Parse(kNext, "", "", &crl), nullptr);
  EXPECT_EQ(crl.next_update, 1893456000000);
  EXPECT_EQ(Parse(Tlv(0x18, "20300101000000Z"), "", "", &crl), nullptr);
  EXPECT_EQ(crl.next_update, 1893456000000);
  EXPECT_EQ(Parse("", "", "", &crl), nullptr);
  EXPECT_EQ(crl.next_update, std::nullopt);
}

// keyCompromise, cACompromise and aACompromise: no signature before that is good either.
TEST(Crl, ReasonsTellWhetherAKeyWasLost) {
  for (int reason = 0; reason <= 10; ++reason) {
    const std::string code = Tlv(10, std::string(1, static_cast<char>(reason)));
    const std::string extension = Sequence(Tlv(6, "\x55\x1d\x15") + Tlv(4, code));
    const std::string entry = Sequence(Tlv(2, "\x07") + kIssued + Sequence(extension));
    Crl crl;
    ASSERT_EQ(Parse(kNext, Sequence(entry), "", &crl), nullptr);
    ASSERT_EQ(crl.revoked.count("\x07"), 1u);
    EXPECT_EQ(crl.revoked.at("\x07").compromised, reason == 1 || reason == 2 || reason == 10);
    EXPECT_EQ(crl.revoked.at("\x07").date, 1767225600000);
  }
}

}  // namespace
}  // namespace nuthatch
