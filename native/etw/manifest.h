#ifndef NUTHATCH_ETW_MANIFEST_H_
#define NUTHATCH_ETW_MANIFEST_H_

#include <cstdint>
#include <functional>
#include <string_view>

#include "base/guid.h"
#include "etw/event_schema.h"
#include "etw/value_map.h"

namespace nuthatch {

// Reads an instrumentation manifest (XML in UTF-8) of one provider, as EventSource writes them, and
// gives the schema of each event that has one with its id and version; until `take` returns false.
// Its maps go to `maps`, where fields refer to them.
void ReadManifest(
    std::string_view xml, const Guid& provider, ValueMaps* maps,
    const std::function<bool(uint16_t id, uint8_t version, EventSchema schema)>& take);

}  // namespace nuthatch

#endif  // NUTHATCH_ETW_MANIFEST_H_
