#include <windows.h>

#include "platform/symbols.h"
#include "platform/wide.h"

namespace nuthatch {

void* ProcessSymbols() { return GetModuleHandleW(nullptr); }

void* LoadLibrarySymbols(const std::string& path) { return LoadLibraryW(ToWide(path).c_str()); }

void* LoadSystemLibrarySymbols(const char* name) {
  return LoadLibraryExW(ToWide(name).c_str(), nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
}

void* FindSymbol(void* symbols, const char* name) {
  return reinterpret_cast<void*>(GetProcAddress(static_cast<HMODULE>(symbols), name));
}

void KeepThisLibrary() {
  HMODULE module;
  GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                     reinterpret_cast<LPCWSTR>(&KeepThisLibrary), &module);
}

}  // namespace nuthatch
