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

// `scope` is the content of an IssuingDistributionPoint; none: without one.
Crl ListFor(const std::string& scope, const std::string& next = Tlv(0x17, "300101000000Z"),
            const char** malformed = nullptr) {
  const std::string algorithm = Sequence(Tlv(6, "\x2a\x03"));
  const std::string extension =
      Sequence(Tlv(6, "\x55\x1d\x1c") + Tlv(1, kYes) + Tlv(4, Sequence(scope)));
  const std::string body =
      Sequence(Tlv(2, "\x01") + algorithm + Sequence("") + Tlv(0x17, "260101000000Z") + next +
               (scope.empty() ? "" : Tlv(0xa0, Sequence(extension))));
  const std::string der = Sequence(body + algorithm + Tlv(3, std::string("\0x", 2)));
  Crl crl;
  const char* const problem =
      ParseCrl({reinterpret_cast<const uint8_t*>(der.data()), der.size()}, &crl);
  if (malformed != nullptr) *malformed = problem;
  return crl;
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
    const Crl crl = ListFor(scope);
    EXPECT_EQ(crl.of_leaves, leaves);
    EXPECT_EQ(crl.of_authorities, authorities);
  }
}

TEST(Crl, AnIndirectOneCannotBeUsed) {
  const char* malformed = nullptr;
  ListFor(Tlv(0x84, kYes), Tlv(0x17, "300101000000Z"), &malformed);
  EXPECT_STREQ(malformed, "it is an indirect list");
  ListFor(Tlv(0x81, kYes), Tlv(0x17, "300101000000Z"), &malformed);
  EXPECT_EQ(malformed, nullptr);
}

TEST(Crl, SaysWhenTheNextOneComes) {
  EXPECT_EQ(ListFor("").next_update, 1893456000000);
  EXPECT_EQ(ListFor("", Tlv(0x18, "20300101000000Z")).next_update, 1893456000000);
  EXPECT_EQ(ListFor("", "").next_update, std::nullopt);
}

}  // namespace
}  // namespace nuthatch
