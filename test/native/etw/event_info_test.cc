// Schemas and names of values that a trace gives.
#include "etw/event_info.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

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

// "Value=…", of an event with one property and this payload.
std::string ValueOf(const WrittenProperty& property, const Bytes& payload) {
  const EventRecord event = {.time = 2'000'000, .provider = kProvider, .payload = payload};
  return DecodeRecords({event.Write(), EventInfo(kProvider, 1, 0, {property})})[0];
}

// TDH_INTYPE_…, a value as it is stored, and its text.
struct InTypeCase {
  uint16_t in;
  Bytes stored;
  std::string text;
};

const std::vector<InTypeCase>& InTypes() {
  static const std::vector<InTypeCase> types = {
      {1, {'a', 0, 0xE9, 0, 0, 0}, "a\u00E9"},
      {2, {'a', 'b', 0}, "ab"},
      {3, {0xFE}, "-2"},
      {4, {0xFE}, "254"},
      {5, {0xFE, 0xFF}, "-2"},
      {6, {0xFE, 0xFF}, "65534"},
      {7, {0xFE, 0xFF, 0xFF, 0xFF}, "-2"},
      {8, {0xFE, 0xFF, 0xFF, 0xFF}, "4294967294"},
      {9, {0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}, "-2"},
      {10, {0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}, "18446744073709551614"},
      {11, {0x00, 0x00, 0xC0, 0xBF}, "-1.5"},
      {12, {0, 0, 0, 0, 0, 0, 0xF8, 0x3F}, "1.5"},
      {13, {1, 0, 0, 0}, "true"},
      {15,
       {0x78, 0x56, 0x34, 0x12, 0xBC, 0x9A, 0xF0, 0xDE, 1, 2, 3, 4, 5, 6, 7, 8},
       "12345678-9abc-def0-0102-030405060708"},
      {16, {0x10, 0, 0, 0, 0, 0, 0, 0x80}, "0x8000000000000010"},
      {17, {0, 0, 0, 0, 0, 0, 0, 0}, "1601-01-01T00:00:00.0000000Z"},
      {18, {0xE4, 0x07, 3, 0, 2, 0, 17, 0, 1, 0, 2, 0, 3, 0, 0xC8, 1}, "2020-03-17T01:02:03.456"},
      {19, {1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0}, "S-1-5-18"},
      {20, {0x10, 0, 0, 0x80}, "0x80000010"},
      {21, {0x10, 0, 0, 0, 0, 0, 0, 0x80}, "0x8000000000000010"},
      {22, {4, 0, 'a', 0, 0xE9, 0}, "a\u00E9"},
      {23, {2, 0, 'a', 'b'}, "ab"},
      {25, {2, 0, 0xAB, 0xCD}, "abcd"},
      // Of WMI classes.
      {300, {4, 0, 'a', 0, 0xE9, 0}, "a\u00E9"},
      {301, {2, 0, 'a', 'b'}, "ab"},
      {306, {0xE9, 0}, "\u00E9"},
      {307, {'a'}, "a"},
      {308, {0x10, 0, 0, 0, 0, 0, 0, 0x80}, "9223372036854775824"},
      {310,
       {9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0},
       "S-1-5-18"},
  };
  return types;
}

TEST(EventInfo, EveryInTypeOfTdh) {
  for (const InTypeCase& type : InTypes()) {
    EXPECT_EQ(ValueOf({"Value", type.in}, type.stored), "Merged/: Value=" + type.text) << type.in;
    Bytes longer = type.stored;
    longer.push_back(0x5A);
    EXPECT_EQ(ValueOf({"Value", type.in}, longer), "Merged/: Value=" + type.text + " +1")
        << type.in;
  }
}

TEST(EventInfo, AnInTypeThatNobodyCanDecodeLeavesThePayloadRaw) {
  for (uint16_t in = 0; in < 400; ++in) {
    const bool known = std::any_of(InTypes().begin(), InTypes().end(),
                                   [&](const InTypeCase& type) { return type.in == in; });
    // 14 is of bytes, whose number another test gives.
    if (known || in == 14) continue;
    EXPECT_EQ(ValueOf({"Value", in}, {1, 0, 0, 0}), "/:  +4") << in;
  }
  EXPECT_EQ(ValueOf({"Value", 0x0108}, {1, 0, 0, 0}), "/:  +4") << "not 8";
  EXPECT_EQ(ValueOf({"Value", 0xFFFF}, {1, 0, 0, 0}), "/:  +4");
}

// EVENT_PROPERTY_INFO.
constexpr uint32_t kStruct = 1;
constexpr uint32_t kLengthProperty = 2;
constexpr uint32_t kCountProperty = 4;
constexpr uint32_t kFixedLength = 0x10;
constexpr uint32_t kFixedCount = 0x20;
constexpr uint16_t kText = 1;
constexpr uint16_t kNarrow = 2;
constexpr uint16_t kByte = 4;
constexpr uint16_t kBytes = 14;
constexpr uint16_t kOutIpv6 = 24;

