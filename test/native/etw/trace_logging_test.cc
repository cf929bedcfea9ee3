// Self-describing events. What is expected is written by hand from the list of types in
// TraceLoggingProvider.h, and from Microsoft's documentation of what may be shown how.
#include "etw/trace_logging.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "etw/trace_logging_writer.h"

namespace nuthatch {
namespace {

std::string DecodedText(const ByteSink& fields, const ByteSink& payload) {
  return DecodeRecords({SelfDescribing(fields, payload).Write()}).at(0);
}

// TlgOut….
enum Out : uint8_t {
  kDefault = 0,
  kNoPrint = 1,
  kString = 2,
  kBoolean = 3,
  kHexadecimal = 4,
  kProcess = 5,
  kThread = 6,
  kPort = 7,
  kIpv4 = 8,
  kIpv6 = 9,
  kSocketAddress = 10,
  kXml = 11,
  kJson = 12,
  kWin32Error = 13,
  kNtStatus = 14,
  kHresult = 15,
  kFileTime = 16,
  kSigned = 17,
  kUnsigned = 18,
  kCultureInsensitive = 33,
  kUtf8 = 35,
  kPkcs7 = 36,
  kCodePointer = 37,
  kUtcTime = 38,
};
constexpr Out kOutTypes[] = {
    kDefault,       kNoPrint,  kString,      kBoolean,    kHexadecimal,
    kProcess,       kThread,   kPort,        kIpv4,       kIpv6,
    kSocketAddress, kXml,      kJson,        kWin32Error, kNtStatus,
    kHresult,       kFileTime, kSigned,      kUnsigned,   kCultureInsensitive,
    kUtf8,          kPkcs7,    kCodePointer, kUtcTime,
};

// A value of an in type, TlgIn…, as it is stored and as JSON has it: text in quotes.
struct Value {
  uint8_t in;
  Bytes stored;
  std::string by_default;
  // By out types that mean something else for this value; the others change nothing.
  std::map<Out, std::string> otherwise = {};
};

// Numbers that are shown in hexadecimal.
std::map<Out, std::string> Integer(const std::string& hexadecimal,
                                   std::map<Out, std::string> others) {
  const std::string text = '"' + hexadecimal + '"';
  for (const Out out : {kHexadecimal, kNtStatus, kHresult, kCodePointer}) others[out] = text;
  return others;
}
// Bytes that are shown as text.
std::map<Out, std::string> Text(const std::string& text, std::map<Out, std::string> others = {}) {
  for (const Out out : {kString, kUtf8, kXml, kJson}) others[out] = '"' + text + '"';
  return others;
}

const std::string kTime = R"("2021-01-01T00:00:00.1234567Z")";
const Bytes kStoredTime = {0x87, 0x56, 0x48, 0x0C, 0xD1, 0xDF, 0xD6, 0x01};
const std::string kLatest = R"("+060056-05-28T05:36:10.9551614Z")";

const std::vector<Value>& Values() {
  static const std::vector<Value> values = {
      // Text to its NUL.
      {1, {'a', 0, 0xE9, 0, 0, 0}, "\"a\u00E9\""},
      {2, {'a', 'b', 0}, R"("ab")"},
      // Integers, whose out type can give them a sign or take it.
      {3, {'A'}, "65", Integer("0x41", {{kString, R"("A")"}, {kBoolean, "true"}})},
      {3,
       {0xFE},
       "-2",
       Integer("0xfe", {{kString, "\"\xFE\""}, {kBoolean, "true"}, {kUnsigned, "254"}})},
      {4, {0}, "0", Integer("0x0", {{kString, R"("")"}, {kBoolean, "false"}})},
      {4,
       {0xFE},
       "254",
       Integer("0xfe", {{kString, "\"\xFE\""}, {kBoolean, "true"}, {kSigned, "-2"}})},
      {5,
       {0xFE, 0xFF},
       "-2",
       Integer(
           "0xfffe",
           {{kString, "\"\uFFFE\""}, {kBoolean, "true"}, {kPort, "65279"}, {kUnsigned, "65534"}})},
      {6,
       {0x01, 0xBB},
       "47873",
       Integer("0xbb01",
               {{kString, "\"\uBB01\""}, {kBoolean, "true"}, {kPort, "443"}, {kSigned, "-17663"}})},
      {7,
       {0x05, 0x00, 0x00, 0xC0},
       "-1073741819",
       Integer("0xc0000005",
               {{kBoolean, "true"}, {kIpv4, R"("5.0.0.192")"}, {kUnsigned, "3221225477"}})},
      {8,
       {0x05, 0x00, 0x00, 0xC0},
       "3221225477",
       Integer("0xc0000005",
               {{kBoolean, "true"}, {kIpv4, R"("5.0.0.192")"}, {kSigned, "-1073741819"}})},
      {9, Bytes(8, 0), "0",
       Integer("0x0", {{kBoolean, "false"},
                       {kFileTime, R"("1601-01-01T00:00:00.0000000Z")"},
                       {kUtcTime, R"("1601-01-01T00:00:00.0000000Z")"}})},
      {9,
       {0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF},
       "-2",
       Integer("0xfffffffffffffffe", {{kBoolean, "true"},
                                      {kFileTime, kLatest},
                                      {kUtcTime, kLatest},
                                      {kUnsigned, "18446744073709551614"}})},
      {10,
       {0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF},
       "18446744073709551614",
       Integer("0xfffffffffffffffe",
               {{kBoolean, "true"}, {kFileTime, kLatest}, {kUtcTime, kLatest}, {kSigned, "-2"}})},
      {10, kStoredTime, "132539328001234567",
       Integer("0x1d6dfd10c485687", {{kBoolean, "true"}, {kFileTime, kTime}, {kUtcTime, kTime}})},
      // Other values of a fixed size.
      {11, {0x00, 0x00, 0xC0, 0xBF}, "-1.5"},
      {12, {0, 0, 0, 0, 0, 0, 0xF8, 0x3F}, "1.5"},
      {13, {1, 0, 0, 0}, "true"},
      {13, {0, 0, 0, 0}, "false"},
      {15,
       {0x78, 0x56, 0x34, 0x12, 0xBC, 0x9A, 0xF0, 0xDE, 1, 2, 3, 4, 5, 6, 7, 8},
       R"("12345678-9abc-def0-0102-030405060708")"},
      {17, kStoredTime, kTime},
      {18,
       {0xE4, 0x07, 3, 0, 2, 0, 17, 0, 1, 0, 2, 0, 3, 0, 0xC8, 1},
       R"("2020-03-17T01:02:03.456")"},
      {20, {0x05, 0x00, 0x00, 0xC0}, R"("0xc0000005")"},
      {21, {1, 0, 0, 0, 0, 0, 0, 0x80}, R"("0x8000000000000001")"},
      // Values that say how long they are.
      {19, {1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0}, R"("S-1-5-32-544")"},
      {22, {4, 0, 'a', 0, 0xE9, 0}, "\"a\u00E9\""},
      {23, {2, 0, 'a', 'b'}, R"("ab")"},
      {14, {2, 0, 'a', 'b'}, R"("6162")", Text("ab")},
      {14,
       {4, 0, 'a', 'b', 'c', 'd'},
       R"("61626364")",
       Text("abcd", {{kIpv4, R"("97.98.99.100")"}})},
      {14,
       {16, 0, 'a', 'b', 'c', 'd', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1},
       R"("61626364000000000000000000000001")",
       Text("abcd", {{kIpv6, R"("6162:6364::1")"}})},
      {14,  // sockaddr_in
       {16, 0, 2, 0, 0x01, 0xBB, 192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0},
       R"("020001bbc00002010000000000000000")",
       Text("\2", {{kIpv6, R"("200:1bb:c000:201::")"}, {kSocketAddress, R"("192.0.2.1:443")"}})},
      {14,  // sockaddr_in6
       {28, 0, 23, 0, 1, 0xBB, 0, 0, 0, 0, 0x20, 1, 0x0D, 0xB8, 0,
        0,  0, 0,  0, 0, 0,    0, 0, 0, 0, 1,    0, 0,    0,    0},
       R"("170001bb0000000020010db800000000000000000000000100000000")",
       Text("\x17", {{kSocketAddress, R"("[2001:db8::1]:443")"}})},
      {25, {2, 0, 'a', 'b'}, R"("6162")", Text("ab")},
      {25,
       {4, 0, 'a', 'b', 'c', 'd'},
       R"("61626364")",
       Text("abcd", {{kIpv4, R"("97.98.99.100")"}})},
  };
  return values;
}

// One event has the value once with each out type, and then a byte of its own, so that all before
// it has been consumed to the last.
TEST(TraceLogging, EveryInTypeWithEveryOutType) {
  constexpr uint8_t kLast = 0x5A;
  for (const Value& value : Values()) {
    ByteSink fields;
    ByteSink payload;
    for (const Out out : kOutTypes) {
      PutNarrow("value", &fields);
      fields.U8(value.in | 0x80u);
      fields.U8(out);
      Append(value.stored, &payload);
    }
    PutNarrow("last", &fields);
    fields.U8(4);
    payload.U8(kLast);
    DecodeEach({SelfDescribing(fields, payload).Write()}, [&](const DecodedEvent& event) {
      EXPECT_FALSE(event.incomplete) << int{value.in};
      EXPECT_TRUE(event.rest.empty()) << int{value.in};
      ASSERT_EQ(event.fields.size(), std::size(kOutTypes) + 1) << int{value.in};
      EXPECT_EQ(UnsignedOf(event.fields.back().data), kLast) << int{value.in};
      for (size_t i = 0; i < std::size(kOutTypes); ++i) {
        std::string text;
        const TextForm form = AppendValue(*event.fields[i].schema, event.fields[i].data, &text);
        if (form == TextForm::kText) text = '"' + text + '"';
        const auto otherwise = value.otherwise.find(kOutTypes[i]);
        EXPECT_EQ(text, otherwise == value.otherwise.end() ? value.by_default : otherwise->second)
            << "in " << int{value.in} << ", out " << int{kOutTypes[i]};
      }
    });
  }
}

TEST(TraceLogging, TheTableHasEveryInType) {
  // 16 is never written: pointers are numbers of 32 or 64 bits. 24 is a struct.
  for (uint8_t in = 1; in <= 25; ++in) {
    const bool there = std::any_of(Values().begin(), Values().end(),
                                   [&](const Value& value) { return value.in == in; });
    EXPECT_EQ(there, in != 16 && in != 24) << int{in};
  }
}

TEST(TraceLogging, ArraysOfEveryInType) {
  for (const Value& value : Values()) {
    ByteSink fields;
    ByteSink payload;
    PutNarrow("fixed", &fields);
    fields.U8(value.in | 0x20u);
    fields.U16(2);
    PutNarrow("counted", &fields);
    fields.U8(value.in | 0x40u);
    PutNarrow("none", &fields);
    fields.U8(value.in | 0x40u);
    for (int i = 0; i < 2; ++i) Append(value.stored, &payload);
    payload.U16(3);
    for (int i = 0; i < 3; ++i) Append(value.stored, &payload);
    payload.U16(0);
    std::string text = value.by_default;
    text.erase(std::remove(text.begin(), text.end(), '"'), text.end());
    EXPECT_EQ(DecodedText(fields, payload), "Mine/Event: fixed=[" + text + "," + text +
                                                "]; counted=[" + text + "," + text + "," + text +
                                                "]; none=[]")
        << int{value.in};
  }
}

TEST(TraceLogging, AnInTypeThatTheFormatDoesNotHaveLeavesThePayloadRaw) {
  for (uint8_t in = 26; in <= 31; ++in) {
    ByteSink fields;
    PutNarrow("value", &fields);
    fields.U8(in);
    ByteSink payload;
    payload.U32(1);
    EXPECT_EQ(DecodedText(fields, payload), "Mine/:  +4") << int{in};
  }
}

// Its type information is the schema's, its bytes have their number before them.
TEST(TraceLogging, WhatOnlyItsProviderKnowsIsBytes) {
  for (const std::string_view info : {"", "abc"}) {
    ByteSink fields;
    PutNarrow("plain", &fields);
    fields.U8(8 | 0x60);
    fields.U16(info.size());
    fields.Append(info);
    PutNarrow("tagged", &fields);
    fields.U8(1 | 0x60 | 0x80);
    fields.U8(kHexadecimal | 0x80);
    fields.U8(0x81);  // tags
    fields.U8(1);
    fields.U16(info.size());
    fields.Append(info);
    PutNarrow("after", &fields);
    fields.U8(8);
    ByteSink payload;
    payload.U16(3);
    for (const unsigned byte : {1u, 2u, 3u}) payload.U8(byte);
    payload.U16(0);
    payload.U32(7);
    EXPECT_EQ(DecodedText(fields, payload), "Mine/Event: plain=010203; tagged=; after=7") << info;
  }
}

TEST(TraceLogging, TagsAreSkipped) {
  ByteSink fields;
  PutNarrow("value", &fields);
  fields.U8(8 | 0x80);
  fields.U8(kHexadecimal | 0x80);
  for (const unsigned tag : {0x80u, 0xFFu, 0x7Fu}) fields.U8(tag);
  ByteSink payload;
  payload.U32(16);
  for (const Bytes& tags : {Bytes{1}, Bytes{0x85, 1}, Bytes{0x80, 0x80, 0x80, 0}})
    EXPECT_EQ(DecodeRecords({SelfDescribing(fields, payload, tags).Write()})[0],
              "Mine/Event: value=0x10");
}

TEST(TraceLogging, StructsArraysAndOutTypes) {
  ByteSink fields;
  PutNarrow("list", &fields);  // array of structs of two members, one of them a struct
  fields.U8(24 | 0x40 | 0x80);
  fields.U8(2);
  PutNarrow("name", &fields);
  fields.U8(1);
  PutNarrow("inner", &fields);
  fields.U8(24 | 0x80);
  fields.U8(1);
  PutNarrow("ip", &fields);
  fields.U8(8 | 0x80);
  fields.U8(8 | 0x80);
  fields.U8(0x81);  // tags
  fields.U8(1);
  PutNarrow("two", &fields);
  fields.U8(6 | 0x20);
  fields.U16(2);
  PutNarrow("texts", &fields);
  fields.U8(22 | 0x40);
  ByteSink payload;
  payload.U16(2);
  for (const unsigned last : {1u, 2u}) {
    PutWide(last == 1 ? "a" : "b", &payload);
    payload.U32(0x0000000A | last << 24);
  }
  payload.U16(5);
  payload.U16(6);
  payload.U16(1);
  payload.U16(2);
  payload.U16('z');
  EXPECT_EQ(DecodedText(fields, payload),
            "Mine/Event: list=[{name=a; inner={ip=10.0.0.1}},{name=b; inner={ip=10.0.0.2}}]; "
            "two=[5,6]; texts=[z]");
}

TEST(TraceLogging, ArraysOfCharactersAreText) {
  ByteSink fields;
  PutNarrow("narrow", &fields);  // counted, of bytes
  fields.U8(4 | 0x40 | 0x80);
  fields.U8(kString);
  PutNarrow("wide", &fields);  // counted, of UTF-16
  fields.U8(6 | 0x40 | 0x80);
  fields.U8(kString);
  PutNarrow("fixed", &fields);
  fields.U8(6 | 0x20 | 0x80);
  fields.U8(kString);
  fields.U16(3);
  PutNarrow("numbers", &fields);
  fields.U8(4 | 0x40);
  ByteSink payload;
  payload.U16(2);
  for (const char c : {'a', 'b'}) payload.U8(c);
  payload.U16(3);
  for (const char c : {'c', 'd', 'e'}) payload.U16(c);
  for (const unsigned c : {unsigned{'f'}, 0u, unsigned{'g'}}) payload.U16(c);
  payload.U16(2);
  for (const unsigned number : {1u, 2u}) payload.U8(number);
  EXPECT_EQ(DecodedText(fields, payload),
            "Mine/Event: narrow=ab; wide=cde; fixed=f; numbers=[1,2]");
}

TEST(TraceLogging, AMalformedSchemaLeavesThePayloadRaw) {
  ByteSink fields;
  PutNarrow("s", &fields);
  fields.U8(24 | 0x80);
  fields.U8(3);  // members that do not follow
  ByteSink payload;
  payload.U32(1);
  EXPECT_EQ(DecodedText(fields, payload), "Mine/:  +4");
}

}  // namespace
}  // namespace nuthatch
