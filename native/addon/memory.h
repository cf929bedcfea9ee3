#ifndef NUTHATCH_ADDON_MEMORY_H_
#define NUTHATCH_ADDON_MEMORY_H_

#include <napi.h>

namespace nuthatch {

// How the command line, which has a process of its own, keeps that small.
void ExportMemory(Napi::Env env, Napi::Object exports);

}  // namespace nuthatch

#endif  // NUTHATCH_ADDON_MEMORY_H_
