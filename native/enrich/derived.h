// Properties that the engine computes from others, when a live term asks for them.
#ifndef NUTHATCH_ENRICH_DERIVED_H_
#define NUTHATCH_ENRICH_DERIVED_H_

#include <span>

#include "model/event.h"
#include "model/value.h"

namespace nuthatch {

// The value of `derived`, one of those for which PropertyIsDerived holds. Missing or pending when
// what it comes from is. Text is in the event's arena.
Value DeriveProperty(Event* event, PropertyId derived);

// What else it is made from, besides RowOf(derived).derived_from.
std::span<const PropertyId> AlsoDerivedFrom(PropertyId derived);

}  // namespace nuthatch

#endif  // NUTHATCH_ENRICH_DERIVED_H_
