#include <dlfcn.h>

#include "platform/symbols.h"

namespace nuthatch {

// By dlopen and not as RTLD_DEFAULT, which is a null pointer on some systems.
void* ProcessSymbols() { return dlopen(nullptr, RTLD_LAZY); }

void* LoadLibrarySymbols(const std::string& path) {
  return dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
}

void* LoadSystemLibrarySymbols(const char*) { return nullptr; }

void* FindSymbol(void* symbols, const char* name) { return dlsym(symbols, name); }

void KeepThisLibrary() {
  Dl_info here;
  if (dladdr(reinterpret_cast<void*>(&KeepThisLibrary), &here) != 0)
    dlopen(here.dli_fname, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
}

}  // namespace nuthatch
