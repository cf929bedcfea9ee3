#include "addon/node_hasher.h"

#include <memory>
#include <utility>

#include "trust/crypto_openssl.h"

namespace nuthatch {
namespace {

// Null where the process has none. Kept to its end: hashers of any thread may use it.
const Crypto* LoadNodeCrypto() {
  std::shared_ptr<const Crypto> crypto;
  if (!LoadOpenSsl({}, &crypto).ok()) return nullptr;
  return (new std::shared_ptr<const Crypto>(std::move(crypto)))->get();
}

}  // namespace

std::unique_ptr<Hasher> NewNodeHasher(DigestAlgorithm algorithm) {
  static const Crypto* const crypto = LoadNodeCrypto();
  return crypto == nullptr ? nullptr : crypto->NewHasher(algorithm);
}

}  // namespace nuthatch
