#include "trust/wintrust_functions.h"

#include <string>

#include "platform/symbols.h"

namespace nuthatch {
namespace {

Status Unavailable(const std::string& why) {
  return Status::Error("NUTHATCH_WINTRUST_UNAVAILABLE",
                       "signatures cannot be verified by Windows itself: " + why +
                           "; choose the backend 'portable', with roots to trust");
}

}  // namespace

// The functions have the calling convention of all others on 64-bit Windows, the only one there is.
static_assert(sizeof(void*) == 8, "the structures are those for 64 bits");

Status LoadWinTrust(std::shared_ptr<const WinTrustFunctions>* out) {
  WinTrustFunctions functions;
  std::string missing;
  void* library = nullptr;
#define NUTHATCH_OPTIONAL(result, name, arguments) \
  functions.name = reinterpret_cast<decltype(functions.name)>(FindSymbol(library, #name));
#define NUTHATCH_FUNCTION(result, name, arguments) \
  NUTHATCH_OPTIONAL(result, name, arguments)       \
  if (functions.name == nullptr && missing.empty()) missing = #name " is missing";
#define NUTHATCH_LIBRARY(name)              \
  library = LoadSystemLibrarySymbols(name); \
  if (library == nullptr) return Unavailable(name " cannot be loaded");
  NUTHATCH_LIBRARY("wintrust.dll")
  NUTHATCH_WINTRUST_FUNCTIONS(NUTHATCH_FUNCTION)
  NUTHATCH_WINTRUST_FUNCTIONS_2(NUTHATCH_OPTIONAL)
  NUTHATCH_LIBRARY("crypt32.dll")
  NUTHATCH_CRYPT32_FUNCTIONS(NUTHATCH_FUNCTION)
  NUTHATCH_LIBRARY("kernel32.dll")
  NUTHATCH_KERNEL32_FUNCTIONS(NUTHATCH_FUNCTION)
#undef NUTHATCH_LIBRARY
#undef NUTHATCH_FUNCTION
#undef NUTHATCH_OPTIONAL
  if (!missing.empty()) return Unavailable(missing);
  *out = std::make_shared<const WinTrustFunctions>(functions);
  return {};
}

}  // namespace nuthatch