std::string Decode(const std::vector<WrittenProperty>& properties, const Bytes& payload,
                   size_t members = 0) {
  const EventRecord event = {.time = 2'000'000, .provider = kProvider, .payload = payload};
  return DecodeRecords(
      {event.Write(), EventInfo(kProvider, 1, 0, properties, "Merged", members)})[0];
}

TEST(EventInfo, ALengthIsFixedOrAnotherPropertys) {
  EXPECT_EQ(
      Decode({{"Size", kByte}, {"Data", kBytes, 0, {}, kLengthProperty, 1, 0}, {"End", kByte}},
             {2, 0xAB, 0xCD, 7}),
      "Merged/: Size=2; Data=abcd; End=7");
  EXPECT_EQ(Decode({{"Data", kBytes, 0, {}, kFixedLength, 1, 3}, {"End", kByte}}, {1, 2, 3, 7}),
            "Merged/: Data=010203; End=7");
  EXPECT_EQ(Decode({{"Data", kBytes, 0, {}, 0, 1, 3}, {"End", kByte}}, {1, 2, 3, 7}),
            "Merged/: Data=010203; End=7")
      << "of bytes without the flag too";
  EXPECT_EQ(
      Decode({{"Text", kText, 0, {}, kFixedLength, 1, 2}, {"End", kByte}}, {'a', 0, 'b', 0, 7}),
      "Merged/: Text=ab; End=7")
      << "in characters";
  EXPECT_EQ(Decode({{"Text", kNarrow, 0, {}, 0, 1, 1}, {"End", kByte}}, {'a', 'b', 0, 7}),
            "Merged/: Text=ab; End=7")
      << "of text only with the flag";
  EXPECT_EQ(Decode({{"Data", kBytes}}, {1, 2, 3}), "/:  +3") << "bytes of no length";
  EXPECT_EQ(Decode({{"Ip", kBytes, kOutIpv6}, {"End", kByte}},
                   {0x20, 1, 0xD, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 7}),
            "Merged/: Ip=2001:db8::1; End=7");
}

TEST(EventInfo, ACountIsFixedOrAnotherPropertys) {
  EXPECT_EQ(Decode({{"Count", kByte}, {"List", kByte, 0, {}, kCountProperty, 0}, {"End", kByte}},
                   {2, 8, 9, 7}),
            "Merged/: Count=2; List=[8,9]; End=7");
  EXPECT_EQ(Decode({{"List", kByte, 0, {}, kFixedCount, 1}, {"End", kByte}}, {8, 7}),
            "Merged/: List=[8]; End=7");
  EXPECT_EQ(Decode({{"List", kByte, 0, {}, 0, 2}, {"End", kByte}}, {8, 9, 7}),
            "Merged/: List=[8,9]; End=7")
      << "two are a list without the flag too";
}

TEST(EventInfo, AReferenceIsToAPropertyBeforeIt) {
  for (const uint16_t other : {2, 3, 0xFFFF}) {
    EXPECT_EQ(Decode({{"Size", kByte}, {"Data", kBytes, 0, {}, kLengthProperty, 1, other}, {"End"}},
                     {1, 2, 3}),
              "/:  +3")
        << other;
    EXPECT_EQ(Decode({{"Size", kByte}, {"List", kByte, 0, {}, kCountProperty, other}, {"End"}},
                     {1, 2, 3}),
              "/:  +3")
        << other;
  }
}

TEST(EventInfo, TheMembersOfStructsAreBehindTheEventsProperties) {
  const auto with_struct = [](uint16_t first, uint16_t members) {
    return Decode({{"Pair", first, members, {}, kStruct | kFixedCount, 2},
                   {"End", kByte},
                   {"First", kByte},
                   {"Second", kByte}},
                  {1, 2, 3, 4, 7}, 2);
  };
  EXPECT_EQ(with_struct(2, 2), "Merged/: Pair=[{First=1; Second=2},{First=3; Second=4}]; End=7");
  EXPECT_EQ(with_struct(3, 1), "Merged/: Pair=[{Second=1},{Second=2}]; End=3 +2");
  EXPECT_EQ(with_struct(3, 2), "/:  +5") << "beyond the last property";
  EXPECT_EQ(with_struct(5, 0), "/:  +5");
  EXPECT_EQ(with_struct(0xFFFF, 0xFFFF), "/:  +5");
  EXPECT_EQ(with_struct(0, 2), "/:  +5") << "in itself";
}

// A TRACE_EVENT_INFO of one property, with a number of 32 bits in it changed.
bool IsRead(size_t at, uint32_t value, EventSchema* schema) {
  const Bytes record = EventInfo(kProvider, 1, 0, {{"Value"}});
  Bytes info(record.begin() + 48, record.end());
  for (size_t i = 0; i < 4; ++i) info[at + i] = static_cast<uint8_t>(value >> (8 * i));
  ValueMaps maps;
  EventKey key;
  *schema = {};
  return ReadEventInfo(info, &maps, &key, schema);
}

