#include "etw/manifest.h"

#include <gtest/gtest.h>

#include <map>

namespace nuthatch {
namespace {

constexpr Guid kProvider = ParseGuid("12345678-1234-1234-1234-123456789abc");

constexpr std::string_view kManifest = R"xml(<instrumentationManifest><provider name="P">
 <maps><valueMap name="Kind"><map value="0x0" message="$(string.map_Kind.None)"/>
  <map value="0x2" message="$(string.map_Kind.Two)"/></valueMap>
 <bitMap name="Flags"><map value="1" message="$(string.missing)"/><map value="4" message="Four"/></bitMap>
 <valueMap name="Empty"/></maps>
 <events><event value="5" template="T"/></events>
 <templates><template tid="T"><data name="kind" inType="win:Int32" map="Kind"/>
 <data name="flags" inType="win:UInt32" map="Flags"/><data name="empty" inType="win:UInt32" map="Empty"/>
 </template></templates></provider>
 <localization><resources culture="en-US"><stringTable>
 <string id="map_Kind.None" value="None"/><string id="map_Kind.Two" value="Two &amp; more"/>
 </stringTable></resources><resources culture="de-DE"><stringTable>
 <string id="map_Kind.None" value="Keine"/></stringTable></resources></localization>
</instrumentationManifest>)xml";

TEST(Manifest, MapsNameValuesInTheFirstCulture) {
  ValueMaps maps;
  std::map<uint16_t, EventSchema> schemas;
  ReadManifest(kManifest, kProvider, &maps, [&](uint16_t id, uint8_t, EventSchema schema) {
    schemas[id] = std::move(schema);
    return true;
  });
  const auto& fields = schemas.at(5).fields;
  const auto name = [&](size_t field, uint64_t value) {
    std::string text;
    return fields[field].map->Append(value, &text) ? text : "-";
  };
  EXPECT_EQ(name(0, 0), "None");
  EXPECT_EQ(name(0, 2), "Two & more");
  EXPECT_EQ(name(0, 1), "-");
  EXPECT_EQ(name(1, 7), "missing|Four|0x2");
  EXPECT_EQ(name(2, 0), "-");
}

}  // namespace
}  // namespace nuthatch
