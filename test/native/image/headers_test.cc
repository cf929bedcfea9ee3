#include "image/headers.h"

#include "image/read.h"

namespace nuthatch {
namespace {

TEST(ImageHeaders, AreReadInBothWidths) {
  for (const bool wide : {true, false}) {
    PeWriter writer = wide ? PeWriter() : PeWriter::Narrow();
    writer.entry_point = 0x1000;
    writer.checksum = 0x1234;
    writer.section_characteristics = kSectionReadable | kSectionExecutable;
    const ImageHeaders headers = Read(writer).headers;
    EXPECT_EQ(headers.machine, wide ? kMachineX64 : kMachineX86);
    EXPECT_EQ(headers.is_64_bit, wide);
    EXPECT_EQ(headers.timestamp, 1'600'000'000u);
    EXPECT_EQ(headers.linker_version, (std::pair<uint8_t, uint8_t>{14, 29}));
    EXPECT_EQ(headers.entry_point, 0x1000u);
    EXPECT_EQ(headers.image_base, PeWriter::kImageBase);
    EXPECT_EQ(headers.os_version.first, 10);
    EXPECT_EQ(headers.subsystem_version.first, 6);
    EXPECT_EQ(headers.image_size, 0x2000u);
    EXPECT_EQ(headers.headers_size, 0x400u);
    EXPECT_EQ(headers.checksum, 0x1234u);
    EXPECT_EQ(headers.checksum_offset, writer.checksum_offset());
    EXPECT_EQ(headers.certificate_directory_offset, 0x100 + 24 + (wide ? 112 : 96) + 32);
    EXPECT_EQ(headers.subsystem, 3);
    ASSERT_EQ(headers.sections.size(), 1u);
    EXPECT_EQ(headers.sections[0].name, ".data");
    EXPECT_EQ(headers.sections[0].raw_offset, 0x400u);
    EXPECT_EQ(headers.sections[0].raw_size, 0x200u);
    EXPECT_EQ(AnomaliesOf(Read(writer)), Codes{});
  }
}

TEST(ImageHeaders, OfWhatIsNoImageSayWhy) {
  const auto why = [](const Bytes& file) {
    Image image;
    const Status status = Read(file, {}, &image);
    EXPECT_STREQ(status.code(), "NUTHATCH_PE_FORMAT");
    return status.message();
  };
  EXPECT_EQ(why({}), "it is no PE file: it does not begin with MZ");
  EXPECT_EQ(why(NulTerminated("MZ")), "it is no PE file: it ends inside its DOS header");
  Bytes dos = PeWriter().Write();
  PutAt(&dos, 0x3C, 0xFFFFFFF0, 4);
  EXPECT_NE(why(dos).find("beyond its end, as MS-DOS programs do"), std::string::npos);
  PutAt(&dos, 0x3C, 0x80, 4);
  EXPECT_NE(why(dos).find("no PE signature"), std::string::npos);
  Bytes rom = PeWriter().Write();
  PutAt(&rom, 0x100 + 24, 0x107, 2);
  EXPECT_NE(why(rom).find("of an unknown kind"), std::string::npos);
}

TEST(ImageHeaders, MayBeginInsideTheDosHeader) {
  PeWriter writer;
  writer.pe_offset = 4;
  writer.section_alignment = writer.file_alignment = 4;  // which is then the offset's place
  const Image image = Read(writer);
  EXPECT_EQ(image.headers.pe_offset, 4u);
  EXPECT_EQ(image.headers.sections.size(), 1u);
  EXPECT_TRUE(image.anomalies.Has(AnomalyKind::kHeaderOverlap));
}

TEST(ImageHeaders, MayLieFarFromTheStart) {
  Bytes file = PeWriter().Write();
  const Bytes headers(file.begin() + 0x100, file.begin() + 0x400);
  file.resize(100'000);
  AppendTo(&file, headers);
  PutAt(&file, 0x3C, 100'000, 4);
  const Image image = Read(file);
  EXPECT_EQ(image.headers.pe_offset, 100'000u);
  ASSERT_EQ(image.headers.sections.size(), 1u);
  EXPECT_EQ(image.headers.sections[0].name, ".data");
}

TEST(ImageHeaders, ThatEndWithTheFileHaveZerosBeyond) {
  Bytes file = PeWriter().Write();
  file.resize(0x100 + 24 + 30);
  const Image image = Read(file);
  EXPECT_EQ(image.headers.image_base, PeWriter::kImageBase & 0xFFFF);
  EXPECT_EQ(image.headers.image_size, 0u);
  EXPECT_TRUE(image.anomalies.Has(AnomalyKind::kHeadersTruncated));
  EXPECT_TRUE(image.anomalies.Has(AnomalyKind::kSectionCount));
}

TEST(ImageHeaders, HaveAsManyDirectoriesAsFit) {
  for (const uint32_t declared : {0u, 3u, 16u, 17u, UINT32_MAX}) {
    PeWriter writer;
    writer.directory_count = declared;
    PutClr(1, &writer);
    const Image image = Read(writer);
    EXPECT_EQ(image.directories->clr.has_value(), declared >= 16) << declared;
    EXPECT_EQ(image.headers.certificate_directory_offset.has_value(), declared > 4) << declared;
    EXPECT_EQ(image.anomalies.Has(AnomalyKind::kDirectoryCount), declared > 16) << declared;
  }
  PeWriter cut;
  cut.optional_size = 112 + 8;
  cut.section_count = 0;
  EXPECT_TRUE(Read(cut).anomalies.Has(AnomalyKind::kDirectoryCount));
}

TEST(ImageHeaders, HaveNoMoreSectionsThanBytes) {
  PeWriter writer;
  writer.section_count = 65535;
  Bytes file = writer.Write();
  EXPECT_LT(Read(file).headers.sections.size(), 100u);
  file.resize(size_t{4} << 20);
  const Image image = Read(file);
  EXPECT_EQ(image.headers.sections.size(), (kMaxHeaderBytes - 24 - 240) / 40);
  EXPECT_TRUE(image.anomalies.Has(AnomalyKind::kSectionCount));
}

TEST(ImageHeaders, SayWhatIsOdd) {
  const auto odd = [](auto change) {
    PeWriter writer;
    change(&writer);
    return AnomaliesOf(Read(writer));
  };
  EXPECT_EQ(odd([](PeWriter* w) { w->machine = kMachineX86; }), Codes{"MACHINE"});
  EXPECT_EQ(odd([](PeWriter* w) { w->file_alignment = 0x300; }), Codes{"ALIGNMENT"});
  // .data is from 0x1000 to 0x1200.
  EXPECT_EQ(odd([](PeWriter* w) { w->entry_point = 0xFFF; }), Codes{"ENTRY_POINT_OUTSIDE"});
  EXPECT_EQ(odd([](PeWriter* w) { w->entry_point = 0x1000; }), Codes{"ENTRY_POINT_WRITABLE"});
  EXPECT_EQ(odd([](PeWriter* w) { w->entry_point = 0x11FF; }), Codes{"ENTRY_POINT_WRITABLE"});
  EXPECT_EQ(odd([](PeWriter* w) { w->entry_point = 0x1200; }), Codes{"ENTRY_POINT_OUTSIDE"});
  EXPECT_EQ(odd([](PeWriter* w) { w->section_characteristics = 0xE0000000; }),
            Codes{"WRITABLE_CODE"});
  EXPECT_EQ(odd([](PeWriter* w) { w->Set(Directory::kDebug, 0x8000'0000, 0); }),
            Codes{});  // none, as its size says
  EXPECT_EQ(odd([](PeWriter* w) {
              w->Set(static_cast<Directory>(3), 0x8000'0000, 12);  // exceptions
            }),
            Codes{"DIRECTORY_OUTSIDE"});
  const auto with_section = [&](Section section) {
    return odd([&](PeWriter* w) { w->more_sections = {{section, {}}}; });
  };
  Section section;
  section.virtual_address = 0x1000;
  section.virtual_size = 0x10;
  EXPECT_EQ(with_section(section), Codes{"SECTION_ORDER"});
  section.virtual_address = 0x2000;
  section.raw_offset = 0x400;
  section.raw_size = 0x200;
  EXPECT_EQ(with_section(section), Codes{"SECTION_OVERLAP"});
  section.raw_offset = 0x600;
  EXPECT_EQ(with_section(section), Codes{"SECTION_TRUNCATED"});
  section.raw_size = 0;
  section.virtual_size = 0x5000;
  EXPECT_EQ(with_section(section), Codes{"IMAGE_SIZE"});
}

TEST(Overlay, IsWhatLiesBehindTheSections) {
  PeWriter writer;
  EXPECT_FALSE(Read(writer).headers.overlay);
  writer.overlay = Bytes(13, 1);
  const auto overlay = Read(writer).headers.overlay;
  ASSERT_TRUE(overlay);
  EXPECT_EQ(overlay->offset, 0x600u);
  EXPECT_EQ(overlay->size, 13u);
  Bytes cut = PeWriter().Write();
  cut.resize(cut.size() - 100);  // in the section
  EXPECT_FALSE(Read(cut).headers.overlay);
}

// Two entries, of 8 and 13 bytes, behind `before` bytes.
Bytes WithCertificates(size_t before, size_t after, uint32_t second_size = 21) {
  PeWriter writer;
  ByteSink sink;
  for (size_t i = 0; i < before; ++i) sink.U8(0);
  for (const uint32_t size : {16u, second_size}) {
    sink.U32(size);
    sink.U16(0x200);
    sink.U16(2);
    for (int i = 0; i < 16; ++i) sink.U8(size == 16 && i >= 8 ? 0 : 1);
  }
  Bytes table = sink.bytes();
  table.erase(table.begin() + static_cast<ptrdiff_t>(before) + 16,
              table.begin() + static_cast<ptrdiff_t>(before) + 24);
  writer.Set(Directory::kCertificate, static_cast<uint32_t>(0x600 + before), 40);
  table.resize(before + 40 + after);
  writer.overlay = table;
  return writer.Write();
}

TEST(CertificateTable, HasEntriesAtMultiplesOfEight) {
  const Image image = Read(WithCertificates(0, 0));
  ASSERT_TRUE(image.headers.certificate_table);
  EXPECT_EQ(image.headers.certificate_table->offset, 0x600u);
  EXPECT_EQ(image.headers.certificate_table->size, 40u);
  ASSERT_EQ(image.headers.certificates.size(), 2u);
  EXPECT_EQ(image.headers.certificates[1].offset, 0x610u);
  EXPECT_EQ(image.headers.certificates[1].size, 21u);
  EXPECT_EQ(image.headers.certificates[1].type, 2);
  EXPECT_FALSE(image.headers.overlay);
  EXPECT_EQ(AnomaliesOf(image), Codes{});
}

TEST(CertificateTable, IsNoOverlay) {
  EXPECT_FALSE(Read(WithCertificates(7, 0)).headers.overlay) << "it must be aligned";
  const auto before = Read(WithCertificates(8, 0)).headers.overlay;
  ASSERT_TRUE(before);
  EXPECT_EQ(before->offset, 0x600u);
  EXPECT_EQ(before->size, 8u);
  const Image after = Read(WithCertificates(0, 5));
  EXPECT_EQ(after.headers.overlay->size, 5u);
  EXPECT_EQ(AnomaliesOf(after), Codes{"DATA_AFTER_CERTIFICATES"});
}

TEST(CertificateTable, IsNotReadBeyondItsEnd) {
  for (const uint32_t size : {0u, 8u, 25u, UINT32_MAX}) {
    const Image image = Read(WithCertificates(0, 0, size));
    EXPECT_EQ(image.headers.certificates.size(), 1u);
    EXPECT_EQ(AnomaliesOf(image), Codes{"CERTIFICATE_ENTRY"});
  }
  Bytes cut = WithCertificates(0, 0);
  cut.pop_back();
  const Image image = Read(cut);
  EXPECT_FALSE(image.headers.certificate_table);
  EXPECT_EQ(AnomaliesOf(image), Codes{"CERTIFICATE_TABLE"});
}

TEST(RichHeader, NamesToolsAndProvesItsKey) {
  PeWriter writer;
  writer.rich = RichHeaderOf({{0x105, 30729, 12}, {1, 0, 300}}, writer.pe_offset);
  const Image image = Read(writer);
  ASSERT_TRUE(image.headers.rich);
  EXPECT_TRUE(image.headers.rich->valid);
  ASSERT_EQ(image.headers.rich->entries.size(), 2u);
  EXPECT_EQ(image.headers.rich->entries[0].product, 0x105);
  EXPECT_EQ(image.headers.rich->entries[0].build, 30729);
  EXPECT_EQ(image.headers.rich->entries[1].count, 300u);
  writer.rich[20] ^= 1;  // a count
  EXPECT_FALSE(Read(writer).headers.rich->valid);
  EXPECT_EQ(AnomaliesOf(Read(writer)), Codes{"RICH_CHECKSUM"});
}

class CountingSource : public MemorySource {
 public:
  using MemorySource::MemorySource;
  std::optional<size_t> ReadAt(uint64_t position, std::span<uint8_t> out) override {
    ++reads;
    bytes += out.size();
    return MemorySource::ReadAt(position, out);
  }
  size_t reads = 0;
  size_t bytes = 0;
};

TEST(ImageHeaders, TakeOneReadOfFourKibibytes) {
  PeWriter writer;
  writer.overlay = Bytes(100'000);
  const Bytes file = writer.Write();
  CountingSource source(file);
  Image image;
  ASSERT_TRUE(ReadImageHeaders(&source, &image.headers, &image.anomalies).ok());
  EXPECT_EQ(source.reads, 1u);
  EXPECT_EQ(source.bytes, 4096u);
}

class FailingSource : public MemorySource {
 public:
  using MemorySource::MemorySource;
  std::optional<size_t> ReadAt(uint64_t, std::span<uint8_t>) override { return std::nullopt; }
};

TEST(ImageHeaders, OfAFileThatCannotBeReadAreAnError) {
  const Bytes file = PeWriter().Write();
  FailingSource source(file);
  Image image;
  EXPECT_STREQ(ReadImageHeaders(&source, &image.headers, &image.anomalies).code(),
               "NUTHATCH_INPUT_UNREADABLE");
}

}  // namespace
}  // namespace nuthatch
