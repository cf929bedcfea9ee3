// Node-API is wherever this process has it: in node.exe, in a program of another name such as
// Electron's, or in libnode.dll. So the library "node.exe" that the addon is linked with is looked
// for only when the first of its functions is called, and found here. (Other builds for Windows
// than with mingw-w64 have the hook of cmake-js or node-gyp, which does the same.)
#include <windows.h>
// After windows.h.
#include <delayimp.h>

#include <cstring>

namespace {

FARPROC WINAPI FindNode(unsigned notification, PDelayLoadInfo info) {
  if (notification != dliNotePreLoadLibrary || _stricmp(info->szDll, "node.exe") != 0)
    return nullptr;
  HMODULE node = GetModuleHandleA("libnode.dll");
  if (node == nullptr) node = GetModuleHandleA(nullptr);
  return reinterpret_cast<FARPROC>(node);
}

}  // namespace

// The delay-load helper of the C runtime calls this.
extern "C" PfnDliHook __pfnDliNotifyHook2 = FindNode;  // NOLINT(bugprone-reserved-identifier)
