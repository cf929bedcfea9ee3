// What is used of wintrust.dll, crypt32.dll and kernel32.dll, found by name: Windows has the
// functions that end in 2 since version 8 only, and tests on any system put others in their place.
// The structures are those of wintrust.h, mscat.h, softpub.h and wincrypt.h for 64 bits, as far as
// they are used; mingw-w64's headers lack some. A test on Windows compares them with the system's.
#ifndef NUTHATCH_TRUST_WINTRUST_FUNCTIONS_H_
#define NUTHATCH_TRUST_WINTRUST_FUNCTIONS_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/guid.h"
#include "base/status.h"

namespace nuthatch {

using WinBool = int32_t;

struct WinTrustFileInfo {  // WINTRUST_FILE_INFO
  uint32_t size = sizeof(WinTrustFileInfo);
  const char16_t* path = nullptr;
  void* file = nullptr;
  const Guid* known_subject = nullptr;
};

struct WinTrustCatalogInfo {  // WINTRUST_CATALOG_INFO
  uint32_t size = sizeof(WinTrustCatalogInfo);
  uint32_t version = 0;
  const char16_t* catalog_path = nullptr;
  const char16_t* member_tag = nullptr;
  const char16_t* member_path = nullptr;
  void* member_file = nullptr;
  uint8_t* hash = nullptr;
  uint32_t hash_size = 0;
  const void* catalog_context = nullptr;
  void* admin = nullptr;
};

struct WinTrustSignatureSettings {  // WINTRUST_SIGNATURE_SETTINGS
  uint32_t size = sizeof(WinTrustSignatureSettings);
  uint32_t index = 0;
  uint32_t flags = 0;
  uint32_t secondary_signatures = 0;  // out
  uint32_t verified_index = 0;        // out
  void* policy = nullptr;
};

struct WinTrustData {  // WINTRUST_DATA
  uint32_t size = sizeof(WinTrustData);
  void* policy_callback = nullptr;
  void* sip_client = nullptr;
  uint32_t ui = 0;
  uint32_t revocation = 0;
  uint32_t choice = 0;
  const void* subject = nullptr;  // WinTrustFileInfo or WinTrustCatalogInfo
  uint32_t state_action = 0;
  void* state = nullptr;
  const char16_t* url = nullptr;
  uint32_t flags = 0;
  uint32_t ui_context = 0;
  WinTrustSignatureSettings* settings = nullptr;
};

struct WinCatalogInfo {  // CATALOG_INFO
  uint32_t size = sizeof(WinCatalogInfo);
  char16_t path[260] = {};
};

// Windows makes these, and they have more than this.
struct WinCertificate {  // CERT_CONTEXT
  uint32_t encoding;
  const uint8_t* bytes;
  uint32_t size;
};
struct WinProviderCertificate {  // CRYPT_PROVIDER_CERT
  uint32_t size;
  const WinCertificate* certificate;
};
struct WinBlob {  // CRYPT_DATA_BLOB
  uint32_t size;
  const uint8_t* bytes;
};
struct WinAlgorithm {  // CRYPT_ALGORITHM_IDENTIFIER
  const char* oid;
  WinBlob parameters;
};
struct WinAttribute {  // CRYPT_ATTRIBUTE
  const char* oid;
  uint32_t count;
  const WinBlob* values;
};
struct WinAttributes {  // CRYPT_ATTRIBUTES
  uint32_t count;
  const WinAttribute* attributes;
};
struct WinSignerInfo {  // CMSG_SIGNER_INFO
  uint32_t version;
  WinBlob issuer;
  WinBlob serial;
  WinAlgorithm digest_algorithm;
  WinAlgorithm signature_algorithm;
  WinBlob signature;
  WinAttributes signed_attributes;
  WinAttributes unsigned_attributes;
};
struct WinProviderSigner {  // CRYPT_PROVIDER_SGNR
  uint32_t size;
  uint32_t verified_at[2];  // FILETIME, the low half first
  uint32_t certificates;
  const void* chain;
  uint32_t type;
  const WinSignerInfo* info;
  uint32_t error;
  uint32_t countersigners;
};

// FUNCTION(result, name, arguments)
#define NUTHATCH_WINTRUST_FUNCTIONS(FUNCTION)                                                      \
  FUNCTION(int32_t, WinVerifyTrust, (void*, Guid*, WinTrustData*))                                 \
  FUNCTION(void*, WTHelperProvDataFromStateData, (void*))                                          \
  FUNCTION(WinProviderSigner*, WTHelperGetProvSignerFromChain,                                     \
           (void*, uint32_t, WinBool, uint32_t))                                                   \
  FUNCTION(WinProviderCertificate*, WTHelperGetProvCertFromChain, (WinProviderSigner*, uint32_t))  \
  FUNCTION(WinBool, CryptCATAdminAcquireContext, (void**, const Guid*, uint32_t))                  \
  FUNCTION(WinBool, CryptCATAdminReleaseContext, (void*, uint32_t))                                \
  FUNCTION(WinBool, CryptCATAdminCalcHashFromFileHandle, (void*, uint32_t*, uint8_t*, uint32_t))   \
  FUNCTION(void*, CryptCATAdminEnumCatalogFromHash, (void*, uint8_t*, uint32_t, uint32_t, void**)) \
  FUNCTION(WinBool, CryptCATAdminReleaseCatalogContext, (void*, void*, uint32_t))                  \
  FUNCTION(WinBool, CryptCATCatalogInfoFromContext, (void*, WinCatalogInfo*, uint32_t))
// May be missing.
#define NUTHATCH_WINTRUST_FUNCTIONS_2(FUNCTION)                           \
  FUNCTION(WinBool, CryptCATAdminAcquireContext2,                         \
           (void**, const Guid*, const char16_t*, const void*, uint32_t)) \
  FUNCTION(WinBool, CryptCATAdminCalcHashFromFileHandle2,                 \
           (void*, void*, uint32_t*, uint8_t*, uint32_t))
#define NUTHATCH_CRYPT32_FUNCTIONS(FUNCTION)           \
  FUNCTION(WinBool, CertGetCertificateContextProperty, \
           (const WinCertificate*, uint32_t, void*, uint32_t*))
#define NUTHATCH_KERNEL32_FUNCTIONS(FUNCTION) \
  FUNCTION(uint32_t, GetLastError, ())        \
  FUNCTION(void, SetLastError, (uint32_t))

struct WinTrustFunctions {
// NOLINTNEXTLINE(bugprone-macro-parentheses): these are types and names
#define NUTHATCH_FUNCTION(result, name, arguments) result(*name) arguments = nullptr;
  NUTHATCH_WINTRUST_FUNCTIONS(NUTHATCH_FUNCTION)
  NUTHATCH_WINTRUST_FUNCTIONS_2(NUTHATCH_FUNCTION)
  NUTHATCH_CRYPT32_FUNCTIONS(NUTHATCH_FUNCTION)
  NUTHATCH_KERNEL32_FUNCTIONS(NUTHATCH_FUNCTION)
#undef NUTHATCH_FUNCTION
};

// The system's. Fails with NUTHATCH_WINTRUST_UNAVAILABLE, on other systems always.
Status LoadWinTrust(std::shared_ptr<const WinTrustFunctions>* out);

}  // namespace nuthatch

#endif  // NUTHATCH_TRUST_WINTRUST_FUNCTIONS_H_
