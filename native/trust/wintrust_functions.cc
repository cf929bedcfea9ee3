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
  FunctionFinder find;
#define NUTHATCH_OPTIONAL(result, name, arguments) find.FindIfThere(#name, &functions.name);
#define NUTHATCH_FUNCTION(result, name, arguments) find.Find(#name, &functions.name);
  find.InSystemLibrary("wintrust.dll");
  NUTHATCH_WINTRUST_FUNCTIONS(NUTHATCH_FUNCTION)
  NUTHATCH_WINTRUST_FUNCTIONS_2(NUTHATCH_OPTIONAL)
  find.InSystemLibrary("crypt32.dll");
  NUTHATCH_CRYPT32_FUNCTIONS(NUTHATCH_FUNCTION)
  find.InSystemLibrary("kernel32.dll");
  NUTHATCH_KERNEL32_FUNCTIONS(NUTHATCH_FUNCTION)
#undef NUTHATCH_FUNCTION
#undef NUTHATCH_OPTIONAL
  if (!find.missing().empty()) return Unavailable(find.missing());
  *out = std::make_shared<const WinTrustFunctions>(functions);
  return {};
}

}  // namespace nuthatch
