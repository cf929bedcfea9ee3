#ifndef NUTHATCH_ADDON_NODE_HASHER_H_
#define NUTHATCH_ADDON_NODE_HASHER_H_

#include "base/hasher.h"

namespace nuthatch {

// By the OpenSSL that node has and exports. Null for all algorithms where it exports none.
std::unique_ptr<Hasher> NewNodeHasher(DigestAlgorithm algorithm);

}  // namespace nuthatch

#endif  // NUTHATCH_ADDON_NODE_HASHER_H_
