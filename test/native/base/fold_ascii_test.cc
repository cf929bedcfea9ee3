#include "base/fold_ascii.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/case_fold.h"

namespace nuthatch {
namespace {

struct Part {
  const char* name;
  FoldAsciiPart fold;
};

std::vector<Part> Parts() {
  std::vector<Part> parts = {{"words", FoldAsciiWords}};
  if (FoldAsciiAvx512() != nullptr) parts.push_back({"AVX-512", FoldAsciiAvx512()});
  return parts;
}

TEST(FoldAscii, FoldsEachByteLikeTheTable) {
  std::string text;
  std::string folded;
  for (int c = 0; c < 128; ++c) {
    text.push_back(static_cast<char>(c));
    folded.push_back(static_cast<char>(FoldCodePoint(static_cast<char32_t>(c))));
  }
  for (const Part& part : Parts()) {
    for (size_t size = 0; size <= text.size(); ++size) {
      std::string out(text.size(), '?');
      const size_t done = part.fold(std::string_view(text).substr(0, size), out.data());
      EXPECT_GT(done + 8, size) << part.name;
      EXPECT_EQ(out, folded.substr(0, done) + std::string(text.size() - done, '?')) << part.name;
    }
  }
}

TEST(FoldAscii, StopsBeforeWhatIsNotAscii) {
  for (const Part& part : Parts()) {
    for (size_t at = 0; at < 200; ++at) {
      std::string text(200, 'A');
      text[at] = '\x80';
      std::string out(200, '?');
      const size_t done = part.fold(text, out.data());
      EXPECT_LE(done, at) << part.name;
      EXPECT_GT(done + 64, at) << part.name;
    }
  }
}

}  // namespace
}  // namespace nuthatch
