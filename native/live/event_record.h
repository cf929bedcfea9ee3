#ifndef NUTHATCH_LIVE_EVENT_RECORD_H_
#define NUTHATCH_LIVE_EVENT_RECORD_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "etw/record.h"
#include "live/etw_structures.h"

namespace nuthatch {

// What a callback is given, as the record that a file would have; `time` is the caller's to set.
// The extended items are not in it: see below.
EtwRecord ReadEventRecord(const WinEventRecord& event);

// The other way: the header of a record, with its own time stamp.
WinEventHeader HeaderOf(const EtwRecord& record);

// The items as they stand in a file (see ExtendedItems): how many bytes that takes, and they
// themselves. Items of which Windows gives no data are left out.
size_t ItemBytes(const WinEventRecord& event);
void WriteItems(const WinEventRecord& event, std::span<uint8_t> to);

}  // namespace nuthatch

#endif  // NUTHATCH_LIVE_EVENT_RECORD_H_
