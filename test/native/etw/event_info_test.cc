// Schemas and names of values that a trace gives.
#include "etw/event_info.h"

#include <gtest/gtest.h>

#include "etw/decode_records.h"
#include "etw/metadata_writer.h"

namespace nuthatch {
namespace {

constexpr Guid kProvider = ParseGuid("12345678-1234-1234-1234-123456789abc");

Bytes Event(uint16_t id, uint8_t version, uint32_t first, uint32_t second) {
  ByteSink payload;
  payload.U32(first);
  payload.U32(second);
  return EventRecord{.time = 2'000'000,
                     .provider = kProvider,
                     .id = id,
                     .version = version,
                     .payload = payload.bytes()}
      .Write();
}

// The names of the values that have one: "Field=name; …", of the first record.
std::string NamesOf(const std::vector<Bytes>& records) {
  std::string names;
  bool first = true;
  DecodeEach(records, [&](const DecodedEvent& event) {
    for (const DecodedField& field : event.fields) {
      std::string name;
      if (first && AppendValueName(*field.schema, field.data, &name))
        names += std::string(field.name()) + "=" + name + ";";
    }
    first = false;
  });
  return names;
}

TEST(EventMap, NamesMayComeBeforeAndAfterTheEventsThatReferToThem) {
  const Bytes event = Event(1, 0, 1, 6);
  const Bytes info =
      EventInfo(kProvider, 1, 0, {{"Kind", 8, 0, "KindMap"}, {"Flags", 20, 0, "FlagMap"}});
  const Bytes kinds = EventMap(kProvider, "KindMap", 1, {{0, "None "}, {1, "Some "}});
  const Bytes flags = EventMap(kProvider, "FlagMap", 2, {{2, "Two"}, {4, "Four"}});
  EXPECT_EQ(NamesOf({event, info, kinds, flags}), "Kind=Some;Flags=Two|Four;");
  EXPECT_EQ(NamesOf({event, flags, kinds, info}), "Kind=Some;Flags=Two|Four;");
  EXPECT_EQ(NamesOf({event, info, flags}), "Flags=Two|Four;");
  EXPECT_EQ(DecodeRecords({event, info, kinds})[0], "Merged/: Kind=1; Flags=0x6");
}

TEST(EventMap, IsOfItsProviderAndOfNumbers) {
  const Bytes event = Event(1, 0, 1, 6);
  const Bytes info = EventInfo(kProvider, 1, 0, {{"Kind", 8, 0, "KindMap"}, {"Flags"}});
  EXPECT_EQ(NamesOf({event, info, EventMap({}, "KindMap", 1, {{1, "Some"}})}), "");
  EXPECT_EQ(NamesOf({event, info, EventMap(kProvider, "KindMap", 4, {{1, "Some"}})}), "");
}

TEST(EventMap, AMalformedOneHasNoNames) {
  ByteSink sink;
  AppendGuid(kProvider, &sink);
  for (const uint32_t number : {0u, 1u, 0x10000000u, 0u, 0u}) sink.U32(number);
  Guid provider;
  std::string name;
  ValueMap map;
  EXPECT_FALSE(ReadEventMap(sink.bytes(), &provider, &name, &map));
  EXPECT_FALSE(ReadEventMap(std::span(sink.bytes()).first(20), &provider, &name, &map));
}

TEST(EventInfo, ALaterVersionIsReadAsTheNewestBeforeIt) {
  const std::vector<Bytes> records = {Event(1, 3, 7, 8),
                                      Event(1, 1, 7, 8),
                                      Event(1, 0, 7, 8),
                                      EventInfo(kProvider, 1, 1, {{"First"}}),
                                      EventInfo(kProvider, 1, 2, {{"Second"}}),
                                      EventInfo(kProvider, 1, 4, {{"Fourth"}})};
  const auto texts = DecodeRecords(records);
  EXPECT_EQ(texts[0], "Merged/: Second=7 +4");
  EXPECT_EQ(texts[1], "Merged/: First=7 +4");
  EXPECT_EQ(texts[2], "/:  +8");
}

}  // namespace
}  // namespace nuthatch
