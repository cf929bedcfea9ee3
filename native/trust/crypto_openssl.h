// Crypto by OpenSSL 3.
#ifndef NUTHATCH_TRUST_CRYPTO_OPENSSL_H_
#define NUTHATCH_TRUST_CRYPTO_OPENSSL_H_

#include <memory>
#include <string>

#include "base/status.h"
#include "trust/crypto.h"

namespace nuthatch {

// By the OpenSSL that this process exports, as Node does; or, if `library` is not empty, by that of
// a shared library, whose path it is. Fails with NUTHATCH_CRYPTO_UNAVAILABLE.
Status LoadOpenSsl(const std::string& library, std::shared_ptr<const Crypto>* out);

}  // namespace nuthatch

#endif  // NUTHATCH_TRUST_CRYPTO_OPENSSL_H_
