#include "image/import_table.h"

#include "image/imphash.h"
#include "image/ordinal_names.h"
#include "image/read.h"

namespace nuthatch {
namespace {

TEST(Imports, AreByNameAndOrdinalInBothWidths) {
  for (PeWriter writer : {PeWriter(), PeWriter::Narrow()}) {
    PutImports({{"KERNEL32.dll", {"LoadLibraryA", "GetProcAddress"}},
                {"WS2_32.dll", {"#115", "#999"}},
                {"a.b.ocx", {"#7"}},
                {"x.exe", {"Y"}}},
               &writer);
    const Image image = Read(writer);
    const auto& imports = image.directories->imports;
    ASSERT_EQ(imports.size(), 4u);
    EXPECT_EQ(imports[0].name, "KERNEL32.dll");
    EXPECT_EQ(imports[0].functions[1].name, "GetProcAddress");
    EXPECT_FALSE(imports[0].functions[1].ordinal);
    EXPECT_EQ(imports[1].functions[0].name, "WSAStartup");
    EXPECT_EQ(imports[1].functions[0].ordinal, 115);
    EXPECT_EQ(imports[1].functions[1].name, "");
    EXPECT_EQ(ImphashText(imports),
              "kernel32.loadlibrarya,kernel32.getprocaddress,ws2_32.wsastartup,ws2_32.ord999,"
              "a.b.ord7,x.exe.y");
    EXPECT_EQ(AnomaliesOf(image), Codes{});
  }
}

// Of one DLL, whose lookup table and address table are there.
void PutTable(uint32_t lookup, uint32_t addresses, PeWriter* writer) {
  ByteSink table;
  table.U32(lookup);
  table.Zeros(8);
  table.U32(writer->PutText("a.dll"));
  table.U32(addresses);
  table.Zeros(20);
  writer->Set(Directory::kImport, writer->Put(table.bytes()), 40);
}

TEST(Imports, OfABoundImageAreReadFromItsLookupTable) {
  PeWriter writer;
  const uint64_t lookup = PutThunks({"a.dll", {"Name"}}, &writer);
  const uint32_t bound = writer.PutPointers({0x7FF812345678, 0});
  PutTable(lookup, bound, &writer);
  EXPECT_EQ(Read(writer).directories->imports[0].functions[0].name, "Name");
}

TEST(Imports, WithoutALookupTableAreReadFromTheAddressTable) {
  PeWriter writer;
  const uint32_t thunks = PutThunks({"a.dll", {"Name"}}, &writer);
  PutTable(/*lookup=*/0, thunks, &writer);
  EXPECT_EQ(Read(writer).directories->imports[0].functions[0].name, "Name");
}

TEST(Imports, WithNamesThatAreNoneAreLeftOut) {
  PeWriter writer;
  PutImports({{"a.dll", {"ok", "\x01", "", "fine"}}, {"\xFF.dll", {"x"}}}, &writer);
  const Image image = Read(writer);
  ASSERT_EQ(image.directories->imports.size(), 1u);
  EXPECT_EQ(image.directories->imports[0].functions.size(), 2u);
  EXPECT_EQ(AnomaliesOf(image), Codes{"IMPORT_NAME"});
}

TEST(Imports, ThatDoNotEndAreReadUpToTheLimit) {
  PeWriter writer;
  // Thunks that all are one ordinal, to the end of the section.
  writer.Set(Directory::kImport, writer.Here(), 40);
  ByteSink table;
  table.U32(writer.Here() + 40 + 8);
  table.Zeros(8);
  table.U32(writer.Here() + 40);
  table.U32(0);
  table.Zeros(20);
  table.Append(std::string_view("a.dll\0\0\0", 8));
  for (size_t i = 0; i < kMaxImportedFunctions + 1000; ++i) table.Put(uint64_t{1} << 63 | 1, 8);
  writer.Put(table.bytes());
  const Image image = Read(writer);
  EXPECT_EQ(image.directories->imports[0].functions.size(), kMaxImportedFunctions);
  EXPECT_EQ(AnomaliesOf(image), Codes{"IMPORT_LIMIT"});
}

TEST(Imports, OutsideTheImageAreNone) {
  PeWriter writer;
  writer.Set(Directory::kImport, 0x8000'0000, 40);
  const Image image = Read(writer);
  EXPECT_TRUE(image.directories->imports.empty());
  EXPECT_TRUE(image.anomalies.Has(AnomalyKind::kImportTable));
}

TEST(DelayImports, HaveRvasOrAsInVisualC6Addresses) {
  for (const bool old : {false, true}) {
    PeWriter writer = PeWriter::Narrow();
    PutDelayImports({"late.dll", {"Later", "#3"}}, old, &writer);
    const Image image = Read(writer);
    ASSERT_EQ(image.directories->delay_imports.size(), 1u);
    EXPECT_EQ(image.directories->delay_imports[0].name, "late.dll");
    EXPECT_EQ(image.directories->delay_imports[0].functions[0].name, "Later");
    EXPECT_EQ(image.directories->delay_imports[0].functions[1].ordinal, 3);
    EXPECT_EQ(ImphashText(image.directories->imports), "");
  }
}

TEST(OrdinalName, IsKnownOfThreeModules) {
  EXPECT_EQ(OrdinalName("ws2_32.dll", 1), "accept");
  EXPECT_EQ(OrdinalName("WS2_32.DLL", 115), "WSAStartup");
  EXPECT_EQ(OrdinalName("wsock32.dll", 115), "WSAStartup");
  EXPECT_EQ(OrdinalName("wsock32.dll", 10), "inet_addr");
  EXPECT_EQ(OrdinalName("ws2_32.dll", 10), "ioctlsocket");
  EXPECT_EQ(OrdinalName("oleaut32.dll", 2), "SysAllocString");
  EXPECT_EQ(OrdinalName("oleaut32.dll", 9), "VariantClear");
  EXPECT_EQ(OrdinalName("ws2_32.dll", 0), "");
  EXPECT_EQ(OrdinalName("ws2_32.dll", 500), "WEP");
  EXPECT_EQ(OrdinalName("ws2_32.dll", 501), "");
  EXPECT_EQ(OrdinalName("ws2_32.dll", 65535), "");
  EXPECT_EQ(OrdinalName("kernel32.dll", 1), "");
}

}  // namespace
}  // namespace nuthatch
