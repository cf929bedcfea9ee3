// Events of a provider that only Windows knows, of which it is asked.
#include <gtest/gtest.h>

#include <string>

#include "etw/event_text.h"
#include "etw/metadata_writer.h"
#include "live/play.h"
#include "pipeline/live_trace.h"

namespace nuthatch {
namespace {

constexpr Guid kProvider = ParseGuid("12345678-1234-1234-1234-123456789abc");

// Those of values, in brackets each.
std::string NamesOf(const DecodedEvent& event) {
  std::string all;
  for (const DecodedField& field : event.fields) {
    std::string name;
    if (AppendValueName(*field.schema, field.data, &name)) all += " (" + name + ')';
  }
  return all;
}

// "Merged: Size=7 (seven)"
class Texts final : public LiveOutput, public TraceOutput {
 public:
  explicit Texts(std::vector<std::string>* texts) : texts_(*texts) {}

  TraceOutput* Begin(uint64_t) override { return this; }
  void End(uint64_t, int64_t) override {}
  bool HasRoom() const override { return true; }
  FileOutput* files() override { return this; }
  void Finish() override {}
  void Add(const DecodedEvent& event, const JoinedEvent&, uint64_t) override {
    texts_.push_back(std::string(event.provider) + ": " + TextOf(event) + NamesOf(event));
  }
  bool full() const override { return false; }

 private:
  std::vector<std::string>& texts_;
};

Bytes Event(uint64_t tick, uint16_t id, const Payload& payload) {
  return Provider({.tick = tick, .pid = 8}, kProvider, id, /*version=*/1, payload);
}

// What Windows says of an event, with the bytes at `at` other ones.
Bytes Altered(Bytes info, size_t at, const Bytes& to) {
  constexpr size_t kHeader = 48;  // of its record
  std::copy(to.begin(), to.end(), info.begin() + static_cast<ptrdiff_t>(kHeader + at));
  return info;
}

const Bytes kOfFirst = EventInfo(kProvider, 1, 1, {{"Size"}});
const Bytes kOfSecond = EventInfo(kProvider, 2, 1, {{"First", 8}, {"Second", 6}, {"Text", 1}});

class EventInformation : public testing::Test {
 protected:
  // `known`: what Windows says of events.
  std::vector<std::string> Play(const std::vector<Bytes>& known, std::vector<Bytes> events,
                                const PlayScript& script = {}) {
    events.insert(events.begin(), known.begin(), known.end());
    const Bytes trace = WrittenTrace({events});
    SessionRequest session = DnsSession();
    session.providers[0].provider = kProvider;
    LiveTraceOptions options;
    options.source.sessions = {session};
    std::vector<std::string> texts;
    LiveTrace live(Playing(trace, script), options,
                   [&](TraceJoiner*) { return std::make_unique<Texts>(&texts); });
    PlayToEnd(&live);
    raw_ = live.counts().raw;
    return texts;
  }

