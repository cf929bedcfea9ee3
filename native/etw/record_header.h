#ifndef NUTHATCH_ETW_RECORD_HEADER_H_
#define NUTHATCH_ETW_RECORD_HEADER_H_

#include "etw/buffer.h"
#include "etw/record.h"

namespace nuthatch {

// Reads the header of whichever kind; `cpu`, `time` and `position` are the caller's to set. False
// when what follows the header (extended items, counters) is malformed.
bool ReadRecordHeader(const RawRecord& raw, EtwRecord* record);

}  // namespace nuthatch

#endif  // NUTHATCH_ETW_RECORD_HEADER_H_
