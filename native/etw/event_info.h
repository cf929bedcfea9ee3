#ifndef NUTHATCH_ETW_EVENT_INFO_H_
#define NUTHATCH_ETW_EVENT_INFO_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/guid.h"
#include "etw/event_key.h"
#include "etw/event_schema.h"
#include "etw/value_map.h"

namespace nuthatch {

// The provider of what merging a trace adds of manifests, and its opcode for a TRACE_EVENT_INFO.
inline constexpr Guid kEventMetadata = ParseGuid("bbccf6c1-6cd1-48c4-80ff-839482e37671");
inline constexpr uint8_t kEventInfo = 0x20;
inline constexpr uint8_t kEventMapInfo = 0x21;

// Reads a TRACE_EVENT_INFO of tdh.h, as merging a trace writes one for each event of a manifest.
// False when it is malformed, or has a field that nobody could decode. Fields refer to `maps`.
bool ReadEventInfo(std::span<const uint8_t> bytes, ValueMaps* maps, EventKey* key,
                   EventSchema* schema);

// The names of the maps that a TRACE_EVENT_INFO refers to, of one that ReadEventInfo has read.
std::vector<std::string> MapNamesOf(std::span<const uint8_t> bytes);

// Reads an EVENT_MAP_INFO. False when it is malformed, or no map of numbers.
bool ReadMapInfo(std::span<const uint8_t> bytes, std::string* name, ValueMap* map);

// Reads the GUID of a provider and an EVENT_MAP_INFO of its manifest, as merging writes them. False
// when it is malformed, or no map of numbers.
bool ReadEventMap(std::span<const uint8_t> bytes, Guid* provider, std::string* name, ValueMap* map);

// From TDH_OUTTYPE_… of tdh.h.
OutType FromTdhOutType(uint16_t out);

}  // namespace nuthatch

#endif  // NUTHATCH_ETW_EVENT_INFO_H_
