// Functions of other libraries, found by their names while the process runs.
#ifndef NUTHATCH_PLATFORM_SYMBOLS_H_
#define NUTHATCH_PLATFORM_SYMBOLS_H_

#include <string>

namespace nuthatch {

// Everything that the executable and the libraries it is linked with export. Never null.
void* ProcessSymbols();
// A shared library, by its path in UTF-8; it stays loaded. Null if it cannot be loaded.
void* LoadLibrarySymbols(const std::string& path);
// One that comes with Windows, and from nowhere else: no other of its name is taken for it,
// wherever one lies. Null on other systems, and if it cannot be loaded.
void* LoadSystemLibrarySymbols(const char* name);
// Null if there is none of this name.
void* FindSymbol(void* symbols, const char* name);

// Keeps this code in memory to the end of the process, for a thread that cannot be waited for.
void KeepThisLibrary();

}  // namespace nuthatch

#endif  // NUTHATCH_PLATFORM_SYMBOLS_H_
