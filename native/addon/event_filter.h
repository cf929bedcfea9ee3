#ifndef NUTHATCH_ADDON_EVENT_FILTER_H_
#define NUTHATCH_ADDON_EVENT_FILTER_H_

#include <napi.h>

#include "pipeline/record_stage.h"

namespace nuthatch {

// lib/binding.ts describes it.
EventFilter ToFilter(const Napi::Object& object);

}  // namespace nuthatch

#endif  // NUTHATCH_ADDON_EVENT_FILTER_H_
