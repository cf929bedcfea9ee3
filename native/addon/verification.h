// How signatures are to be verified, as lib/trust/verifier.ts gives it.
#ifndef NUTHATCH_ADDON_VERIFICATION_H_
#define NUTHATCH_ADDON_VERIFICATION_H_

#include <napi.h>

#include <chrono>
#include <memory>
#include <string>

#include "base/status.h"
#include "trust/catalog_store.h"
#include "trust/image_key.h"
#include "trust/verifier_pool.h"

namespace nuthatch {

struct Verification {
  std::shared_ptr<CatalogStore> catalogs;  // null without folders
  VerifierPool::MakeVerify make_verify;
  PoolOptions pool;
  std::chrono::milliseconds enrichment{};
  bool by_windows = false;
};

// Adds openVerification to the addon's exports; lib/binding.ts describes it.
void ExportVerification(Napi::Env env, Napi::Object exports);

// What openVerification has given. Throws a TypeError for any other value.
const Verification& VerificationOf(const Napi::Value& value);

// For std::bad_alloc while catalogs are indexed.
Status CatalogsOutOfMemory();

// Files of Windows' paths are looked for below a folder of this machine, as ImageRoot does.
VerifierPool::MakeVerify Below(const std::string& folder, std::shared_ptr<WindowsVolume> windows,
                               VerifierPool::MakeVerify make_verify);

}  // namespace nuthatch

#endif  // NUTHATCH_ADDON_VERIFICATION_H_
