// What is wrong with a trace file, counted and located; whatever else is in the file is read.
#ifndef NUTHATCH_ETW_ETL_FAULT_H_
#define NUTHATCH_ETW_ETL_FAULT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace nuthatch {

enum class EtlFaultKind : uint8_t {
  kTruncated,
  kBuffersMissing,
  kBufferSize,
  kBufferFilled,
  kBufferType,
  kTooManyBuffers,
  kUnreadable,
  kCompression,
  kCompressedData,
  kRecord,
  kRecordKind,
};
constexpr size_t kEtlFaultKinds = 11;

struct EtlFaultText {
  const char* code;                             // NUTHATCH_ETL_…
  const char* reason;                           // what happened, and what was done about it
  const char* skipped = "bytes were left out";  // what EtlFault::skipped counts
};
const EtlFaultText& TextOf(EtlFaultKind kind);

struct EtlFault {
  EtlFaultKind kind;
  uint64_t position;  // in the file; of the buffer where that is compressed
  // Bytes from there on that were left out, where nothing in them was read; of kBuffersMissing how
  // many are.
  uint64_t skipped;
};

class EtlFaults {
 public:
  static constexpr size_t kMaxSamples = 16;

  void Add(EtlFaultKind kind, uint64_t position, uint64_t skipped = 0) {
    ++counts_[static_cast<size_t>(kind)];
    skipped_[static_cast<size_t>(kind)] += skipped;
    ++total_;
    if (samples_.size() < kMaxSamples) samples_.push_back({kind, position, skipped});
  }
  uint64_t total() const { return total_; }
  uint64_t count(EtlFaultKind kind) const { return counts_[static_cast<size_t>(kind)]; }
  uint64_t skipped(EtlFaultKind kind) const { return skipped_[static_cast<size_t>(kind)]; }
  // The first of them, as they were found: the file's buffers are looked over before records are.
  const std::vector<EtlFault>& samples() const { return samples_; }

 private:
  std::array<uint64_t, kEtlFaultKinds> counts_{};
  std::array<uint64_t, kEtlFaultKinds> skipped_{};
  uint64_t total_ = 0;
  std::vector<EtlFault> samples_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_ETW_ETL_FAULT_H_
