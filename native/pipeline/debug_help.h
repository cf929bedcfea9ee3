// Names of functions that only the PDBs of images have, by DbgHelp of Windows.
#ifndef NUTHATCH_PIPELINE_DEBUG_HELP_H_
#define NUTHATCH_PIPELINE_DEBUG_HELP_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"
#include "image/exported_code.h"

namespace nuthatch {

struct WinSymbolInfo {  // SYMBOL_INFOW
  uint32_t size_of_struct;
  uint32_t type_index;
  uint64_t reserved[2];
  uint32_t index;
  uint32_t size;
  uint64_t module_base;
  uint32_t flags;
  uint64_t value;
  uint64_t address;
  uint32_t reg;
  uint32_t scope;
  uint32_t tag;  // SymTagEnum
  uint32_t name_length;
  uint32_t max_name_length;
  char16_t name[1];
};

struct WinModuleInfo {  // IMAGEHLP_MODULEW64
  uint32_t size_of_struct;
  uint64_t base;
  uint32_t image_size;
  uint32_t timestamp;
  uint32_t checksum;
  uint32_t symbols;
  uint32_t symbol_type;  // SYM_TYPE
  char16_t module_name[32];
  char16_t image_name[256];
  char16_t loaded_image_name[256];
  char16_t loaded_pdb_name[256];
  uint32_t code_view_signature;
  char16_t code_view_data[260 * 3];
  uint32_t pdb_signature;
  uint8_t pdb_guid[16];
  uint32_t pdb_age;
  int32_t pdb_unmatched;
  int32_t debug_unmatched;
  int32_t line_numbers;
  int32_t global_symbols;
  int32_t type_info;
  int32_t source_indexed;
  int32_t publics;
  uint32_t machine;
  uint32_t reserved;
};

// FUNCTION(result, name, arguments)
#define NUTHATCH_DEBUG_HELP_FUNCTIONS(FUNCTION)                                                   \
  FUNCTION(uint32_t, SymSetOptions, (uint32_t))                                                   \
  FUNCTION(int32_t, SymInitializeW, (void* process, const char16_t* search_path, int32_t invade)) \
  FUNCTION(int32_t, SymCleanup, (void* process))                                                  \
  FUNCTION(uint64_t, SymLoadModuleExW,                                                            \
           (void* process, void* file, const char16_t* image, const char16_t* module,             \
            uint64_t base, uint32_t size, const void* data, uint32_t flags))                      \
  FUNCTION(int32_t, SymUnloadModule64, (void* process, uint64_t base))                            \
  FUNCTION(int32_t, SymGetModuleInfoW64, (void* process, uint64_t base, WinModuleInfo*))          \
  FUNCTION(int32_t, SymEnumSymbolsW,                                                              \
           (void* process, uint64_t base, const char16_t* mask, OnSymbol, void* context))

// The functions of dbghelp.dll that are used; tests put others in their place.
struct DebugHelpFunctions {
  using OnSymbol = int32_t (*)(const WinSymbolInfo* symbol, uint32_t size, void* context);

// NOLINTNEXTLINE(bugprone-macro-parentheses): these are types and names
#define NUTHATCH_FUNCTION(result, name, arguments) result(*name) arguments = nullptr;
  NUTHATCH_DEBUG_HELP_FUNCTIONS(NUTHATCH_FUNCTION)
#undef NUTHATCH_FUNCTION
};

// For one thread at a time. DbgHelp itself is for one thread of a process: while another reads,
// Open, Read and the end of what is open wait, which may take as long as a server's answer.
class DebugHelp {
 public:
  static constexpr size_t kMostFunctions = size_t{1} << 18;  // of an image
  static constexpr size_t kMostNameBytes = size_t{8} << 20;  // of an image's functions
  static constexpr size_t kLongestName = 1024;

  // `search_path`: folders, or what else DbgHelp takes ("srv*C:\symbols"). Fails with
  // NUTHATCH_SYMBOLS_UNAVAILABLE, on other systems than Windows always. Waits for nobody.
  static Status Load(std::string search_path, std::unique_ptr<DebugHelp>* out);
  DebugHelp(const DebugHelpFunctions& functions, std::string search_path)
      : call_(functions), search_path_(std::move(search_path)) {}
  ~DebugHelp();
  DebugHelp(const DebugHelp&) = delete;
  DebugHelp& operator=(const DebugHelp&) = delete;

  // Once, before anything is read. Fails with NUTHATCH_SYMBOLS_UNAVAILABLE.
  Status Open();
  // The functions of the image of that file and time stamp, by address; none where no PDB is found
  // that belongs to it. This may take long.
  std::vector<ExportedCode> Read(const std::string& path, uint32_t timestamp);

 private:
  // Any number that nobody else has is a process to DbgHelp.
  void* process() { return this; }

  const DebugHelpFunctions call_;
  const std::string search_path_;
  bool is_open_ = false;
};

// By address, those of a PDB with the exports' names where they have one: rules know these.
std::vector<ExportedCode> MergeFunctions(std::vector<ExportedCode> exports,
                                         std::vector<ExportedCode> debug);

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_DEBUG_HELP_H_
