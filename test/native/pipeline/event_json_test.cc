#include "pipeline/event_json.h"

#include <gtest/gtest.h>

#include <limits>

#include "etw/decode_records.h"
#include "etw/metadata_writer.h"

namespace nuthatch {
namespace {

constexpr Guid kProvider = ParseGuid("12345678-1234-1234-1234-123456789abc");

// Of the first record, from its first "cpu" on.
std::string JsonOf(const std::vector<Bytes>& records) {
  std::string text;
  std::string scratch;
  DecodeEach(records,
             [&](const DecodedEvent& event) { AppendEventJson(event, 1, {}, &scratch, &text); });
  text.resize(text.find('\n'));
  return text.substr(text.find("\"cpu\""));
}

TEST(EventJson, AFieldHasItsNameAndValuesHasTheNumber) {
  ByteSink payload;
  for (const unsigned number : {1u, 7u, 5u}) payload.U32(number);
  const EventRecord event = {.time = 2'000'000, .provider = kProvider, .payload = payload.bytes()};
  EXPECT_EQ(JsonOf({event.Write(),
                    EventInfo(kProvider, 1, 0,
                              {{"Kind", 8, 0, "KindMap"},
                               {"Flags", 20, 0, "FlagMap"},
                               {"Other", 8, 0, "KindMap"}}),
                    EventMap(kProvider, "KindMap", 1, {{1, "Some"}}),
                    EventMap(kProvider, "FlagMap", 2, {{2, "Two"}, {4, "Four"}})}),
            R"("cpu":0,"pid":100,"tid":200,"fields":{"Kind":"Some","Flags":"Two|Four|0x1",)"
            R"("Other":5},"values":{"Kind":1,"Flags":"0x7"}})");
}

// JSON has no numbers for them.
TEST(EventJson, WhatIsNoNumberIsText) {
  ByteSink payload;
  payload.F64(std::numeric_limits<double>::quiet_NaN());
  payload.F64(std::numeric_limits<double>::infinity());
  payload.F64(-std::numeric_limits<double>::infinity());
  payload.U32(0x7FC00000);  // NaN
  payload.F64(0.5);
  constexpr uint16_t kFloat = 11;
  constexpr uint16_t kDouble = 12;
  const EventRecord event = {.time = 2'000'000, .provider = kProvider, .payload = payload.bytes()};
  EXPECT_EQ(
      JsonOf(
          {event.Write(),
           EventInfo(
               kProvider, 1, 0,
               {{"A", kDouble}, {"List", kDouble, 0, {}, 0, 2}, {"B", kFloat}, {"C", kDouble}})}),
      R"("cpu":0,"pid":100,"tid":200,)"
      R"("fields":{"A":"nan","List":["inf","-inf"],"B":"nan","C":0.5}})");
}

Bytes Item(std::initializer_list<uint64_t> numbers) {
  ByteSink sink;
  for (const uint64_t number : numbers) sink.Put(number, 8);
  return sink.bytes();
}

TEST(EventJson, WhatWindowsAddedToTheEvent) {
  const std::string container = "0f1e2d3c-0000-0000-0000-000000000000";
  const EventRecord event = {.time = 2'000'000,
                             .provider = kProvider,
                             .items = {{1, Item({kProvider.low, kProvider.high})},
                                       {2, {1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0}},
                                       {3, {2, 0, 0, 0}},
                                       {6, Item({9, 0xFFFFF80000000010, 0x20})},
                                       {10, Item({0x77})},
                                       {13, Item({88})},
                                       {16, Bytes(container.begin(), container.end())}}};
  EXPECT_EQ(JsonOf({event.Write()}),
            R"("cpu":0,"pid":100,"tid":200,)"
            R"("related_activity":"12345678-1234-1234-1234-123456789abc",)"
            R"("user_sid":"S-1-5-18","terminal_session":2,)"
            R"("stack":["0xfffff80000000010","0x20"],"stack_match":"0x9","event_key":"0x77",)"
            R"("process_start_key":88,"container":"0f1e2d3c-0000-0000-0000-000000000000",)"
            R"("fields":{}})");
}

TEST(EventJson, AStackOf32BitsAndItemsThatAreTooShort) {
  ByteSink stack;
  stack.Put(0, 8);
  stack.U32(0x10);
  stack.U32(0x20);
  const EventRecord event = {
      .time = 2'000'000,
      .provider = kProvider,
      .items = {{5, stack.bytes()}, {6, Item({0, 1})}, {1, {1}}, {2, {1}}, {3, {1}}, {13, {1}}}};
  EXPECT_EQ(JsonOf({event.Write()}),
            R"("cpu":0,"pid":100,"tid":200,"stack":["0x10","0x20"],"fields":{}})");
}

TEST(EventJson, ACachedStackIsWithTheRecordThatRefersToIt) {
  KernelRecord reference = {.group = 0x18, .type = 0x25, .version = 2, .time = 2'000'000};
  ByteSink payload;
  for (const uint64_t number : {77u, 0u, 0xAu}) payload.Put(number, 8);
  reference.payload = payload.bytes();
  KernelRecord end = {.group = 0x18, .type = 0x23, .version = 2, .time = 3'000'000};
  end.payload = Item({0xA, 0x1000, 0x2000});
  EXPECT_EQ(JsonOf({reference.Write(), end.Write()}),
            R"("cpu":0,"pid":100,"tid":200,"stack":["0x1000","0x2000"],)"
            R"("fields":{"EventTimeStamp":77,"StackProcess":0,"StackThread":0,"StackKey":"0xa"}})");
}

std::string MessageOf(const MessageRecord& message) {
  std::string text;
  std::string scratch;
  DecodeEach({message.Write()},
             [&](const DecodedEvent& event) { AppendEventJson(event, 1, {}, &scratch, &text); });
  return text.substr(text.find(',', text.find("\"time\"")) + 1);
}

TEST(EventJson, AMessageHasWhatItsHeaderHas) {
  MessageRecord message = {.flags = kMessageSequence | kMessageGuid | kMessageTime | kMessageIds,
                           .sequence = 5,
                           .guid = kProvider,
                           .time = 2'000'000,
                           .payload = {0xAB, 0xCD}};
  EXPECT_EQ(MessageOf(message),
            R"("guid":"12345678-1234-1234-1234-123456789abc","id":10,"sequence":5,"cpu":0,)"
            R"("pid":100,"tid":200,"fields":{},"rest":"abcd"})"
            "\n");
  message = {.flags = kMessageComponent, .component = 3, .payload = {1}};
  EXPECT_EQ(MessageOf(message), R"("component":3,"id":10,"cpu":0,"fields":{},"rest":"01"})"
                                "\n");
}

}  // namespace
}  // namespace nuthatch
