#include "image/import_table.h"

#include <algorithm>

#include "base/load_bytes.h"
#include "image/ordinal_names.h"

namespace nuthatch {
namespace {

bool IsPrintable(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

// What describes a module, in whichever table.
struct Descriptor {
  uint64_t name = 0;
  uint64_t lookup = 0;   // a list of pointers to names, and ordinals
  uint64_t address = 0;  // the same before loading, unless the image is bound
};

class ImportReader {
 public:
  explicit ImportReader(ImageView* view) : view_(view) {}

  // False when enough has been read.
  bool Add(const Descriptor& descriptor) {
    if (descriptors_++ == kMaxImportedModules) {
      view_->anomalies()->Add(AnomalyKind::kImportLimit);
      return false;
    }
    auto name = view_->Text(descriptor.name, kMaxImportName);
    if (!name || name->empty() || !IsPrintable(*name)) {
      view_->anomalies()->Add(AnomalyKind::kImportName);
      return name.has_value();
    }
    modules_.push_back({std::move(*name), {}});
    uint64_t first = 0;
    const bool has_lookup =
        descriptor.lookup != 0 && view_->ReadPointer(descriptor.lookup, &first) && first != 0;
    return ReadFunctions(has_lookup ? descriptor.lookup : descriptor.address);
  }

  std::vector<ImportedModule> Take() { return std::move(modules_); }

 private:
  bool ReadFunctions(uint64_t thunks) {
    const size_t width = view_->pointer_size();
    const uint64_t by_ordinal = uint64_t{1} << (width * 8 - 1);
    for (uint64_t at = thunks;; at += width) {
      uint64_t thunk = 0;
      if (!view_->ReadPointer(at, &thunk)) {
        view_->anomalies()->Add(AnomalyKind::kImportTable, modules_.back().name);
        return true;
      }
      if (thunk == 0) return true;
      if (functions_++ == kMaxImportedFunctions) {
        view_->anomalies()->Add(AnomalyKind::kImportLimit);
        return false;
      }
      if ((thunk & by_ordinal) != 0) {
        AddOrdinal(static_cast<uint16_t>(thunk));
      } else {
        AddName(thunk);
      }
    }
  }

  void AddOrdinal(uint16_t ordinal) {
    ImportedModule& module = modules_.back();
    module.functions.push_back({std::string(OrdinalName(module.name, ordinal)), ordinal});
  }

  // Before the name stands a hint of two bytes.
  void AddName(uint64_t rva) {
    auto name = view_->Text(rva + 2, kMaxImportName);
    if (!name || name->empty() || !IsPrintable(*name)) {
      view_->anomalies()->Add(AnomalyKind::kImportName, "of " + modules_.back().name);
      return;
    }
    modules_.back().functions.push_back({std::move(*name), std::nullopt});
  }

  ImageView* const view_;
  std::vector<ImportedModule> modules_;
  size_t descriptors_ = 0;
  size_t functions_ = 0;
};

}  // namespace

std::vector<ImportedModule> ReadImports(ImageView* view) {
  const DataDirectory& directory = view->headers().directory(Directory::kImport);
  ImportReader reader(view);
  if (directory.address == 0) return {};
  constexpr size_t kSize = 20;
  for (uint64_t at = directory.address;; at += kSize) {
    uint8_t bytes[kSize];
    if (!view->ReadBytes(at, bytes)) {
      view->anomalies()->Add(AnomalyKind::kImportTable, "it does not end");
      break;
    }
    const Descriptor descriptor = {LoadAt<uint32_t>(bytes, 12), LoadAt<uint32_t>(bytes, 0),
                                   LoadAt<uint32_t>(bytes, 16)};
    if (descriptor.name == 0 || !reader.Add(descriptor)) break;
  }
  return reader.Take();
}

std::vector<ImportedModule> ReadDelayImports(ImageView* view) {
  const DataDirectory& directory = view->headers().directory(Directory::kDelayImport);
  ImportReader reader(view);
  if (directory.address == 0) return {};
  constexpr size_t kSize = 32;
  for (uint64_t at = directory.address;; at += kSize) {
    uint8_t bytes[kSize];
    if (!view->ReadBytes(at, bytes)) {
      view->anomalies()->Add(AnomalyKind::kImportTable, "that of delayed ones does not end");
      break;
    }
    // Visual C++ 6 wrote addresses, everybody since RVAs.
    const bool has_rvas = (LoadAt<uint32_t>(bytes, 0) & 1) != 0;
    const auto rva = [&](size_t offset) -> uint64_t {
      const auto value = LoadAt<uint32_t>(bytes, offset);
      return has_rvas || value == 0 ? value : view->RvaOf(value).value_or(0);
    };
    const Descriptor descriptor = {rva(4), rva(16), rva(12)};
    if (descriptor.name == 0 || !reader.Add(descriptor)) break;
  }
  return reader.Take();
}

}  // namespace nuthatch
