// The scans of GramFilter, for the processors that have what they need.
#ifndef NUTHATCH_EVALUATE_GRAM_SCAN_H_
#define NUTHATCH_EVALUATE_GRAM_SCAN_H_

#include "evaluate/gram_filter.h"

namespace nuthatch {

void ScanGramsScalar(const GramTables& tables, const char* text, size_t blocks, uint64_t* places);

// nullptr on another processor than the file is for.
GramScan ScanGramsAvx512();
GramScan ScanGramsAvx2();
GramScan ScanGramsNeon();

}  // namespace nuthatch

#endif  // NUTHATCH_EVALUATE_GRAM_SCAN_H_
