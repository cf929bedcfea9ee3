#include "image/certificate_table.h"

#include "base/load_bytes.h"
#include "image/headers.h"

namespace nuthatch {
namespace {

constexpr size_t kEntryHeaderSize = 8;

}  // namespace

Status ReadCertificateTable(ByteSource* source, ImageHeaders* headers, Anomalies* anomalies) {
  const DataDirectory& directory = headers->directory(Directory::kCertificate);
  if (directory.address == 0 || directory.size == 0) return {};
  const uint64_t end = uint64_t{directory.address} + directory.size;
  if (end > headers->file_size || directory.address < headers->headers_size) {
    anomalies->Add(AnomalyKind::kCertificateTable,
                   "bytes " + std::to_string(directory.address) + " to " + std::to_string(end));
    return {};
  }
  if (directory.address % 8 != 0) anomalies->Add(AnomalyKind::kCertificateTable, "not aligned");
  if (end < headers->file_size) anomalies->Add(AnomalyKind::kDataAfterCertificates);
  headers->certificate_table = FileRange{directory.address, directory.size};
  // Entries begin at multiples of 8 from the table's start.
  for (uint64_t at = directory.address;
       at < end && headers->certificates.size() < kMaxCertificateEntries;) {
    uint8_t head[kEntryHeaderSize] = {};
    if (end - at < kEntryHeaderSize) break;
    const auto read = source->ReadAt(at, head);
    if (!read)
      return Status::Error("NUTHATCH_INPUT_UNREADABLE",
                           "the system cannot read its certificate table");
    const auto size = LoadAt<uint32_t>(head, 0);
    if (size <= kEntryHeaderSize || size > end - at) {
      anomalies->Add(AnomalyKind::kCertificateEntry, std::to_string(size) + " bytes");
      break;
    }
    headers->certificates.push_back(
        {at, size, LoadAt<uint16_t>(head, 4), LoadAt<uint16_t>(head, 6)});
    at += (uint64_t{size} + 7) / 8 * 8;
  }
  return {};
}

}  // namespace nuthatch
