#include "image/clr_header.h"

#include <algorithm>

#include "base/load_bytes.h"

namespace nuthatch {
namespace {

constexpr size_t kHeaderSize = 72;
constexpr uint32_t kMetadataSignature = 0x424A5342;  // "BSJB"
constexpr uint32_t kMaxVersion = 255;

// The version of the runtime that the metadata ask for: ECMA-335, II.24.2.1.
std::string MetadataVersion(ImageView* view, uint32_t rva) {
  uint8_t root[16];
  if (rva == 0 || !view->ReadBytes(rva, root) || LoadAt<uint32_t>(root, 0) != kMetadataSignature) {
    view->anomalies()->Add(AnomalyKind::kClrHeader, "no metadata");
    return {};
  }
  const uint32_t size = std::min(LoadAt<uint32_t>(root, 12), kMaxVersion);
  return view->Text(rva + sizeof(root), size).value_or("");
}

}  // namespace

std::optional<ClrHeader> ReadClrHeader(ImageView* view) {
  const DataDirectory& directory = view->headers().directory(Directory::kClr);
  if (directory.address == 0) return std::nullopt;
  uint8_t bytes[kHeaderSize];
  if (!view->ReadBytes(directory.address, bytes) || LoadAt<uint32_t>(bytes, 0) < kHeaderSize) {
    view->anomalies()->Add(AnomalyKind::kClrHeader);
    return std::nullopt;
  }
  ClrHeader header;
  header.runtime_version = {LoadAt<uint16_t>(bytes, 4), LoadAt<uint16_t>(bytes, 6)};
  header.flags = LoadAt<uint32_t>(bytes, 16);
  header.entry_point = LoadAt<uint32_t>(bytes, 20);
  header.metadata_version = MetadataVersion(view, LoadAt<uint32_t>(bytes, 8));
  return header;
}

}  // namespace nuthatch
