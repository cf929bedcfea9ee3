#include "image/image_view.h"

#include "image/read.h"

namespace nuthatch {
namespace {

// An image of `sections`, and a file in which each byte is the low part of its offset's number of
// 256 bytes.
class ImageViewTest : public testing::Test {
 protected:
  ImageViewTest() : file_(0x10000), source_(file_) {
    for (size_t i = 0; i < file_.size(); ++i) file_[i] = static_cast<uint8_t>(i >> 8);
    headers_.file_size = file_.size();
    headers_.headers_size = 0x400;
    headers_.section_alignment = 0x1000;
    headers_.file_alignment = 0x200;
  }
  void Add(uint32_t address, uint32_t virtual_size, uint32_t offset, uint32_t raw_size) {
    Section section;
    section.virtual_address = address;
    section.virtual_size = virtual_size;
    section.raw_offset = offset;
    section.raw_size = raw_size;
    headers_.sections.push_back(section);
  }
  // The byte at an address, or a wider number; nothing when there is none.
  template <typename Number = uint8_t>
  std::optional<int> At(uint64_t rva) {
    ImageView view(&source_, headers_, &anomalies_);
    Number number = 0;
    if (!view.ReadNumber(rva, &number)) return std::nullopt;
    return number;
  }

  Bytes file_;
  MemorySource source_;
  ImageHeaders headers_;
  Anomalies anomalies_;
};

TEST_F(ImageViewTest, MapsHeadersAndSections) {
  Add(0x1000, 0x300, 0x2000, 0x200);
  EXPECT_EQ(At(0x300), 3);
  EXPECT_EQ(At(0x400), std::nullopt);
  EXPECT_EQ(At(0x1000), 0x20);
  EXPECT_EQ(At(0x11FF), 0x21);
  EXPECT_EQ(At(0x1200), 0) << "it is in memory only";
  EXPECT_EQ(At(0x1300), std::nullopt);
  EXPECT_EQ(At(UINT64_MAX), std::nullopt);
}

TEST_F(ImageViewTest, GivesNoNumberThatGoesBeyondItsSection) {
  Add(0x1000, 0x300, 0x2000, 0x200);
  EXPECT_EQ(At<uint16_t>(0x11FF), 0x0021) << "its second byte is in memory only";
  EXPECT_EQ(At<uint16_t>(0x12FF), std::nullopt);
  Add(0x2000, 0x200, 0x3000, 0x200);
  EXPECT_EQ(At<uint16_t>(0x21FF), std::nullopt);
}

TEST_F(ImageViewTest, MapsTheEndOfASectionToTheNextOne) {
  Add(0x1000, 0x1000, 0x2000, 0x200);
  Add(0x2000, 0x1000, 0x3000, 0x200);
  EXPECT_EQ(At(0x2000), 0x30);
}

TEST_F(ImageViewTest, TakesTheRawSizeWhereThereIsNoVirtualOne) {
  Add(0x1000, 0, 0x2000, 0x200);
  EXPECT_EQ(At(0x11FF), 0x21);
  EXPECT_EQ(At(0x1200), std::nullopt);
}

TEST_F(ImageViewTest, RoundsPlacesInTheFileDownAsTheLoaderDoes) {
  Add(0x1000, 0x200, 0x2010, 0x200);
  EXPECT_EQ(At(0x1000), 0x20);
  EXPECT_EQ(At(0x10FF), 0x20);
}

TEST_F(ImageViewTest, OfAFlatImageHasAddressesThatAreOffsets) {
  headers_.section_alignment = headers_.file_alignment = 0x20;
  Add(0x400, 0x200, 0x400, 0x200);
  EXPECT_EQ(At(0x500), 5);
  EXPECT_EQ(At(0x8000), 0x80);
}

TEST_F(ImageViewTest, HasNoBytesBeyondTheFile) {
  Add(0x1000, 0x20000, 0xFF00, 0x20000);
  EXPECT_EQ(At(0x11FF), 0xFF);  // the section begins at 0xFE00
  EXPECT_EQ(At(0x1200), std::nullopt);
}

TEST_F(ImageViewTest, ReadsTextsToTheirNulAcrossWindows) {
  Add(0x1000, 0x8000, 0x1000, 0x8000);
  std::fill(file_.begin() + 0x3FF0, file_.begin() + 0x4010, uint8_t{'t'});
  file_[0x4010] = 0;
  ImageView view(&source_, headers_, &anomalies_);
  EXPECT_EQ(view.Text(0x3FF0, 512), std::string(0x20, 't'));
  EXPECT_EQ(view.Text(0x3FF0, 5), "ttttt");
  EXPECT_EQ(view.Text(0x9000, 5), std::nullopt);
}

}  // namespace
}  // namespace nuthatch
