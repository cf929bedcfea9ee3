#include <dlfcn.h>

#include "platform/symbols.h"

namespace nuthatch {

// By dlopen and not as RTLD_DEFAULT, which is a null pointer on some systems.
void* ProcessSymbols() { return dlopen(nullptr, RTLD_LAZY); }

void* LoadLibrarySymbols(const std::string& path) {
  return dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
}

void* FindSymbol(void* symbols, const char* name) { return dlsym(symbols, name); }

}  // namespace nuthatch
