#include "image/exported_code.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "base/load_bytes.h"
#include "image/export_table.h"

namespace nuthatch {
namespace {

constexpr uint16_t kMachineX64 = 0x8664;
constexpr uint16_t kMachineArm64 = 0xAA64;
constexpr uint32_t kMostFunctions = uint32_t{1} << 20;

struct Range {
  uint32_t begin = 0;
  uint32_t end = 0;  // 0 where the table does not say it
  // NOLINTNEXTLINE(modernize-use-nullptr): its generated comparison with 0
  friend auto operator<=>(const Range&, const Range&) = default;
};

// RUNTIME_FUNCTION: of x64 begin, end and unwind information; of ARM64 begin and the latter.
std::vector<Range> ReadFunctionTable(ImageView* view) {
  const uint16_t machine = view->headers().machine;
  if (machine != kMachineX64 && machine != kMachineArm64) return {};
  const DataDirectory& directory = view->headers().directory(Directory::kException);
  const uint32_t entry = machine == kMachineX64 ? 12 : 8;
  const uint32_t count = std::min(directory.size / entry, kMostFunctions);
  std::vector<Range> ranges;
  uint8_t bytes[12 * 256];
  const uint32_t at_once = sizeof(bytes) / entry;
  for (uint32_t i = 0; i < count; i += at_once) {
    const uint32_t some = std::min(at_once, count - i);
    if (!view->ReadBytes(directory.address + uint64_t{i} * entry, {bytes, some * entry})) break;
    for (uint32_t j = 0; j < some; ++j) {
      const auto begin = LoadAt<uint32_t>(bytes, j * entry);
      const uint32_t end = machine == kMachineX64 ? LoadAt<uint32_t>(bytes, j * entry + 4) : 0;
      if (begin != 0) ranges.push_back({begin, end});
    }
  }
  std::sort(ranges.begin(), ranges.end());
  return ranges;
}

// The end of the section of code that it is in; 0 where it is in none.
uint32_t EndOfCode(const ImageHeaders& headers, uint32_t rva) {
  for (const Section& section : headers.sections) {
    if ((section.characteristics & kSectionExecutable) == 0) continue;
    const uint32_t size = std::max(section.virtual_size, section.raw_size);
    if (rva >= section.virtual_address && rva - section.virtual_address < size)
      return static_cast<uint32_t>(
          std::min<uint64_t>(uint64_t{section.virtual_address} + size, UINT32_MAX));
  }
  return 0;
}

}  // namespace

std::vector<ExportedCode> ReadExportedCode(ImageView* view) {
  std::optional<Exports> exports = ReadExports(view);
  if (!exports) return {};
  std::vector<ExportedCode> code;
  for (ExportedFunction& function : exports->functions) {
    if (function.name.empty() || !function.forwarder.empty()) continue;
    const uint32_t end = EndOfCode(view->headers(), function.rva);
    if (end != 0) code.push_back({function.rva, end, std::move(function.name)});
  }
  std::sort(code.begin(), code.end(), [](const ExportedCode& a, const ExportedCode& b) {
    const bool a_is_zw = a.name.starts_with("Zw");
    const bool b_is_zw = b.name.starts_with("Zw");
    return std::tie(a.begin, a_is_zw, a.name) < std::tie(b.begin, b_is_zw, b.name);
  });
  const auto same = [](const ExportedCode& a, const ExportedCode& b) { return a.begin == b.begin; };
  code.erase(std::unique(code.begin(), code.end(), same), code.end());

  const std::vector<Range> table = ReadFunctionTable(view);
  for (size_t i = 0; i < code.size(); ++i) {
    ExportedCode& function = code[i];
    if (i + 1 < code.size()) function.end = std::min(function.end, code[i + 1].begin);
    auto known = std::lower_bound(table.begin(), table.end(), Range{function.begin, 0});
    if (known != table.end() && known->begin == function.begin) {
      if (known->end > known->begin) function.end = std::min(function.end, known->end);
      ++known;
    }
    if (known != table.end() && known->begin > function.begin)
      function.end = std::min(function.end, known->begin);
  }
  return code;
}

}  // namespace nuthatch
