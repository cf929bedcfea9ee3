#include "etw/layout_schemas.h"

#include <gtest/gtest.h>

#include "etw/known_providers.h"
#include "etw/layout_text.h"

namespace nuthatch {
namespace {

TEST(LayoutTables, EveryRowIsReadable) {
  for (const auto tables : {KernelLayouts(), ProviderLayouts(), SecurityLayouts()}) {
    for (const LayoutTable& table : tables) {
      for (const LayoutRow& row : table.rows) {
        std::vector<FieldSchema> fields;
        EXPECT_TRUE(ParseLayout(row.fields, &fields)) << row.events << ": " << row.fields;
      }
    }
  }
}

TEST(ParseLayout, RefusesWhatItDoesNotKnow) {
  for (const char* text :
       {"u31 Name", "u32", "u32 ", "u8[Count] Later, u32 Count", "bytes NoLength"}) {
    std::vector<FieldSchema> fields;
    EXPECT_FALSE(ParseLayout(text, &fields)) << text;
  }
}

const EventSchema* Find(uint16_t version) {
  constexpr uint8_t kProcess = 3;
  constexpr uint8_t kStart = 1;
  return LayoutSchemas::Instance().Find(
      {KernelClass(kProcess), kStart, version, kProcess, EventForm::kType});
}

TEST(LayoutSchemas, AVersionHasItsOwnLayoutOrThatOfTheNewestBefore) {
  EXPECT_EQ(Find(2)->fields.size(), 8u);
  EXPECT_EQ(Find(3)->fields.size(), 9u);
  EXPECT_EQ(Find(5)->version, 5);
  EXPECT_EQ(Find(99), Find(5));
  EXPECT_EQ(Find(1)->name, "Start");
  EXPECT_EQ(Find(1)->provider, "Process");
}

TEST(LayoutSchemas, WhatIsOlderThanEveryKnownLayoutHasNone) {
  constexpr uint8_t kDiskIo = 1;
  const auto find = [](uint16_t version) {
    return LayoutSchemas::Instance().Find(
        {KernelClass(kDiskIo), 0x0A, version, kDiskIo, EventForm::kType});
  };
  EXPECT_EQ(find(1), nullptr);
  EXPECT_NE(find(2), nullptr);
}

}  // namespace
}  // namespace nuthatch
