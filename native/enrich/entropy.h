#ifndef NUTHATCH_ENRICH_ENTROPY_H_
#define NUTHATCH_ENRICH_ENTROPY_H_

#include <string_view>

namespace nuthatch {

// Shannon entropy of the bytes of `text`, in bits a byte: 0 to 8, and 0 for the empty text.
double ShannonEntropy(std::string_view text);

}  // namespace nuthatch

#endif  // NUTHATCH_ENRICH_ENTROPY_H_
