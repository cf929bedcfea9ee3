#include "trust/ctl.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "support/trust_fixtures.h"
#include "trust/signature.h"

namespace nuthatch {
namespace {

std::vector<std::vector<uint8_t>> Members(const std::vector<uint8_t>& catalog) {
  const ParsedSignature signature = ParseCatalogSignature(catalog);
  EXPECT_EQ(signature.malformed, nullptr);
  std::vector<std::vector<uint8_t>> digests;
  size_t members = 0;
  EXPECT_EQ(ParseCtl(
                signature.data.content,
                [&](const CatalogMember& member) {
                  const auto digest = member.digest.span();
                  digests.emplace_back(digest.begin(), digest.end());
                },
                &members),
            nullptr);
  return digests;
}

TEST(CtlTest, AMemberWhoseTagIsNotItsDigestVouchesForNothing) {
  std::vector<uint8_t> catalog = Fixture("unsigned.cat");
  const auto all = Members(catalog);
  ASSERT_EQ(all.size(), 6u) << "three files, by SHA-1 and SHA-256";
  const auto twice =
      std::find_if(all.begin(), all.end(), [](const auto& d) { return d.size() == 32; });
  ASSERT_NE(twice, all.end());
  const auto tag = std::search(catalog.begin(), catalog.end(), twice->begin(), twice->end());
  ASSERT_NE(tag, catalog.end());
  const auto digest = std::search(tag + 1, catalog.end(), twice->begin(), twice->end());
  ASSERT_NE(digest, catalog.end());
  *digest ^= 1;
  const auto left = Members(catalog);
  EXPECT_EQ(left.size(), 5u);
  EXPECT_EQ(std::count(left.begin(), left.end(), *twice), 0);
}

// Lists of trusted certificates are lists of the same form.
TEST(CtlTest, ATrustListOfAnotherKindIsNoCatalog) {
  std::vector<uint8_t> catalog = Fixture("unsigned.cat");
  constexpr uint8_t kVersion2[] = {0x2b, 6, 1, 4, 1, 0x82, 0x37, 12, 1, 3};
  const auto version =
      std::search(catalog.begin(), catalog.end(), std::begin(kVersion2), std::end(kVersion2));
  ASSERT_NE(version, catalog.end());
  const auto parse = [&] {
    const ParsedSignature signature = ParseCatalogSignature(catalog);
    size_t members = 0;
    return ParseCtl(
        signature.data.content, [](const CatalogMember&) {}, &members);
  };
  EXPECT_EQ(parse(), nullptr);
  version[9] = 4;
  EXPECT_STREQ(parse(), "this is a trust list, but no catalog");
}

}  // namespace
}  // namespace nuthatch
