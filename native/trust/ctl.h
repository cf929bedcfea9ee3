// A catalog: a certificate trust list, of the digests of files that whoever signs it vouches for.
#ifndef NUTHATCH_TRUST_CTL_H_
#define NUTHATCH_TRUST_CTL_H_

#include <functional>

#include "trust/authenticode.h"
#include "trust/crypto.h"

namespace nuthatch {

constexpr uint64_t kLargestCatalog = uint64_t{64} << 20;

// What is claimed of a file: it has this digest, of its image or of all its bytes.
struct CatalogMember {
  DigestAlgorithm algorithm = DigestAlgorithm::kSha1;
  Digest digest;
};

// `content` is the SEQUENCE of a SignedData whose content type is kOidCtl. `on_member` is called
// for each member that claims something: by its digest, or, without one, as the SHA-1 entries of
// second version catalogs are, by its tag. A tag that is the digest's equal in size and not in
// value makes a claim of neither. `members` is how many there are in all.
Malformed ParseCtl(const DerElement& content,
                   const std::function<void(const CatalogMember&)>& on_member, size_t* members);

}  // namespace nuthatch

#endif  // NUTHATCH_TRUST_CTL_H_
