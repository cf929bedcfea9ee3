#include "image/debug_directory.h"

#include <algorithm>
#include <cstring>

#include "base/load_bytes.h"

namespace nuthatch {
namespace {

constexpr size_t kEntrySize = 28;
// IMAGE_DEBUG_TYPE_…
constexpr uint32_t kCodeView = 2;
constexpr uint32_t kRepro = 16;
constexpr uint32_t kExDllCharacteristics = 20;
constexpr uint32_t kRsds = 0x53445352;
constexpr uint32_t kNb10 = 0x3031424E;

// The data of an entry are where the file has them; some images say only where memory has.
class EntryData {
 public:
  EntryData(ImageView* view, std::span<const uint8_t> entry)
      : view_(view),
        size_(LoadAt<uint32_t>(entry, 16)),
        rva_(LoadAt<uint32_t>(entry, 20)),
        offset_(LoadAt<uint32_t>(entry, 24)) {}

  uint32_t size() const { return size_; }
  bool Read(std::span<uint8_t> out) {
    if (out.size() > size_) return false;
    return offset_ != 0 ? view_->ReadAt(offset_, out) : view_->ReadBytes(rva_, out);
  }
  std::string Text(uint32_t from) {
    const size_t max = std::min<size_t>(size_ - from, kMaxPdbPath);
    const auto text = offset_ != 0 ? view_->TextAt(uint64_t{offset_} + from, max)
                                   : view_->Text(uint64_t{rva_} + from, max);
    return text.value_or("");
  }

 private:
  ImageView* const view_;
  const uint32_t size_;
  const uint32_t rva_;
  const uint32_t offset_;
};

std::optional<PdbReference> ReadCodeView(EntryData data) {
  uint8_t head[24];
  PdbReference pdb;
  if (!data.Read(std::span(head).first(16))) return std::nullopt;
  if (LoadAt<uint32_t>(head, 0) == kNb10) {
    pdb.signature = LoadAt<uint32_t>(head, 8);
    pdb.age = LoadAt<uint32_t>(head, 12);
    pdb.path = data.Text(16);
    return pdb;
  }
  if (LoadAt<uint32_t>(head, 0) != kRsds || !data.Read(head)) return std::nullopt;
  pdb.has_guid = true;
  pdb.guid = LoadAt<Guid>(head, 4);
  pdb.age = LoadAt<uint32_t>(head, 20);
  pdb.path = data.Text(24);
  return pdb;
}

}  // namespace

std::optional<DebugDirectory> ReadDebugDirectory(ImageView* view) {
  const DataDirectory& directory = view->headers().directory(Directory::kDebug);
  if (directory.address == 0 || directory.size == 0) return std::nullopt;
  DebugDirectory debug;
  const size_t count = directory.size / kEntrySize;
  if (directory.size % kEntrySize != 0 || count > kMaxDebugEntries)
    view->anomalies()->Add(AnomalyKind::kDebugDirectory, std::to_string(directory.size) + " bytes");
  for (size_t i = 0; i < std::min(count, kMaxDebugEntries); ++i) {
    uint8_t entry[kEntrySize];
    if (!view->ReadBytes(directory.address + i * kEntrySize, entry)) {
      view->anomalies()->Add(AnomalyKind::kDebugDirectory, "it does not end");
      break;
    }
    EntryData data(view, entry);
    const auto type = LoadAt<uint32_t>(entry, 12);
    debug.entries.push_back({type, LoadAt<uint32_t>(entry, 4), data.size()});
    if (type == kCodeView && !debug.pdb) {
      debug.pdb = ReadCodeView(data);
      if (!debug.pdb) view->anomalies()->Add(AnomalyKind::kDebugDirectory, "no known CodeView");
    } else if (type == kRepro) {
      debug.reproducible = true;
    } else if (type == kExDllCharacteristics) {
      uint8_t flags[4] = {};
      if (data.Read(flags)) debug.extended_dll_characteristics = LoadAt<uint32_t>(flags, 0);
    }
  }
  return debug;
}

}  // namespace nuthatch
