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

}  // namespace
}  // namespace nuthatch
