#include "base/xml_entity.h"

#include <gtest/gtest.h>

namespace nuthatch {
namespace {

TEST(XmlEntity, IsNamedOrANumber) {
  EXPECT_EQ(XmlEntityCode("lt"), U'<');
  EXPECT_EQ(XmlEntityCode("apos"), U'\'');
  EXPECT_EQ(XmlEntityCode("#64"), U'@');
  EXPECT_EQ(XmlEntityCode("#x1F600"), U'\U0001F600');
}

TEST(XmlEntity, IsZeroWhereItMeansNoCodePoint) {
  for (const char* entity : {"", "nbsp", "#", "#x", "#6x", "#xD800", "#x110000", "#99999999"})
    EXPECT_EQ(XmlEntityCode(entity), U'\0') << entity;
}

}  // namespace
}  // namespace nuthatch
