#include "image/load_config.h"

namespace nuthatch {
namespace {

// Offsets in IMAGE_LOAD_CONFIG_DIRECTORY32 and 64 of winnt.h.
struct Layout {
  uint32_t seh_table;
  uint32_t seh_count;
  uint32_t guard_flags;
  uint32_t chpe_metadata;
};
constexpr Layout kLayout32 = {64, 68, 88, 124};
constexpr Layout kLayout64 = {96, 104, 144, 200};

}  // namespace

// The structure grows with Windows: it has the fields that lie within the size it states first.
std::optional<LoadConfig> ReadLoadConfig(ImageView* view) {
  const DataDirectory& directory = view->headers().directory(Directory::kLoadConfig);
  if (directory.address == 0) return std::nullopt;
  LoadConfig config;
  if (!view->ReadNumber(directory.address, &config.size)) {
    view->anomalies()->Add(AnomalyKind::kLoadConfig);
    return std::nullopt;
  }
  const Layout& layout = view->headers().is_64_bit ? kLayout64 : kLayout32;
  const auto pointer = [&](uint32_t offset) {
    uint64_t value = 0;
    if (offset + view->pointer_size() <= config.size &&
        !view->ReadPointer(uint64_t{directory.address} + offset, &value))
      view->anomalies()->Add(AnomalyKind::kLoadConfig, "it does not end");
    return value;
  };
  config.seh_table = pointer(layout.seh_table);
  config.seh_count = pointer(layout.seh_count);
  config.has_chpe_metadata = pointer(layout.chpe_metadata) != 0;
  if (layout.guard_flags + 4 <= config.size)
    view->ReadNumber(uint64_t{directory.address} + layout.guard_flags, &config.guard_flags);
  return config;
}

}  // namespace nuthatch