TEST(EventInfo, WhatItSaysIsWithinIt) {
  constexpr size_t kSource = 0x30;
  constexpr size_t kProperties = 0x64;
  constexpr size_t kTop = 0x68;
  constexpr size_t kName = 0x70 + 4;
  EventSchema schema;
  EXPECT_TRUE(IsRead(kSource, 0, &schema));
  EXPECT_EQ(schema.fields.at(0).name, "Value");
  for (const uint32_t source : {1u, 2u, 3u})
    EXPECT_FALSE(IsRead(kSource, source, &schema)) << "not of a manifest";
  EXPECT_FALSE(IsRead(kProperties, 0, &schema)) << "less than are the event's own";
  // The names behind the property are 39 characters, with room for three more.
  EXPECT_TRUE(IsRead(kProperties, 2, &schema));
  for (const uint32_t count : {5u, 0x10000u, 0x80000000u, 0xFFFFFFFFu})
    EXPECT_FALSE(IsRead(kProperties, count, &schema)) << count;
  for (const uint32_t count : {2u, 0xFFFFFFFFu}) EXPECT_FALSE(IsRead(kTop, count, &schema));
  EXPECT_TRUE(IsRead(kTop, 0, &schema));
  EXPECT_TRUE(schema.fields.empty());
  for (const uint32_t name : {0u, 0x10000u, 0xFFFFFFFFu}) {
    EXPECT_TRUE(IsRead(kName, name, &schema));
    EXPECT_EQ(schema.fields.at(0).name, "") << name;
  }
}

TEST(EventInfo, OneThatIsCutOffTeachesNothing) {
  const Bytes record = EventInfo(kProvider, 1, 0, {{"Value"}});
  const std::span<const uint8_t> info = std::span(record).subspan(48);
  for (size_t size = 0; size < 0x70 + 24; ++size) {
    ValueMaps maps;
    EventKey key;
    EventSchema schema;
    EXPECT_FALSE(ReadEventInfo(info.first(size), &maps, &key, &schema)) << size;
  }
}

// TDH_OUTTYPE_…, whose numbers up to 30 are not TraceLogging's.
TEST(EventInfo, EveryOutTypeOfTdh) {
  const auto text = [](uint16_t in, uint16_t out, const Bytes& stored) {
    return ValueOf({"Value", in, out}, stored).substr(std::string_view("Merged/: Value=").size());
  };
  constexpr uint16_t kU8 = 4;
  constexpr uint16_t kU16 = 6;
  constexpr uint16_t kI32 = 7;
  constexpr uint16_t kU32 = 8;
  constexpr uint16_t kI64 = 9;
  const Bytes number = {5, 0, 0, 0xC0};
  EXPECT_EQ(text(kU8, 1, {'a'}), "a") << "xs:string";
  for (const uint16_t out : {0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14})
    EXPECT_EQ(text(kU32, out, number), "3221225477") << "a date, numbers, a GUID: " << out;
  EXPECT_EQ(text(kU8, 13, {2}), "true") << "xs:boolean";
  for (const uint16_t out : {15, 16, 17, 18, 19})
    EXPECT_EQ(text(kU32, out, number), "0xc0000005") << "HexBinary, HexInt8 to 64: " << out;
  EXPECT_EQ(text(kU32, 20, number), "3221225477") << "PID";
  EXPECT_EQ(text(kU32, 21, number), "3221225477") << "TID";
  EXPECT_EQ(text(kU16, 22, {1, 0xBB}), "443") << "Port";
  EXPECT_EQ(text(kU32, 23, {192, 0, 2, 1}), "192.0.2.1") << "IPv4";
  EXPECT_EQ(text(25, 25, {8, 0, 2, 0, 1, 0xBB, 192, 0, 2, 1}), "192.0.2.1:443") << "SocketAddress";
  for (const uint16_t out : {28, 34, 35})
    EXPECT_EQ(text(25, out, {2, 0, 'a', 'b'}), "ab") << "XML, JSON, UTF-8: " << out;
  EXPECT_EQ(text(kU32, 30, {5, 0, 0, 0}), "5") << "Win32Error";
  for (const uint16_t out : {31, 32, 37})
    EXPECT_EQ(text(kI32, out, number), "0xc0000005") << "NTSTATUS, HRESULT, CodePointer: " << out;
  EXPECT_EQ(text(25, 36, {2, 0, 'a', 'b'}), "6162") << "PKCS #7";
  EXPECT_EQ(text(kI64, 38, Bytes(8, 0)), "1601-01-01T00:00:00.0000000Z") << "DateTimeUtc";
  for (const uint16_t out : {26, 27, 29, 39, 300, 0xFFFF})
    EXPECT_EQ(text(kU32, out, number), "3221225477") << "not known, or of no meaning: " << out;
}

}  // namespace
}  // namespace nuthatch
