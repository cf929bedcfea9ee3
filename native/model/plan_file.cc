#include "model/plan_file.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "base/byte_reader.h"
#include "base/crc32.h"
#include "model/schema.h"

namespace nuthatch {
namespace {

constexpr std::string_view kMagic = "NUTHATCH";

// A section's id is four ASCII letters, read as a little-endian number.
constexpr uint32_t SectionId(std::string_view letters) {
  uint32_t id = 0;
  for (size_t i = 0; i < 4; ++i) id |= uint32_t{static_cast<uint8_t>(letters[i])} << (8 * i);
  return id;
}

Status Corrupt(const std::string& what) {
  return Status::Error("NUTHATCH_PLAN_CORRUPT",
                       "The Plan is corrupt: " + what + ". Compile the rules again.");
}

Status ReadHeader(ByteReader* reader) {
  const std::span<const uint8_t> magic = reader->Bytes(kMagic.size());
  if (!std::equal(magic.begin(), magic.end(), kMagic.begin(), kMagic.end())) {
    return Corrupt("it does not begin with NUTHATCH");
  }
  const uint32_t version = reader->U32();
  const uint64_t schema = reader->U64();
  const uint32_t crc = reader->U32();
  if (!reader->ok()) return Corrupt("it ends inside its header");
  if (version != kPlanVersion) {
    return Status::Error("NUTHATCH_PLAN_VERSION",
                         "The Plan has format version " + std::to_string(version) +
                             ", this engine reads " + std::to_string(kPlanVersion) +
                             ". Compile the rules again with this release.");
  }
  if (schema != kSchemaHash) {
    return Status::Error("NUTHATCH_PLAN_SCHEMA",
                         "The Plan was made for other event types and properties than this "
                         "engine has. Compile the rules again with this release.");
  }
  ByteReader rest = *reader;
  if (Crc32(rest.Bytes(rest.remaining())) != crc) return Corrupt("its checksum does not match");
  return {};
}

}  // namespace

Status ReadPlanFile(std::span<const uint8_t> bytes, PlanSections* out) {
  ByteReader reader(bytes);
  if (Status status = ReadHeader(&reader); !status.ok()) return status;
  *out = {};
  while (reader.ok() && !reader.AtEnd()) {
    const uint32_t id = reader.U32();
    const std::span<const uint8_t> section = reader.Bytes(reader.U32());
    std::span<const uint8_t>* target = id == SectionId("RULE")   ? &out->rules
                                       : id == SectionId("MAPS") ? &out->mappings
                                       : id == SectionId("META") ? &out->detectors
                                                                 : nullptr;
    if (!target || target->data()) return Corrupt("it has an unknown section, or one twice");
    *target = section;
  }
  if (!reader.ok()) return Corrupt("a section is cut short");
  if (!out->rules.data() || !out->mappings.data()) return Corrupt("a section is missing");
  return {};
}

}  // namespace nuthatch
