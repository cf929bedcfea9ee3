#ifndef NUTHATCH_IMAGE_RICH_HEADER_H_
#define NUTHATCH_IMAGE_RICH_HEADER_H_

#include <cstdint>
#include <optional>
#include <span>

#include "image/image.h"

namespace nuthatch {

// What Microsoft's linker writes between the DOS stub and the PE header: which tools made how many
// of the objects. `start` is the start of the file.
std::optional<RichHeader> ReadRichHeader(std::span<const uint8_t> start, uint32_t pe_offset,
                                         Anomalies* anomalies);

}  // namespace nuthatch

#endif  // NUTHATCH_IMAGE_RICH_HEADER_H_
