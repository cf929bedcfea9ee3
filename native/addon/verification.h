// How signatures are to be verified, as lib/trust/verifier.ts gives it.
#ifndef NUTHATCH_ADDON_VERIFICATION_H_
#define NUTHATCH_ADDON_VERIFICATION_H_

#include <napi.h>

#include <chrono>
#include <memory>
#include <string>

#include "trust/catalog_store.h"
#include "trust/verifier_pool.h"

namespace nuthatch {

struct Verification {
  std::shared_ptr<CatalogStore> catalogs;  // null without folders
  VerifierPool::MakeVerify make_verify;
  PoolOptions pool;
  std::chrono::milliseconds enrichment{};
  bool by_windows = false;
};

// Throws Napi::Error.
Verification VerificationOf(const Napi::Object& options);

// Files of Windows' paths are looked for below a folder of this machine.
VerifierPool::MakeVerify Below(const std::string& folder, VerifierPool::MakeVerify make_verify);

}  // namespace nuthatch

#endif  // NUTHATCH_ADDON_VERIFICATION_H_
