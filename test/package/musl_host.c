// Loads the addon with musl, and asks it for its version of Node-API. The functions of Node-API are here in name only
// (scripts/run-matrix.mjs makes their list), so that whatever else the addon wants must be found.
#include <dlfcn.h>
#include <stdio.h>

// Like napi_generic_failure.
#define FUNCTION(name) \
  int name(void) { return 9; }
#include "node_api_functions.inc"

int main(int count, char** arguments) {
  void* addon = count == 2 ? dlopen(arguments[1], RTLD_NOW) : NULL;
  int (*version)(void) = addon ? (int (*)(void))dlsym(addon, "node_api_module_get_api_version_v1") : NULL;
  if (version == NULL || dlsym(addon, "napi_register_module_v1") == NULL) {
    fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  printf("Node-API %d\n", version());
  return 0;
}
