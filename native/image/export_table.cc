#include "image/export_table.h"

#include <algorithm>
#include <utility>

#include "base/load_bytes.h"

namespace nuthatch {
namespace {

struct ExportTable {
  uint32_t base;
  uint32_t function_count;
  uint32_t name_count;
  uint32_t functions;
  uint32_t names;
  uint32_t name_indexes;
};

class ExportReader {
 public:
  ExportReader(ImageView* view, const ExportTable& table)
      : view_(view),
        table_(table),
        directory_(view->headers().directory(Directory::kExport)),
        names_(ReadNames()) {}

  std::vector<ExportedFunction> Read() {
    std::vector<ExportedFunction> functions;
    auto name = names_.begin();
    for (uint32_t i = 0; i < Limited(table_.function_count); ++i) {
      uint32_t rva = 0;
      if (!view_->ReadNumber(table_.functions + uint64_t{4} * i, &rva)) {
        view_->anomalies()->Add(AnomalyKind::kExportTable, "its addresses do not end");
        break;
      }
      const auto first = name;
      while (name != names_.end() && name->first == i) ++name;
      if (rva == 0) continue;  // an ordinal that is not used
      // Each with a text of its own, which counts against what names may take.
      if (first == name) functions.push_back({{}, table_.base + i, rva, Forwarder(rva)});
      for (auto each = first; each != name; ++each)
        functions.push_back({std::move(each->second), table_.base + i, rva, Forwarder(rva)});
    }
    return functions;
  }

 private:
  using Name = std::pair<uint16_t, std::string>;

  uint32_t Limited(uint32_t count) {
    if (count > kMaxExports)
      view_->anomalies()->Add(AnomalyKind::kExportLimit, std::to_string(count));
    return std::min(count, kMaxExports);
  }

  // By the index of the function.
  std::vector<Name> ReadNames() {
    std::vector<Name> names;
    for (uint32_t i = 0; i < Limited(table_.name_count); ++i) {
      uint32_t rva = 0;
      uint16_t index = 0;
      if (!view_->ReadNumber(table_.names + uint64_t{4} * i, &rva) ||
          !view_->ReadNumber(table_.name_indexes + uint64_t{2} * i, &index)) {
        view_->anomalies()->Add(AnomalyKind::kExportTable, "its names do not end");
        break;
      }
      auto text = view_->Text(rva, kMaxExportName);
      if (!text || index >= table_.function_count) {
        view_->anomalies()->Add(AnomalyKind::kExportTable, "a name leads nowhere");
        continue;
      }
      names.emplace_back(index, std::move(*text));
    }
    std::stable_sort(names.begin(), names.end(),
                     [](const Name& a, const Name& b) { return a.first < b.first; });
    return names;
  }

  // What lies in the directory itself is no code but text.
  std::string Forwarder(uint32_t rva) {
    if (rva < directory_.address || rva - directory_.address >= directory_.size) return {};
    return view_->Text(rva, kMaxExportName).value_or("");
  }

  ImageView* const view_;
  const ExportTable table_;
  const DataDirectory directory_;
  std::vector<Name> names_;
};

}  // namespace

std::optional<Exports> ReadExports(ImageView* view) {
  const DataDirectory& directory = view->headers().directory(Directory::kExport);
  if (directory.address == 0 || directory.size == 0) return std::nullopt;
  uint8_t bytes[40];
  if (!view->ReadBytes(directory.address, bytes)) {
    view->anomalies()->Add(AnomalyKind::kExportTable);
    return std::nullopt;
  }
  const auto field = [&](size_t offset) { return LoadAt<uint32_t>(bytes, offset); };
  Exports exports;
  exports.timestamp = field(4);
  exports.name = view->Text(field(12), kMaxExportName).value_or("");
  ExportReader reader(view, {field(16), field(20), field(24), field(28), field(32), field(36)});
  exports.functions = reader.Read();
  return exports;
}

}  // namespace nuthatch
