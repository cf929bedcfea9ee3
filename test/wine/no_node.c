// A program without Node-API: the addon must not load there, and must not crash either.
#include <windows.h>

int main(int count, char** arguments) {
  if (count != 2 || LoadLibraryA(arguments[1]) != NULL) return 1;
  return GetLastError() == ERROR_DLL_INIT_FAILED ? 0 : 2;
}
