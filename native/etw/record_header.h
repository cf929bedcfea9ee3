#ifndef NUTHATCH_ETW_RECORD_HEADER_H_
#define NUTHATCH_ETW_RECORD_HEADER_H_

#include "etw/buffer.h"
#include "etw/record.h"

namespace nuthatch {

// Reads the header of whichever kind; `cpu`, `time` and `position` are the caller's to set. False
// when what follows the header (extended items, counters) is malformed.
bool ReadRecordHeader(const RawRecord& raw, EtwRecord* record);

// Makes a record, whose opcode is set, one of the kernel's. Loads of images may have the number or
// the class of the group of processes, but are of the class Image.
void SetKernelClass(uint8_t group, EtwRecord* record);

}  // namespace nuthatch

#endif  // NUTHATCH_ETW_RECORD_HEADER_H_
