#ifndef NUTHATCH_ADDON_ETL_H_
#define NUTHATCH_ADDON_ETL_H_

#include <napi.h>

namespace nuthatch {

// Adds readTraceStatistics to the addon's exports; lib/binding.ts describes it.
void ExportEtl(Napi::Env env, Napi::Object exports);

}  // namespace nuthatch

#endif  // NUTHATCH_ADDON_ETL_H_
