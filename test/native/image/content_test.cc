// What needs all bytes of a file: hashes, the checksum, entropy.
#include <cstdio>
#include <fstream>

#include "image/image_hash.h"
#include "image/read.h"
#include "platform/file.h"
#include "support/samples.h"
#include "support/temporary_folder.h"

namespace nuthatch {
namespace {

// What the image hash of a file is of, with zeros after it when it is padded.
std::pair<Bytes, bool> HashedBytesOf(const Bytes& file) {
  const Image image = Read(file);
  RecordingHasher hasher;
  ImageHashSink sink(image.headers, {&hasher});
  // In pieces of odd sizes, so that what is left out lies across their ends.
  for (size_t at = 0; at < file.size(); at += 7) {
    const size_t size = std::min<size_t>(7, file.size() - at);
    sink.Update(at, std::span(file).subspan(at, size));
  }
  const bool padded = sink.Pad();
  return {hasher.bytes(), padded};
}

TEST(ImageHash, LeavesOutChecksumAndSignature) {
  PeWriter writer;
  writer.overlay = Bytes(64, 7);
  writer.Set(Directory::kCertificate, 0x620, 32);
  const Bytes file = writer.Write();
  Bytes expected = file;
  const size_t entry = 0x100 + 24 + 112 + 32;
  expected.resize(0x620);
  expected.erase(expected.begin() + static_cast<ptrdiff_t>(entry),
                 expected.begin() + static_cast<ptrdiff_t>(entry) + 8);
  const auto checksum = expected.begin() + static_cast<ptrdiff_t>(writer.checksum_offset());
  expected.erase(checksum, checksum + 4);
  EXPECT_EQ(HashedBytesOf(file), std::pair(expected, false));
}

TEST(ImageHash, IncludesWhatIsNoDirectoryEntry) {
  PeWriter writer;
  writer.directory_count = 4;
  EXPECT_EQ(HashedBytesOf(writer.Write()).first.size(), writer.Write().size() - 4);
}

TEST(ImageHash, OfAnUnsignedFileIsPaddedToEight) {
  PeWriter writer;
  for (size_t size = 0; size < 9; ++size) {
    writer.overlay = Bytes(size, 7);
    const auto [bytes, padded] = HashedBytesOf(writer.Write());
    EXPECT_EQ(padded, size % 8 != 0);
    EXPECT_EQ((bytes.size() + 4 + 8) % 8, 0u);
  }
}

TEST(ImageHash, IsComputedWithTheFilesOwnInOnePass) {
  PeWriter writer;
  writer.overlay = Bytes(3, 7);
  const Bytes file = writer.Write();
  ImageRequest request;
  request.hashes = {DigestAlgorithm::kSha1, DigestAlgorithm::kSha256};
  request.new_hasher = [](DigestAlgorithm) { return std::make_unique<RecordingHasher>(); };
  Image image;
  ASSERT_TRUE(Read(file, request, &image).ok());
  ASSERT_EQ(image.hashes.size(), 2u);
  const auto size_of = [](const Digest& digest) { return digest.bytes[0] | digest.bytes[1] << 8; };
  EXPECT_EQ(image.hashes[1].algorithm, DigestAlgorithm::kSha256);
  EXPECT_EQ(size_of(image.hashes[1].file), 0x603);
  EXPECT_EQ(size_of(image.hashes[1].image), 0x603 - 12);
  EXPECT_EQ(size_of(*image.hashes[1].padded), 0x608 - 12);
}

TEST(ImageHash, ThatTheProviderDoesNotHaveIsAnError) {
  ImageRequest request;
  request.hashes = {DigestAlgorithm::kMd5};
  Image image;
  EXPECT_STREQ(Read(PeWriter().Write(), request, &image).code(), "NUTHATCH_PE_NO_HASH");
}

TEST(Checksum, IsThatOfTheSpecification) {
  for (const size_t overlay : {0, 1, 5, 1 << 20}) {
    PeWriter writer;
    writer.pe_offset += overlay % 2;  // so that the checksum is not always aligned
    writer.checksum = 0xABCD1234;
    writer.overlay = Bytes(overlay, 0xEE);
    const Bytes file = writer.Write();
    // Word by word, carries added as they come, the stored checksum as zeros.
    Bytes plain = file;
    PutAt(&plain, writer.checksum_offset(), 0, 4);
    plain.resize((plain.size() + 1) / 2 * 2);
    uint32_t sum = 0;
    for (size_t at = 0; at < plain.size(); at += 2) {
      sum += plain[at] | plain[at + 1] << 8;
      sum = (sum & 0xFFFF) + (sum >> 16);
    }
    ImageRequest request;
    request.content = true;
    Image image;
    ASSERT_TRUE(Read(file, request, &image).ok());
    EXPECT_EQ(image.computed_checksum, sum + file.size());
    EXPECT_EQ(AnomaliesOf(image), Codes{"CHECKSUM"});
  }
}

TEST(Entropy, IsOfEachSectionsBytesInTheFile) {
  PeWriter writer;
  writer.section_characteristics = kSectionReadable | kSectionExecutable;
  Section more;
  more.name = "random";
  more.virtual_address = 0x2000;
  more.virtual_size = 0x1000;
  more.raw_offset = 0x600;
  more.raw_size = 512;
  more.characteristics = kSectionExecutable;
  Bytes bytes(512);
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>(i);
  writer.more_sections = {{more, bytes}};
  ImageRequest request;
  request.content = true;
  Image image;
  ASSERT_TRUE(Read(writer.Write(), request, &image).ok());
  EXPECT_EQ(image.headers.sections[0].entropy, 0);
  EXPECT_EQ(image.headers.sections[1].entropy, 8);
  EXPECT_EQ(AnomaliesOf(image), Codes{"HIGH_ENTROPY"});
  Image headers_only;
  ASSERT_TRUE(Read(writer.Write(), {}, &headers_only).ok());
  EXPECT_FALSE(headers_only.headers.sections[1].entropy);
}

TEST(Content, IsNotReadToItsEndOnceStopped) {
  const Bytes file = PeWriter().Write();
  MemorySource source(file);
  const std::atomic<bool> stop = true;
  ImageRequest request;
  request.content = true;
  Image image;
  EXPECT_STREQ(ReadImage(&source, request, stop, &image).code(), "NUTHATCH_ABORTED");
}

TEST(Content, OfAFileThatBecameShorterIsAnError) {
  class Shortened : public MemorySource {
   public:
    using MemorySource::MemorySource;
    uint64_t size() const override { return MemorySource::size() + 1; }
  };
  const Bytes file = PeWriter().Write();
  Shortened source(file);
  const std::atomic<bool> stop = false;
  ImageRequest request;
  request.content = true;
  Image image;
  EXPECT_STREQ(ReadImage(&source, request, stop, &image).code(), "NUTHATCH_INPUT_TRUNCATED");
}

std::vector<PageHash> PagesOf(const Bytes& file, RecordingHasher* hasher, Status* status) {
  const Image image = Read(file);
  MemorySource source(file);
  const std::atomic<bool> stop = false;
  std::vector<PageHash> pages;
  *status = HashPages(&source, image.headers, hasher, stop, &pages);
  return pages;
}

TEST(PageHashes, AreOfHeadersAndSectionsFilledUpToPages) {
  PeWriter writer;
  writer.Put(Bytes(5000, 9));
  std::vector<Bytes> records;
  RecordingHasher hasher(&records);
  Status status;
  const auto pages = PagesOf(writer.Write(), &hasher, &status);
  ASSERT_TRUE(status.ok());
  ASSERT_EQ(pages.size(), 4u);
  EXPECT_EQ(pages[1].offset, 0x400u);
  EXPECT_EQ(pages[2].offset, 0x1400u);
  EXPECT_EQ(pages[3].offset, 0x400u + 0x1400) << "the end";
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[0].size(), 4096u - 12) << "headers without what signing changes";
  EXPECT_EQ(records[1].size(), 4096u);
  EXPECT_EQ(records[2].size(), 4096u);
}

TEST(PageHashes, OfSectionsThatShareBytesAreNone) {
  PeWriter writer;
  Section section;
  section.raw_offset = 0x400;
  section.raw_size = 0x200;
  writer.more_sections = {{section, {}}};
  RecordingHasher hasher;
  Status status;
  PagesOf(writer.Write(), &hasher, &status);
  EXPECT_STREQ(status.code(), "NUTHATCH_PE_FORMAT");
}

TEST(PageHashes, OfHeadersThatAreLongerThanAPageAreNone) {
  PeWriter writer;
  writer.overlay = Bytes(8192, 1);
  Bytes file = writer.Write();
  const auto code_of = [&](uint32_t headers_size) {
    PutAt(&file, writer.pe_offset + 24 + 60, headers_size, 4);
    RecordingHasher hasher;
    Status status;
    PagesOf(file, &hasher, &status);
    return std::string(status.ok() ? "" : status.code());
  };
  EXPECT_EQ(code_of(4096), "");
  EXPECT_EQ(code_of(4097), "NUTHATCH_PE_FORMAT");
  EXPECT_EQ(code_of(8192), "NUTHATCH_PE_FORMAT");
}

// By the program sha256sum, which is not ours.
Bytes Sha256(const Bytes& bytes) {
  const TemporaryFolder folder;
  const std::string path = (folder.path() / "content").string();
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<ptrdiff_t>(bytes.size()));
  FILE* pipe = popen(("sha256sum < " + path).c_str(), "r");
  char text[65] = {};
  EXPECT_EQ(std::fread(text, 1, 64, pipe), 64u);
  pclose(pipe);
  Bytes digest;
  for (size_t i = 0; i < 64; i += 2)
    digest.push_back(static_cast<uint8_t>(std::stoul(std::string(text + i, 2), nullptr, 16)));
  return digest;
}

// The table in the signature is in the file, as it was made by osslsigncode.
TEST(PageHashes, AreThoseOfASignedFile) {
  const auto path = DataFolder() / "pe/made-here/out/s-pagehash.exe";
  if (!HasData("pe")) GTEST_SKIP() << "no samples";
  std::ifstream stream(path, std::ios::binary);
  const Bytes file((std::istreambuf_iterator<char>(stream)), {});
  std::vector<Bytes> records;
  RecordingHasher hasher(&records);
  Status status;
  const auto pages = PagesOf(file, &hasher, &status);
  ASSERT_TRUE(status.ok()) << status.message();
  Bytes table;
  for (size_t i = 0; i < pages.size(); ++i) {
    ByteSink offset;
    offset.U32(pages[i].offset);
    AppendTo(&table, offset.bytes());
    AppendTo(&table, i < records.size() ? Sha256(records[i]) : Bytes(32));
  }
  EXPECT_NE(std::search(file.begin(), file.end(), table.begin(), table.end()), file.end());
}

}  // namespace
}  // namespace nuthatch
