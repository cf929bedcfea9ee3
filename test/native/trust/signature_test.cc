#include "trust/signature.h"

#include <algorithm>

#include "base/load_bytes.h"
#include "image/image.h"
#include "support/trust_fixtures.h"
#include "trust/authenticode.h"

namespace nuthatch {
namespace {

// The digest of a catalog's flat file, or of another kind, says nothing of an image.
TEST(ParseImageSignature, WantsTheDigestOfAnImage) {
  std::vector<uint8_t> image = Fixture("signed.exe");
  constexpr uint8_t kSpcPeImageData[] = {0x2b, 6, 1, 4, 1, 0x82, 0x37, 2, 1, 0x0f};
  const auto type = std::search(image.begin(), image.end(), std::begin(kSpcPeImageData),
                                std::end(kSpcPeImageData));
  ASSERT_NE(type, image.end());
  const auto parse = [&] {
    CertificateTable table;
    const auto begin = LoadAt<uint32_t>(image, kTableEntry);
    EXPECT_EQ(ParseCertificateTable(ByteSpan(image).subspan(begin), &table), nullptr);
    return ParseImageSignature(table.pkcs7);
  };
  EXPECT_EQ(parse().malformed, nullptr);
  type[9] = 0x19;  // SpcCabData, which flat files have
  EXPECT_STREQ(parse().malformed, "what is signed is not the digest of an image");
}

TEST(JudgeSignature, IsWeakByTheFilesDigestOrItsSigners) {
  const std::vector<uint8_t> image = Fixture("signed.exe");
  CertificateTable table;
  const auto begin = LoadAt<uint32_t>(image, kTableEntry);
  ASSERT_EQ(ParseCertificateTable(ByteSpan(image).subspan(begin), &table), nullptr);
  const ParsedSignature strong = ParseImageSignature(table.pkcs7);
  const auto is_weak = [](const ParsedSignature& signature) {
    SignatureFacts stated;
    AddStated(signature, &stated);
    EXPECT_EQ(JudgeSignature(*TestPolicy(), signature).weak, stated.weak);
    return stated.weak;
  };
  EXPECT_FALSE(is_weak(strong));
  for (const Oid& oid : {kOidSha1, kOidMd5}) {
    ParsedSignature weak = strong;
    weak.data.signer->digest_algorithm = oid.bytes();
    EXPECT_TRUE(is_weak(weak)) << "its signer's";
  }
  ParsedSignature weak = strong;
  weak.indirect.algorithm = DigestAlgorithm::kSha1;
  EXPECT_TRUE(is_weak(weak)) << "the file's";
}

}  // namespace
}  // namespace nuthatch
