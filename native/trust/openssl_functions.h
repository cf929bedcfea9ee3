// What is used of OpenSSL 3, found when it is needed and not when the addon is loaded: a host whose
// executable exports none (Electron has BoringSSL) can still load it. Declared here and not by
// OpenSSL's headers, which cmake-js has not; all of it is of OpenSSL's stable interface.
#ifndef NUTHATCH_TRUST_OPENSSL_FUNCTIONS_H_
#define NUTHATCH_TRUST_OPENSSL_FUNCTIONS_H_

#include <cstddef>
#include <cstdint>
#include <ctime>

namespace nuthatch {

// Opaque, as in OpenSSL.
struct OsslMd;            // EVP_MD
struct OsslMdContext;     // EVP_MD_CTX
struct OsslKey;           // EVP_PKEY
struct OsslKeyContext;    // EVP_PKEY_CTX
struct OsslX509;          // X509
struct OsslStore;         // X509_STORE
struct OsslStoreContext;  // X509_STORE_CTX
struct OsslParameters;    // X509_VERIFY_PARAM
struct OsslStack;         // OPENSSL_STACK

using OsslVerifyCallback = int (*)(int, OsslStoreContext*);

// FUNCTION(result, name, arguments)
#define NUTHATCH_OPENSSL_FUNCTIONS(FUNCTION)                                                 \
  FUNCTION(unsigned, OPENSSL_version_major, ())                                              \
  FUNCTION(void, ERR_clear_error, ())                                                        \
  FUNCTION(OsslMd*, EVP_MD_fetch, (void*, const char*, const char*))                         \
  FUNCTION(void, EVP_MD_free, (OsslMd*))                                                     \
  FUNCTION(OsslMdContext*, EVP_MD_CTX_new, ())                                               \
  FUNCTION(void, EVP_MD_CTX_free, (OsslMdContext*))                                          \
  FUNCTION(int, EVP_MD_CTX_copy_ex, (OsslMdContext*, const OsslMdContext*))                  \
  FUNCTION(int, EVP_DigestInit_ex, (OsslMdContext*, const OsslMd*, void*))                   \
  FUNCTION(int, EVP_DigestUpdate, (OsslMdContext*, const void*, size_t))                     \
  FUNCTION(int, EVP_DigestFinal_ex, (OsslMdContext*, unsigned char*, unsigned*))             \
  FUNCTION(int, EVP_PKEY_get_base_id, (const OsslKey*))                                      \
  FUNCTION(OsslKeyContext*, EVP_PKEY_CTX_new, (OsslKey*, void*))                             \
  FUNCTION(void, EVP_PKEY_CTX_free, (OsslKeyContext*))                                       \
  FUNCTION(int, EVP_PKEY_CTX_set_rsa_padding, (OsslKeyContext*, int))                        \
  FUNCTION(int, EVP_PKEY_CTX_set_signature_md, (OsslKeyContext*, const OsslMd*))             \
  FUNCTION(int, EVP_PKEY_verify_init, (OsslKeyContext*))                                     \
  FUNCTION(int, EVP_PKEY_verify,                                                             \
           (OsslKeyContext*, const unsigned char*, size_t, const unsigned char*, size_t))    \
  FUNCTION(OsslX509*, d2i_X509, (OsslX509**, const unsigned char**, long))                   \
  FUNCTION(void, X509_free, (OsslX509*))                                                     \
  FUNCTION(OsslKey*, X509_get0_pubkey, (const OsslX509*))                                    \
  FUNCTION(OsslStoreContext*, X509_STORE_CTX_new, ())                                        \
  FUNCTION(void, X509_STORE_CTX_free, (OsslStoreContext*))                                   \
  FUNCTION(int, X509_STORE_CTX_init, (OsslStoreContext*, OsslStore*, OsslX509*, OsslStack*)) \
  FUNCTION(void, X509_STORE_CTX_set0_trusted_stack, (OsslStoreContext*, OsslStack*))         \
  FUNCTION(OsslParameters*, X509_STORE_CTX_get0_param, (OsslStoreContext*))                  \
  FUNCTION(void, X509_STORE_CTX_set_verify_cb, (OsslStoreContext*, OsslVerifyCallback))      \
  FUNCTION(int, X509_STORE_CTX_get_error, (const OsslStoreContext*))                         \
  FUNCTION(int, X509_STORE_CTX_get_error_depth, (const OsslStoreContext*))                   \
  FUNCTION(OsslStack*, X509_STORE_CTX_get0_chain, (const OsslStoreContext*))                 \
  FUNCTION(int, X509_VERIFY_PARAM_set_purpose, (OsslParameters*, int))                       \
  FUNCTION(void, X509_VERIFY_PARAM_set_time, (OsslParameters*, time_t))                      \
  FUNCTION(void, X509_VERIFY_PARAM_set_depth, (OsslParameters*, int))                        \
  FUNCTION(int, X509_verify_cert, (OsslStoreContext*))                                       \
  FUNCTION(OsslStack*, OPENSSL_sk_new_null, ())                                              \
  FUNCTION(int, OPENSSL_sk_push, (OsslStack*, const void*))                                  \
  FUNCTION(int, OPENSSL_sk_num, (const OsslStack*))                                          \
  FUNCTION(void*, OPENSSL_sk_value, (const OsslStack*, int))                                 \
  FUNCTION(void, OPENSSL_sk_free, (OsslStack*))

struct OpenSslFunctions {
// NOLINTNEXTLINE(bugprone-macro-parentheses): these are types and names
#define NUTHATCH_FUNCTION(result, name, arguments) result(*name) arguments = nullptr;
  NUTHATCH_OPENSSL_FUNCTIONS(NUTHATCH_FUNCTION)
#undef NUTHATCH_FUNCTION
};

}  // namespace nuthatch

#endif  // NUTHATCH_TRUST_OPENSSL_FUNCTIONS_H_