  uint64_t raw_ = 0;
};

using Lines = std::vector<std::string>;

TEST_F(EventInformation, SaysHowAnEventIsDecoded) {
  EXPECT_EQ(Play({kOfFirst}, {Event(1, 1, Payload().U32(7)), Event(2, 1, Payload().U32(8))}),
            (Lines{"Merged: Size=7", "Merged: Size=8"}));
  EXPECT_EQ(raw_, 0u);
}

TEST_F(EventInformation, MayBeLargerThanThatOfTheEventBefore) {
  EXPECT_EQ(Play({kOfFirst, kOfSecond},
                 {Event(1, 1, Payload().U32(7)), Event(2, 2, Payload().U32(1).U16(2).Wide("three")),
                  Event(3, 1, Payload().U32(8))}),
            (Lines{"Merged: Size=7", "Merged: First=1; Second=2; Text=three", "Merged: Size=8"}));
}

TEST_F(EventInformation, OrSmaller) {
  EXPECT_EQ(Play({kOfFirst, kOfSecond}, {Event(1, 2, Payload().U32(1).U16(2).Wide("three")),
                                         Event(2, 1, Payload().U32(7))}),
            (Lines{"Merged: First=1; Second=2; Text=three", "Merged: Size=7"}));
}

TEST_F(EventInformation, IsGivenWhereThereIsRoomForIt) {
  const Bytes trace = WrittenTrace({{kOfFirst}});
  const std::shared_ptr<EtwSystem> system = Playing(trace);
  WinEventRecord event{};
  event.header.provider = kProvider;
  event.header.id = 1;
  event.header.version = 1;
  std::vector<uint8_t> schema(4, 0xEE);
  uint32_t size = 4;
  EXPECT_EQ(system->GetEventInformation(event, schema.data(), &size), kEtwBufferTooSmall);
  EXPECT_EQ(schema, std::vector<uint8_t>(4, 0xEE));
  EXPECT_EQ(size, kOfFirst.size() - 48);
  schema.resize(size);
  EXPECT_EQ(system->GetEventInformation(event, schema.data(), &size), kEtwSuccess);
  EXPECT_EQ(schema, Bytes(kOfFirst.begin() + 48, kOfFirst.end()));
  event.header.version = 2;
  EXPECT_EQ(system->GetEventInformation(event, schema.data(), &size), kEtwNotFound);
}

TEST_F(EventInformation, ThatThereIsNoneOfIsRememberedOfEachEvent) {
  const auto events = [] {
    return std::vector<Bytes>{Event(1, 1, Payload().U32(7)), Event(2, 1, Payload().U32(8)),
                              Event(3, 2, Payload().U32(1).U16(2).Wide("three")),
                              Event(4, 1, Payload().U32(9))};
  };
  EXPECT_EQ(Play({kOfFirst, kOfSecond}, events(),
                 {.failures = {{"TdhGetEventInformation", {kEtwNotFound, 1}}}}),
            (Lines{": ", ": ", "Merged: First=1; Second=2; Text=three", ": "}))
      << "the first is not asked for again, though the answer would be another one now";
  EXPECT_EQ(raw_, 3u);
}

TEST_F(EventInformation, ThatIsMalformedLeavesItsEventsRawAndOthersAsTheyAre) {
  constexpr size_t kXml = 0x30;
  constexpr size_t kProperties = 0x64;
  constexpr size_t kTop = 0x68;
  constexpr size_t kType = 0x78;  // of the first property
  const Bytes most(4, 0xFF);
  const Bytes cut = Metadata(0x20, Bytes(kOfFirst.begin() + 48, kOfFirst.begin() + 48 + 0x40));
  for (const Bytes& hostile :
       {Altered(kOfFirst, kXml, {1, 0, 0, 0}), Altered(kOfFirst, kProperties, most),
        Altered(kOfFirst, kTop, most), Altered(kOfFirst, kType, most), cut}) {
    EXPECT_EQ(
        Play({hostile, kOfSecond}, {Event(1, 1, Payload().U32(7)), Event(2, 1, Payload().U32(8)),
                                    Event(3, 2, Payload().U32(1).U16(2).Wide("three"))}),
        (Lines{": ", ": ", "Merged: First=1; Second=2; Text=three"}));
    EXPECT_EQ(raw_, 2u);
  }
}

TEST_F(EventInformation, SaysTheNamesOfValues) {
  const Bytes info =
      EventInfo(kProvider, 1, 1, {{"Kind", 8, 0, "Kinds"}, {"Rights", 8, 0, "Bits"}});
  const Bytes kinds = EventMap(kProvider, "Kinds", 1, {{1, "One "}, {2, "Two "}});
  const Bytes bits = EventMap(kProvider, "Bits", 2, {{1, "Read"}, {2, "Write"}});
  const std::vector<Bytes> events = {Event(1, 1, Payload().U32(2).U32(3)),
                                     Event(2, 1, Payload().U32(7).U32(5))};
  EXPECT_EQ(Play({info, kinds, bits}, events), (Lines{"Merged: Kind=2; Rights=3 (Two) (Read|Write)",
                                                      "Merged: Kind=7; Rights=5 (Read|0x4)"}));
  EXPECT_EQ(Play({info, kinds, bits}, events,
                 {.failures = {{"TdhGetEventMapInformation", {kEtwNotFound}}}}),
            (Lines{"Merged: Kind=2; Rights=3", "Merged: Kind=7; Rights=5"}));
}

TEST_F(EventInformation, WithoutItsEntriesNamesNoValues) {
  const Bytes whole = EventMap(kProvider, "Kinds", 1, {{1, "One"}, {2, "Two"}});
  const Bytes cut = Metadata(0x21, Bytes(whole.begin() + 48, whole.begin() + 48 + 40));
  EXPECT_EQ(Play({EventInfo(kProvider, 1, 1, {{"Kind", 8, 0, "Kinds"}}), cut},
                 {Event(1, 1, Payload().U32(2))}),
            Lines{"Merged: Kind=2"});
}

TEST_F(EventInformation, WhoseNamesAreNowhereHasNone) {
  constexpr size_t kProviderName = 0x34;
  constexpr size_t kName = 0x74;  // of the first property
  const Bytes most(4, 0xFF);
  EXPECT_EQ(Play({Altered(Altered(kOfFirst, kProviderName, most), kName, most)},
                 {Event(1, 1, Payload().U32(7))}),
            Lines{": =7"});
}

}  // namespace
}  // namespace nuthatch
