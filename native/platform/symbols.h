// Functions of other libraries, found by their names while the process runs.
#ifndef NUTHATCH_PLATFORM_SYMBOLS_H_
#define NUTHATCH_PLATFORM_SYMBOLS_H_

#include <string>
#include <utility>

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

// Fills tables of functions from one library after another.
class FunctionFinder {
 public:
  // Where what is asked for next is looked for.
  void In(void* symbols) { symbols_ = symbols; }
  void InSystemLibrary(const char* name) {
    symbols_ = LoadSystemLibrarySymbols(name);
    if (symbols_ == nullptr) Miss(std::string(name) + " cannot be loaded");
  }
  template <typename Function>
  void FindIfThere(const char* name, Function** function) const {
    *function =
        symbols_ == nullptr ? nullptr : reinterpret_cast<Function*>(FindSymbol(symbols_, name));
  }
  template <typename Function>
  void Find(const char* name, Function** function) {
    FindIfThere(name, function);
    if (*function == nullptr) Miss(std::string(name) + " is missing");
  }
  // The first that is not there, and why, for people; empty when there is all that must be.
  const std::string& missing() const { return missing_; }

 private:
  void Miss(std::string what) {
    if (missing_.empty()) missing_ = std::move(what);
  }

  void* symbols_ = nullptr;
  std::string missing_;
};

// Keeps this code in memory to the end of the process, for a thread that cannot be waited for.
void KeepThisLibrary();

}  // namespace nuthatch

#endif  // NUTHATCH_PLATFORM_SYMBOLS_H_
