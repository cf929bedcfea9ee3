// What is odd about an image: each kind is told of once, with the first place.
#ifndef NUTHATCH_IMAGE_ANOMALIES_H_
#define NUTHATCH_IMAGE_ANOMALIES_H_

#include <cstdint>
#include <string>
#include <vector>

namespace nuthatch {

enum class AnomalyKind : uint8_t {
  kAlignment,
  kCertificateEntry,
  kCertificateTable,
  kChecksum,
  kClrHeader,
  kDataAfterCertificates,
  kDebugDirectory,
  kDirectoryCount,
  kDirectoryOutside,
  kEntryPointOutside,
  kEntryPointWritable,
  kExportLimit,
  kExportTable,
  kHeaderOverlap,
  kHeadersTruncated,
  kHighEntropy,
  kImageSize,
  kImportLimit,
  kImportName,
  kImportTable,
  kLoadConfig,
  kMachine,
  kResourceLimit,
  kResourceLoop,
  kResourceTable,
  kRichChecksum,
  kSectionCount,
  kSectionOrder,
  kSectionOverlap,
  kSectionTruncated,
  kTextLimit,
  kTlsCallbacks,
  kVersionResource,
  kWritableCode,
};
inline constexpr size_t kAnomalyKinds = static_cast<size_t>(AnomalyKind::kWritableCode) + 1;

// "NUTHATCH_PE_ALIGNMENT".
const char* CodeOf(AnomalyKind kind);

struct Anomaly {
  AnomalyKind kind;
  std::string message;
};

class Anomalies {
 public:
  // `detail`, if any, says what or where.
  void Add(AnomalyKind kind, const std::string& detail = {});
  bool Has(AnomalyKind kind) const { return (seen_ >> static_cast<unsigned>(kind) & 1) != 0; }
  const std::vector<Anomaly>& all() const { return all_; }

 private:
  static_assert(kAnomalyKinds <= 64);
  uint64_t seen_ = 0;
  std::vector<Anomaly> all_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_IMAGE_ANOMALIES_H_
