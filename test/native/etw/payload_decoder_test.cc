#include "etw/payload_decoder.h"

#include <gtest/gtest.h>

#include "etw/event_text.h"
#include "support/byte_sink.h"

namespace nuthatch {
namespace {

// A SID with so many sub-authorities: 1, 2, 3, ….
void PutSid(uint8_t sub_authorities, ByteSink* sink) {
  sink->U8(1);
  sink->U8(sub_authorities);
  for (const unsigned byte : {0u, 0u, 0u, 0u, 0u, 5u}) sink->U8(byte);
  for (uint32_t i = 1; i <= sub_authorities; ++i) sink->U32(i);
}
std::string SidText(unsigned sub_authorities) {
  std::string text = "S-1-5";
  for (unsigned i = 1; i <= sub_authorities; ++i) text += '-' + std::to_string(i);
  return text;
}

// A SID and a number behind it: "Sid=…; After=…", and how many bytes are left.
std::string Decode(InType sid, const ByteSink& payload, uint8_t pointer_size = 8) {
  EventSchema schema;
  schema.fields.resize(2);
  schema.fields[0].name = "Sid";
  schema.fields[0].in = sid;
  schema.fields[1].name = "After";
  schema.fields[1].in = InType::kUint32;
  PayloadDecoder decoder;
  DecodedEvent event;
  decoder.Decode(schema, payload.bytes(), pointer_size, &event);
  std::string text = TextOf(event);
  if (event.incomplete) text += "(incomplete)";
  if (!event.rest.empty()) text += " +" + std::to_string(event.rest.size());
  return text;
}

TEST(PayloadDecoder, ASidHasUpTo15SubAuthorities) {
  for (uint8_t count = 0; count <= 15; ++count) {
    ByteSink payload;
    PutSid(count, &payload);
    payload.U32(77);
    EXPECT_EQ(Decode(InType::kSid, payload), "Sid=" + SidText(count) + "; After=77");
  }
  for (const uint8_t count : {16, 128, 255}) {
    ByteSink payload;
    PutSid(count, &payload);
    payload.U32(77);
    EXPECT_EQ(Decode(InType::kSid, payload), "(incomplete) +" + std::to_string(8 + 4 * count + 4));
  }
}

TEST(PayloadDecoder, ASidThatIsCutOffIsNone) {
  ByteSink whole;
  PutSid(15, &whole);
  for (size_t size = 1; size < whole.bytes().size(); ++size) {
    ByteSink payload;
    for (size_t i = 0; i < size; ++i) payload.U8(whole.bytes()[i]);
    EXPECT_EQ(Decode(InType::kSid, payload), "(incomplete) +" + std::to_string(size));
  }
}

// TOKEN_USER: a pointer to the SID, which is not null, and attributes as wide.
TEST(PayloadDecoder, TheSidOfATokenIsAsLong) {
  for (const uint8_t width : {4, 8}) {
    for (const uint8_t count : {1, 7, 8, 15}) {
      ByteSink payload;
      payload.Put(0x1000, width);
      payload.Put(0, width);
      PutSid(count, &payload);
      payload.U32(77);
      EXPECT_EQ(Decode(InType::kTokenSid, payload, width), "Sid=" + SidText(count) + "; After=77");
    }
  }
}

TEST(PayloadDecoder, ATokenWhosePointerIsNotSaidMayHaveASid) {
  for (const uint8_t width : {4, 8}) {
    ByteSink none;
    none.U32(0);
    none.U32(77);
    EXPECT_EQ(Decode(InType::kTokenSid, none, width), "Sid=; After=77");
    for (const uint8_t count : {0, 1, 8, 15}) {
      ByteSink payload;
      payload.Zeros(2u * width);
      PutSid(count, &payload);
      payload.U32(77);
      EXPECT_EQ(Decode(InType::kTokenSid, payload, width), "Sid=" + SidText(count) + "; After=77");
    }
  }
}

}  // namespace
}  // namespace nuthatch
