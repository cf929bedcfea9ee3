#include "pipeline/debug_help.h"

#include <algorithm>
#include <iterator>
#include <mutex>
#include <utility>

#include "base/utf16.h"
#include "platform/symbols.h"

namespace nuthatch {
namespace {

// SYMOPT_…
constexpr uint32_t kUndecorateNames = 0x2;
constexpr uint32_t kFailCriticalErrors = 0x200;  // no dialogues about drives that are not ready
constexpr uint32_t kExactSymbols = 0x400;        // no PDB of another build
constexpr uint32_t kIgnoreEnvironment = 0x1000;  // the search path is the one we are given
constexpr uint32_t kNoPrompts = 0x80000;

constexpr uint64_t kBase = 0x1'0000'0000;  // where an image is said to be; any will do

std::mutex& DebugHelpMutex() {
  static std::mutex mutex;
  return mutex;
}

// SYM_TYPE: read from a PDB, or from other debugging information.
bool HasDebugInformation(uint32_t symbol_type) {
  constexpr uint32_t kCodeView = 2;
  constexpr uint32_t kPdb = 3;
  constexpr uint32_t kDia = 7;
  return symbol_type == kCodeView || symbol_type == kPdb || symbol_type == kDia;
}

struct Functions {
  std::vector<ExportedCode> all;
  size_t name_bytes = 0;
};

// 0 ends it.
int32_t AddFunction(const WinSymbolInfo* symbol, uint32_t size, void* context) {
  constexpr uint32_t kFunction = 5;       // SymTagFunction
  constexpr uint32_t kPublicSymbol = 10;  // SymTagPublicSymbol
  auto& functions = *static_cast<Functions*>(context);
  if (symbol->tag != kFunction && symbol->tag != kPublicSymbol) return 1;
  if (symbol->address < kBase || symbol->address - kBase > UINT32_MAX) return 1;
  const auto begin = static_cast<uint32_t>(symbol->address - kBase);
  const size_t length = std::min<size_t>(symbol->name_length, DebugHelp::kLongestName);
  std::string name = Utf16ToUtf8(std::u16string_view(symbol->name, length));
  const uint32_t bytes = std::max(size, symbol->size);
  functions.name_bytes += name.size();
  functions.all.push_back({begin, begin + std::min(bytes, UINT32_MAX - begin), std::move(name)});
  return functions.all.size() < DebugHelp::kMostFunctions &&
         functions.name_bytes < DebugHelp::kMostNameBytes;
}

bool IsBefore(const ExportedCode& a, const ExportedCode& b) { return a.begin < b.begin; }

}  // namespace

Status DebugHelp::Load(std::string search_path, std::unique_ptr<DebugHelp>* out) {
  DebugHelpFunctions functions;
  FunctionFinder find;
  find.InSystemLibrary("dbghelp.dll");
#define NUTHATCH_FUNCTION(result, name, arguments) find.Find(#name, &functions.name);
  NUTHATCH_DEBUG_HELP_FUNCTIONS(NUTHATCH_FUNCTION)
#undef NUTHATCH_FUNCTION
  if (!find.missing().empty())
    return Status::Error("NUTHATCH_SYMBOLS_UNAVAILABLE",
                         "PDBs are read by DbgHelp of Windows: " + find.missing());
  *out = std::make_unique<DebugHelp>(functions, std::move(search_path));
  return {};
}

Status DebugHelp::Open() {
  const std::lock_guard lock(DebugHelpMutex());
  call_.SymSetOptions(kUndecorateNames | kFailCriticalErrors | kExactSymbols | kIgnoreEnvironment |
                      kNoPrompts);
  is_open_ = call_.SymInitializeW(process(), Utf8ToUtf16(search_path_).c_str(), /*invade=*/0) != 0;
  if (is_open_) return {};
  return Status::Error("NUTHATCH_SYMBOLS_UNAVAILABLE",
                       "DbgHelp does not take the search path " + search_path_);
}

DebugHelp::~DebugHelp() {
  if (!is_open_) return;
  const std::lock_guard lock(DebugHelpMutex());
  call_.SymCleanup(process());
}

std::vector<ExportedCode> DebugHelp::Read(const std::string& path, uint32_t timestamp) {
  const std::lock_guard lock(DebugHelpMutex());
  Functions functions;
  const uint64_t base = call_.SymLoadModuleExW(process(), nullptr, Utf8ToUtf16(path).c_str(),
                                               nullptr, kBase, /*size=*/0, nullptr, /*flags=*/0);
  if (base == 0) return {};
  WinModuleInfo module{};
  module.size_of_struct = sizeof(module);
  if (base == kBase && call_.SymGetModuleInfoW64(process(), base, &module) != 0 &&
      HasDebugInformation(module.symbol_type) && module.pdb_unmatched == 0 &&
      module.timestamp == timestamp)
    call_.SymEnumSymbolsW(process(), base, u"*", AddFunction, &functions);
  call_.SymUnloadModule64(process(), base);
  std::stable_sort(functions.all.begin(), functions.all.end(), IsBefore);
  return std::move(functions.all);
}

std::vector<ExportedCode> MergeFunctions(std::vector<ExportedCode> exports,
                                         std::vector<ExportedCode> debug) {
  std::vector<ExportedCode> all;
  all.reserve(exports.size() + debug.size());
  std::merge(std::make_move_iterator(exports.begin()), std::make_move_iterator(exports.end()),
             std::make_move_iterator(debug.begin()), std::make_move_iterator(debug.end()),
             std::back_inserter(all), IsBefore);
  const auto same = [](const ExportedCode& a, const ExportedCode& b) { return a.begin == b.begin; };
  all.erase(std::unique(all.begin(), all.end(), same), all.end());
  for (size_t i = 0; i + 1 < all.size(); ++i) {
    const bool sized = all[i].end > all[i].begin;  // public symbols may be without their size
    all[i].end = sized ? std::min(all[i].end, all[i + 1].begin) : all[i + 1].begin;
  }
  return all;
}

}  // namespace nuthatch
