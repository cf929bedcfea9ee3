// Node-API is wherever this process has it: in node.exe, in a program of another name such as
// Electron's, or in libnode.dll. So the addon imports it from no file: its functions are looked for
// when it is loaded. (What MSVC builds has the delay-load hook of cmake-js or node-gyp instead.)
#include <windows.h>

// What a compiler takes the address of a dllimport function from. The list, of the functions that
// each Node with our NAPI_VERSION has, is made by cmake/addon.cmake.
#define FUNCTION(name) FARPROC __imp_##name = nullptr;  // NOLINT(bugprone-reserved-identifier)
extern "C" {
#include "node_api_functions.inc"
}
#undef FUNCTION

namespace {

struct Import {
  const char* name;
  FARPROC* address;
};

const Import kImports[] = {
#define FUNCTION(name) {#name, &__imp_##name},
#include "node_api_functions.inc"
#undef FUNCTION
};

bool FindFunctions() {
  HMODULE node = GetModuleHandleW(L"libnode.dll");
  if (node == nullptr) node = GetModuleHandleW(nullptr);
  for (const Import& import : kImports) {
    *import.address = GetProcAddress(node, import.name);
    if (*import.address == nullptr) return false;
  }
  return true;
}

}  // namespace

// When it returns FALSE, LoadLibrary fails with ERROR_DLL_INIT_FAILED, which `require` throws.
extern "C" BOOL WINAPI DllMain(HINSTANCE, DWORD reason, LPVOID) {
  return reason != DLL_PROCESS_ATTACH || FindFunctions() ? TRUE : FALSE;
}
