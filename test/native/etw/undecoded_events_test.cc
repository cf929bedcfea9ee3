#include "etw/undecoded_events.h"

#include <gtest/gtest.h>

#include "etw/event_decoder.h"

namespace nuthatch {
namespace {

TEST(UndecodedEvents, CountByEvent) {
  EventDecoder decoder;
  UndecodedEvents undecoded;
  EtwRecord record;
  record.kind = HeaderKind::kEvent;
  record.provider = ParseGuid("12345678-1234-1234-1234-123456789abc");
  for (const uint16_t id : {5, 6, 5}) {
    record.id = id;
    undecoded.Add(decoder.Decode(record));
  }
  EXPECT_EQ(undecoded.total().raw, 3u);
  ASSERT_EQ(undecoded.events().size(), 2u);
  record.id = 5;
  EXPECT_EQ(undecoded.events().at(KeyOf(record)).raw, 2u);
}

}  // namespace
}  // namespace nuthatch
