// The smaller tables that data directories lead to.
#include "image/read.h"

namespace nuthatch {
namespace {

constexpr Guid kGuid = ParseGuid("3d6fa8d0-fe05-11d0-9dda-00c04fd7ba7c");

TEST(DebugDirectory, NamesThePdb) {
  PeWriter writer;
  PutDebug({{13, Bytes(4)}, {2, Rsds(kGuid, 3, "C:\\b\\a.pdb")}}, &writer);
  const auto debug = Read(writer).directories->debug;
  ASSERT_TRUE(debug && debug->pdb);
  EXPECT_EQ(debug->entries.size(), 2u);
  EXPECT_EQ(debug->entries[0].type, 13u);
  EXPECT_EQ(debug->entries[1].timestamp, 5u);
  EXPECT_EQ(debug->pdb->path, "C:\\b\\a.pdb");
  EXPECT_EQ(debug->pdb->guid, kGuid);
  EXPECT_EQ(debug->pdb->age, 3u);
  EXPECT_FALSE(debug->reproducible);
}

TEST(DebugDirectory, NamesThePdbOfVisualC6) {
  PeWriter writer;
  ByteSink nb10;
  nb10.Append("NB10");
  nb10.U32(0);
  nb10.U32(0x1234);
  nb10.U32(2);
  nb10.Append(std::string_view("a.pdb\0", 6));
  PutDebug({{2, nb10.bytes()}}, &writer);
  const auto debug = Read(writer).directories->debug;
  ASSERT_TRUE(debug && debug->pdb);
  EXPECT_FALSE(debug->pdb->has_guid);
  EXPECT_EQ(debug->pdb->signature, 0x1234u);
  EXPECT_EQ(debug->pdb->path, "a.pdb");
}

TEST(DebugDirectory, SaysThatABuildIsReproducibleAndFitForShadowStacks) {
  PeWriter writer;
  PutDebug({{16, {}}, {20, {1, 0, 0, 0}}}, &writer);
  const auto debug = Read(writer).directories->debug;
  ASSERT_TRUE(debug);
  EXPECT_TRUE(debug->reproducible);
  EXPECT_EQ(debug->extended_dll_characteristics, 1u);
}

TEST(DebugDirectory, HasPathsOfNoMoreThanAKibibyte) {
  PeWriter writer;
  PutDebug({{2, Rsds(kGuid, 1, std::string(5000, 'p'))}}, &writer);
  EXPECT_EQ(Read(writer).directories->debug->pdb->path.size(), 1024u);
  PeWriter cut;
  PutDebug({{2, NulTerminated("RSDS")}}, &cut);
  EXPECT_FALSE(Read(cut).directories->debug->pdb);
  EXPECT_EQ(AnomaliesOf(Read(cut)), Codes{"DEBUG_DIRECTORY"});
}

TEST(LoadConfig, TellsHybridImages) {
  const auto machine = [](PeWriter writer, uint32_t size, size_t offset) {
    PutLoadConfig(size, {{offset, 0x2000}}, &writer);
    const Image image = Read(writer);
    return MachineName(image.headers.machine, image.directories->load_config->has_chpe_metadata);
  };
  PeWriter arm;
  arm.machine = kMachineArm64;
  EXPECT_EQ(machine(PeWriter(), 208, 200), "arm64ec");
  EXPECT_EQ(machine(arm, 208, 200), "arm64x");
  EXPECT_EQ(machine(PeWriter::Narrow(), 128, 124), "chpe");
  EXPECT_EQ(machine(PeWriter(), 208, 192), "x64");
  EXPECT_EQ(machine(arm, 208, 192), "arm64");
  EXPECT_EQ(MachineName(0x1234, false), "0x1234");
}

TEST(LoadConfig, HasTheFieldsWithinItsSize) {
  PeWriter writer = PeWriter::Narrow();
  PutLoadConfig(72, {{64, 0x10002000}, {68, 9}}, &writer);
  const auto config = Read(writer).directories->load_config;
  ASSERT_TRUE(config);
  EXPECT_EQ(config->seh_table, 0x10002000u);
  EXPECT_EQ(config->seh_count, 9u);
  EXPECT_EQ(config->guard_flags, 0u);
  PeWriter lie;
  PutLoadConfig(8, {}, &lie);
  Bytes file = lie.Write();
  PutAt(&file, PeWriter::OffsetOf(lie.Here() - 8), 0xFFFFFFFF, 4);
  EXPECT_EQ(Read(file).directories->load_config->size, 0xFFFFFFFFu);
}

TEST(Tls, ListsCallbacks) {
  for (PeWriter writer : {PeWriter(), PeWriter::Narrow()}) {
    PutTls({0x1010, 0x1020}, &writer);
    EXPECT_EQ(Read(writer).directories->tls->callbacks, (std::vector<uint32_t>{0x1010, 0x1020}));
  }
  PeWriter endless;
  PutTls(std::vector<uint32_t>(1000, 0x1010), &endless);
  const Image image = Read(endless);
  EXPECT_EQ(image.directories->tls->callbacks.size(), 256u);
  EXPECT_EQ(AnomaliesOf(image), Codes{"TLS_CALLBACKS"});
}

TEST(Clr, HasFlagsAndTheRuntimesVersion) {
  PeWriter writer;
  PutClr(ClrHeader::kIlOnly | ClrHeader::kStrongNameSigned, &writer);
  const auto clr = Read(writer).directories->clr;
  ASSERT_TRUE(clr);
  EXPECT_EQ(clr->metadata_version, "v4.0.30319");
  EXPECT_EQ(clr->runtime_version, (std::pair<uint16_t, uint16_t>{2, 5}));
  EXPECT_EQ(clr->flags, 9u);
  EXPECT_EQ(clr->entry_point, 0x06000001u);
}

TEST(Clr, ThatIsTooSmallIsNone) {
  PeWriter writer;
  PutClr(1, &writer);
  Bytes file = writer.Write();
  PutAt(&file, PeWriter::OffsetOf(writer.Here() - 72), 71, 4);
  EXPECT_FALSE(Read(file).directories->clr);
  EXPECT_EQ(AnomaliesOf(Read(file)), Codes{"CLR_HEADER"});
}

using Strings = std::vector<std::pair<std::string, std::string>>;

TEST(Version, HasFixedNumbersAndStrings) {
  PeWriter writer;
  PutResource(16, VersionInfo({{"CompanyName", "A"}, {"ProductName", ""}, {"Odd", "xyz"}}),
              &writer);
  const auto version = Read(writer).directories->version;
  ASSERT_TRUE(version && version->fixed);
  EXPECT_EQ(version->fixed->file, (std::array<uint16_t, 4>{1, 2, 3, 4}));
  EXPECT_EQ(version->fixed->product, (std::array<uint16_t, 4>{5, 6, 7, 8}));
  EXPECT_EQ(version->fixed->flags, 1u);
  EXPECT_EQ(version->languages, std::vector<std::string>{"040904b0"});
  EXPECT_EQ(version->strings, (Strings{{"CompanyName", "A"}, {"ProductName", ""}, {"Odd", "xyz"}}));
}

TEST(Version, OfOtherResourcesIsNone) {
  PeWriter writer;
  PutResource(24, Bytes(4), &writer);
  EXPECT_FALSE(Read(writer).directories->version);
}

TEST(Version, ThatIsCutShortHasWhatCameBefore) {
  PeWriter writer;
  Bytes info = VersionInfo({{"CompanyName", "A"}, {"ProductName", "B"}});
  info.resize(info.size() - 24);
  PutResource(16, info, &writer);
  const Image image = Read(writer);
  EXPECT_EQ(AnomaliesOf(image), Codes{"VERSION_RESOURCE"});
}

TEST(Version, WithoutItsSignatureHasNoNumbers) {
  PeWriter writer;
  Bytes info = VersionInfo({{"CompanyName", "A"}});
  info[40] ^= 1;
  PutResource(16, info, &writer);
  const Image image = Read(writer);
  EXPECT_FALSE(image.directories->version->fixed);
  EXPECT_EQ(image.directories->version->strings, (Strings{{"CompanyName", "A"}}));
  EXPECT_EQ(AnomaliesOf(image), Codes{"VERSION_RESOURCE"});
}

TEST(Resources, ThatLoopAreTold) {
  PeWriter loop;
  PutResource(16, Bytes(4), &loop, ResourceEnd::kLoop);
  EXPECT_EQ(AnomaliesOf(Read(loop)), Codes{"RESOURCE_LOOP"});
  PeWriter deep;
  PutResource(16, Bytes(4), &deep, ResourceEnd::kDirectory);
  EXPECT_EQ(AnomaliesOf(Read(deep)), Codes{"RESOURCE_TABLE"});
}

}  // namespace
}  // namespace nuthatch
