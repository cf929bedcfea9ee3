#include "model/plan_file.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/crc32.h"
#include "model/schema.h"
#include "support/byte_sink.h"

namespace nuthatch {
namespace {

using Bytes = std::vector<uint8_t>;

Bytes Section(std::string_view id, std::string_view content) {
  ByteSink section;
  section.Append(id);
  section.Text(content);
  return section.bytes();
}

Bytes PlanFile(const std::vector<Bytes>& sections, uint32_t version = kPlanVersion,
               uint64_t schema = kSchemaHash) {
  ByteSink body;
  for (const Bytes& section : sections) {
    for (const uint8_t byte : section) body.U8(byte);
  }
  ByteSink plan;
  plan.Append("NUTHATCH");
  plan.U32(version);
  plan.Put(schema, 8);
  plan.U32(Crc32(body.bytes()));
  for (const uint8_t byte : body.bytes()) plan.U8(byte);
  return plan.bytes();
}

std::string CodeOf(const Bytes& bytes) {
  PlanSections sections;
  const Status status = ReadPlanFile(bytes, &sections);
  return status.ok() ? "" : status.code();
}

std::string TextOf(std::span<const uint8_t> bytes) { return {bytes.begin(), bytes.end()}; }

TEST(PlanFile, GivesTheSections) {
  const Bytes plan =
      PlanFile({Section("META", "m"), Section("RULE", "rules"), Section("MAPS", "")});
  PlanSections sections;
  ASSERT_TRUE(ReadPlanFile(plan, &sections).ok());
  EXPECT_EQ(TextOf(sections.rules), "rules");
  EXPECT_EQ(TextOf(sections.mappings), "");
  EXPECT_EQ(TextOf(sections.detectors), "m");
}

TEST(PlanFile, OfAnotherReleaseIsRefused) {
  const std::vector<Bytes> sections = {Section("RULE", "r"), Section("MAPS", "m")};
  EXPECT_EQ(CodeOf(PlanFile(sections)), "");
  EXPECT_EQ(CodeOf(PlanFile(sections, kPlanVersion + 1)), "NUTHATCH_PLAN_VERSION");
  EXPECT_EQ(CodeOf(PlanFile(sections, kPlanVersion, kSchemaHash ^ 1)), "NUTHATCH_PLAN_SCHEMA");
}

TEST(PlanFile, WithOtherSectionsIsRefused) {
  const Bytes rules = Section("RULE", "r");
  const Bytes mappings = Section("MAPS", "m");
  EXPECT_EQ(CodeOf(PlanFile({rules})), "NUTHATCH_PLAN_CORRUPT");
  EXPECT_EQ(CodeOf(PlanFile({mappings})), "NUTHATCH_PLAN_CORRUPT");
  EXPECT_EQ(CodeOf(PlanFile({rules, mappings, mappings})), "NUTHATCH_PLAN_CORRUPT");
  EXPECT_EQ(CodeOf(PlanFile({rules, mappings, Section("MORE", "")})), "NUTHATCH_PLAN_CORRUPT");
  EXPECT_EQ(CodeOf(PlanFile({rules, mappings, {'R', 'U'}})), "NUTHATCH_PLAN_CORRUPT");
}

TEST(PlanFile, DamagedOrCutShortIsRefused) {
  const Bytes plan = PlanFile({Section("RULE", "rules"), Section("MAPS", "mappings")});
  ASSERT_EQ(CodeOf(plan), "");
  for (size_t i = 0; i < plan.size(); ++i) {
    EXPECT_NE(CodeOf(Bytes(plan.begin(), plan.begin() + i)), "") << i;
    Bytes damaged = plan;
    damaged[i] ^= 0x10;
    EXPECT_NE(CodeOf(damaged), "") << i;
  }
}

}  // namespace
}  // namespace nuthatch
