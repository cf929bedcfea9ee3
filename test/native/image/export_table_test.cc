#include "image/export_table.h"

#include "image/read.h"

namespace nuthatch {
namespace {

TEST(Exports, AreByOrdinalWithNamesAndForwarders) {
  PeWriter writer;
  PutExports({{"Zed", {}}, {"", {}}, {"Heap", "NTDLL.RtlAllocateHeap"}, {"", {}, 0}}, &writer);
  const Image image = Read(writer);
  ASSERT_TRUE(image.directories->exports);
  const Exports& exports = *image.directories->exports;
  EXPECT_EQ(exports.name, "old-name.dll");
  EXPECT_EQ(exports.timestamp, 77u);
  ASSERT_EQ(exports.functions.size(), 3u) << "an ordinal without address is not used";
  EXPECT_EQ(exports.functions[0].name, "Zed");
  EXPECT_EQ(exports.functions[0].ordinal, 5u);
  EXPECT_EQ(exports.functions[0].forwarder, "");
  EXPECT_EQ(exports.functions[1].name, "");
  EXPECT_EQ(exports.functions[1].ordinal, 6u);
  EXPECT_EQ(exports.functions[2].forwarder, "NTDLL.RtlAllocateHeap");
  EXPECT_EQ(AnomaliesOf(image), Codes{});
}

TEST(Exports, AreForwardedWhenTheirAddressIsInTheDirectory) {
  PeWriter writer;
  const uint32_t directory = writer.Here();
  PutExports({{"Heap", "NTDLL.RtlAllocateHeap"}}, &writer);
  // The text comes right after the 40 bytes of the table.
  const auto forwarder = [&](size_t directory_size) {
    writer.Set(Directory::kExport, directory, directory_size);
    return Read(writer).directories->exports->functions.at(0).forwarder;
  };
  EXPECT_EQ(forwarder(41), "NTDLL.RtlAllocateHeap");
  EXPECT_EQ(forwarder(40), "") << "this is code";
}

TEST(Exports, ThatLieAboutTheirNumberEndWhereTheImageDoes) {
  PeWriter functions;
  PutExports({{"A", {}}}, &functions, {}, 0xFFFFFFFF);
  Image image = Read(functions);
  EXPECT_EQ(image.directories->exports->functions[0].name, "A");
  EXPECT_EQ(AnomaliesOf(image), (Codes{"EXPORT_LIMIT", "EXPORT_TABLE"}));

  PeWriter names;
  PutExports({{"A", {}}}, &names, 0xFFFFFFFF);
  image = Read(names);
  EXPECT_EQ(image.directories->exports->functions[0].name, "A");
  EXPECT_TRUE(image.anomalies.Has(AnomalyKind::kExportLimit));
}

TEST(Exports, TakeNoMoreMemoryForNamesThanTheyAreGiven) {
  PeWriter writer;
  const uint32_t text = writer.PutText(std::string(5000, 'x'));
  std::vector<uint32_t> list(60'000, text);
  ByteSink names;
  ByteSink indexes;
  for (const uint32_t rva : list) {
    names.U32(rva);
    indexes.U16(0);
  }
  ByteSink table;
  table.Zeros(8);
  table.Zeros(8);
  table.U32(0);
  table.U32(1);
  table.U32(list.size());
  table.U32(writer.Put({1, 0, 0, 0}));
  table.U32(writer.Put(names.bytes()));
  table.U32(writer.Put(indexes.bytes()));
  writer.Set(Directory::kExport, writer.Put(table.bytes()), 40);
  const Image image = Read(writer);
  size_t bytes = 0;
  for (const ExportedFunction& function : image.directories->exports->functions)
    bytes += function.name.size();
  EXPECT_GT(bytes, size_t{15} << 20);
  EXPECT_LT(bytes, size_t{17} << 20);
  EXPECT_TRUE(image.anomalies.Has(AnomalyKind::kTextLimit));
}

}  // namespace
}  // namespace nuthatch
