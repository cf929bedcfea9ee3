#ifndef NUTHATCH_ADDON_PARSE_H_
#define NUTHATCH_ADDON_PARSE_H_

#include <napi.h>

namespace nuthatch {

// Adds syntaxNames() and parse() to the addon's exports; lib/binding.ts describes them.
void ExportParse(Napi::Env env, Napi::Object exports);

}  // namespace nuthatch

#endif  // NUTHATCH_ADDON_PARSE_H_
