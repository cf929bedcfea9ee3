#ifndef NUTHATCH_TRUST_DER_TIME_H_
#define NUTHATCH_TRUST_DER_TIME_H_

#include <cstdint>
#include <optional>

#include "trust/der.h"

namespace nuthatch {

// Milliseconds since 1970 in UTC.
using UnixMillis = int64_t;

// A UTCTime or GeneralizedTime in UTC; seconds may be left out, fractions are cut to milliseconds.
std::optional<UnixMillis> DerTime(const DerElement& element);

}  // namespace nuthatch

#endif  // NUTHATCH_TRUST_DER_TIME_H_
