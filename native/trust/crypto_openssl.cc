#include "trust/crypto_openssl.h"

#include <algorithm>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "platform/symbols.h"
#include "trust/openssl_functions.h"

namespace nuthatch {
namespace {

// Calls `free` for what it holds; both are of one library.
template <typename T>
using Owned = std::unique_ptr<T, void (*)(T*)>;

// EVP_PKEY_RSA, EVP_PKEY_RSA_PSS, EVP_PKEY_EC; RSA_PKCS1_PADDING.
constexpr int kRsaKey = 6;
constexpr int kEcKey = 408;
constexpr int kPkcs1Padding = 1;

constexpr const char* kDigestNames[kDigestAlgorithms] = {"MD5", "SHA1", "SHA256", "SHA384",
                                                         "SHA512"};

class OpenSslHasher : public Hasher {
 public:
  OpenSslHasher(const OpenSslFunctions& ssl, const OsslMd* digest)
      : ssl_(ssl),
        digest_(digest),
        context_(ssl.EVP_MD_CTX_new(), ssl.EVP_MD_CTX_free),
        final_(ssl.EVP_MD_CTX_new(), ssl.EVP_MD_CTX_free) {
    Start();
  }

  void Start() override {
    ok_ = context_ && final_ && ssl_.EVP_DigestInit_ex(context_.get(), digest_, nullptr) == 1;
  }
  void Update(ByteSpan bytes) override {
    ok_ = ok_ && ssl_.EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1;
  }
  Digest Current() override {
    Digest digest;
    unsigned size = 0;
    if (!ok_ || ssl_.EVP_MD_CTX_copy_ex(final_.get(), context_.get()) != 1 ||
        ssl_.EVP_DigestFinal_ex(final_.get(), digest.bytes.data(), &size) != 1)
      return {};
    digest.size = static_cast<uint8_t>(size);
    return digest;
  }

 private:
  const OpenSslFunctions& ssl_;
  const OsslMd* const digest_;
  const Owned<OsslMdContext> context_;
  const Owned<OsslMdContext> final_;
  bool ok_ = false;
};

using SharedX509 = std::shared_ptr<OsslX509>;

class OpenSslCertificate : public ProviderCertificate {
 public:
  OpenSslCertificate(SharedX509 x509, ByteSpan der) : x509_(std::move(x509)), der_(der) {}
  OsslX509* x509() const { return x509_.get(); }
  ByteSpan der() const { return der_; }

 private:
  const SharedX509 x509_;
  const ByteSpan der_;
};

Owned<OsslX509> ParseX509(const OpenSslFunctions& ssl, ByteSpan der) {
  const unsigned char* at = der.data();
  Owned<OsslX509> x509(ssl.d2i_X509(nullptr, &at, static_cast<long>(der.size())), ssl.X509_free);
  if (x509 && at != der.data() + der.size()) x509.reset();
  if (!x509) ssl.ERR_clear_error();
  return x509;
}

// Certificates that were parsed, by all of their bytes: parsing takes OpenSSL longer than verifying
// with one, and few publishers and authorities sign most files. Any thread may use it.
class ParsedCertificates {
 public:
  // Null if it cannot be parsed.
  SharedX509 Parse(const OpenSslFunctions& ssl, ByteSpan der) {
    const std::string_view bytes(reinterpret_cast<const char*>(der.data()), der.size());
    {
      const std::lock_guard lock(mutex_);
      const auto found = known_.find(bytes);
      if (found != known_.end()) return found->second;
    }
    SharedX509 x509 = ParseX509(ssl, der);
    if (!x509 || der.size() > kLargest) return x509;
    const std::lock_guard lock(mutex_);
    if (known_.size() >= kMost) known_.clear();
    known_.emplace(bytes, x509);
    return x509;
  }

 private:
  static constexpr size_t kMost = 1024;
  static constexpr size_t kLargest = 8192;  // bytes; usual are one or two thousand

  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  std::mutex mutex_;
  std::unordered_map<std::string, SharedX509, Hash, std::equal_to<>> known_;
};

class OpenSslAnchors : public Anchors {
 public:
  explicit OpenSslAnchors(std::vector<std::unique_ptr<ProviderCertificate>> certificates)
      : certificates_(std::move(certificates)) {
    for (const auto& each : certificates_) all_.push_back(each.get());
  }
  const std::vector<const ProviderCertificate*>& all() const { return all_; }
  bool Contains(ByteSpan certificate) const override {
    return std::any_of(all_.begin(), all_.end(), [&](const ProviderCertificate* each) {
      return Equal(static_cast<const OpenSslCertificate*>(each)->der(), certificate);
    });
  }

 private:
  const std::vector<std::unique_ptr<ProviderCertificate>> certificates_;
  std::vector<const ProviderCertificate*> all_;
};

// X509_V_ERR_… of x509_vfy.h.
ChainFault FaultOf(int error) {
  switch (error) {
    case 18:
    case 19:
      return ChainFault::kUntrustedRoot;
    case 2:
    case 20:
    case 21:
      return ChainFault::kIncomplete;
    case 4:
    case 7:
      return ChainFault::kBadSignature;
    case 22:
    case 25:
    case 32:
    case 37:
    case 79:
      return ChainFault::kNoAuthority;
    case 47:
    case 48:
    case 49:
    case 51:
    case 52:
    case 53:
      return ChainFault::kNameConstraint;
    case 34:
      return ChainFault::kCriticalExtension;
    case 94:
      return ChainFault::kExplicitCurve;
    default:
      return ChainFault::kOther;
  }
}

// OpenSSL tells an error's depth. A signature that is wrong is told of the certificate that bears
// it, though its issuer is another; a name that is not allowed too, and any issuer may forbid it.
size_t AtFault(ChainFault fault, size_t depth, size_t size) {
  const size_t last = size == 0 ? 0 : size - 1;
  if (fault == ChainFault::kNameConstraint || fault == ChainFault::kOther) return last;
  return std::min(fault == ChainFault::kBadSignature ? depth + 1 : depth, last);
}

// Times are looked at by whoever asks; so OpenSSL goes on to what else may be wrong. A callback of
// OpenSSL's is given nothing of ours but the thread it runs on.
thread_local const OpenSslFunctions* thread_functions = nullptr;
int OverlookTimes(int ok, OsslStoreContext* context) {
  constexpr int kNotYetValid = 9;
  constexpr int kHasExpired = 10;
  if (ok == 1) return 1;
  const int error = thread_functions->X509_STORE_CTX_get_error(context);
  return error == kNotYetValid || error == kHasExpired ? 1 : 0;
}

class OpenSsl : public Crypto {
 public:
  explicit OpenSsl(const OpenSslFunctions& functions) : ssl_(functions) {
    for (size_t i = 0; i < kDigestAlgorithms; ++i)
      digests_[i] = ssl_.EVP_MD_fetch(nullptr, kDigestNames[i], nullptr);
    ssl_.ERR_clear_error();
  }
  ~OpenSsl() override {
    for (OsslMd* digest : digests_) ssl_.EVP_MD_free(digest);
  }
  OpenSsl(const OpenSsl&) = delete;
  OpenSsl& operator=(const OpenSsl&) = delete;

  std::unique_ptr<Hasher> NewHasher(DigestAlgorithm algorithm) const override {
    const OsslMd* digest = DigestFor(algorithm);
    if (digest == nullptr) return nullptr;
    return std::make_unique<OpenSslHasher>(ssl_, digest);
  }

  std::unique_ptr<ProviderCertificate> Parse(ByteSpan der) const override {
    SharedX509 x509 = parsed_.Parse(ssl_, der);
    if (!x509) return nullptr;
    return std::make_unique<OpenSslCertificate>(std::move(x509), der);
  }

  std::unique_ptr<Anchors> NewAnchors(
      std::vector<std::unique_ptr<ProviderCertificate>> certificates) const override {
    return std::make_unique<OpenSslAnchors>(std::move(certificates));
  }

  bool Verify(const ProviderCertificate& certificate, SignatureScheme scheme,
              DigestAlgorithm algorithm, const Digest& digest, ByteSpan signature) const override {
    OsslKey* const key = ssl_.X509_get0_pubkey(X509Of(certificate));
    const OsslMd* const md = DigestFor(algorithm);
    const bool rsa = scheme != SignatureScheme::kEcdsa;
    if (key == nullptr || md == nullptr || digest.size == 0 ||
        ssl_.EVP_PKEY_get_base_id(key) != (rsa ? kRsaKey : kEcKey)) {
      ssl_.ERR_clear_error();
      return false;
    }
    const Owned<OsslKeyContext> context(ssl_.EVP_PKEY_CTX_new(key, nullptr),
                                        ssl_.EVP_PKEY_CTX_free);
    OsslKeyContext* const c = context.get();
    const bool good =
        c != nullptr && ssl_.EVP_PKEY_verify_init(c) == 1 &&
        (!rsa || ssl_.EVP_PKEY_CTX_set_rsa_padding(c, kPkcs1Padding) == 1) &&
        (scheme == SignatureScheme::kRsaBare || ssl_.EVP_PKEY_CTX_set_signature_md(c, md) == 1) &&
        ssl_.EVP_PKEY_verify(c, signature.data(), signature.size(), digest.bytes.data(),
                             digest.size) == 1;
    if (!good) ssl_.ERR_clear_error();
    return good;
  }

  Chain BuildChain(const Anchors& anchors, const ProviderCertificate& leaf,
                   const std::vector<const ProviderCertificate*>& others,
                   const std::vector<ByteSpan>& without, UnixMillis time) const override {
    constexpr int kAnyPurpose = 7;  // X509_PURPOSE_ANY
    constexpr int kMostIssuers = 10;
    const auto& trusted = static_cast<const OpenSslAnchors&>(anchors).all();
    const Owned<OsslStack> roots(ssl_.OPENSSL_sk_new_null(), ssl_.OPENSSL_sk_free);
    const Owned<OsslStack> stack(ssl_.OPENSSL_sk_new_null(), ssl_.OPENSSL_sk_free);
    const Owned<OsslStoreContext> context(ssl_.X509_STORE_CTX_new(), ssl_.X509_STORE_CTX_free);
    Chain chain;
    if (!roots || !stack || !context) return chain;
    PushUnlessIn(without, trusted, roots.get());
    PushUnlessIn(without, others, stack.get());
    if (ssl_.X509_STORE_CTX_init(context.get(), nullptr, X509Of(leaf), stack.get()) != 1)
      return chain;
    ssl_.X509_STORE_CTX_set0_trusted_stack(context.get(), roots.get());
    OsslParameters* const parameters = ssl_.X509_STORE_CTX_get0_param(context.get());
    ssl_.X509_VERIFY_PARAM_set_purpose(parameters, kAnyPurpose);
    ssl_.X509_VERIFY_PARAM_set_time(parameters, static_cast<time_t>(time / 1000));
    ssl_.X509_VERIFY_PARAM_set_depth(parameters, kMostIssuers);
    ssl_.X509_STORE_CTX_set_verify_cb(context.get(), OverlookTimes);
    thread_functions = &ssl_;
    const bool good = ssl_.X509_verify_cert(context.get()) == 1;
    const OsslStack* const built = ssl_.X509_STORE_CTX_get0_chain(context.get());
    for (int i = 0; built != nullptr && i < ssl_.OPENSSL_sk_num(built); ++i) {
      const auto* x509 = static_cast<const OsslX509*>(ssl_.OPENSSL_sk_value(built, i));
      const ByteSpan der = DerOf(x509, trusted, leaf, others);
      if (!der.empty()) chain.certificates.push_back(der);
    }
    if (good) {
      chain.fault = ChainFault::kNone;
    } else {
      chain.provider_error = ssl_.X509_STORE_CTX_get_error(context.get());
      chain.fault = FaultOf(chain.provider_error);
      const int depth = ssl_.X509_STORE_CTX_get_error_depth(context.get());
      chain.at_fault = AtFault(chain.fault, static_cast<size_t>(depth), chain.certificates.size());
    }
    ssl_.ERR_clear_error();
    return chain;
  }

 private:
  static OsslX509* X509Of(const ProviderCertificate& certificate) {
    return static_cast<const OpenSslCertificate&>(certificate).x509();
  }
  static ByteSpan DerOf(const ProviderCertificate& certificate) {
    return static_cast<const OpenSslCertificate&>(certificate).der();
  }
  void PushUnlessIn(const std::vector<ByteSpan>& without,
                    const std::vector<const ProviderCertificate*>& certificates,
                    OsslStack* stack) const {
    for (const ProviderCertificate* each : certificates) {
      const bool is_in = std::any_of(without.begin(), without.end(),
                                     [&](ByteSpan der) { return Equal(der, DerOf(*each)); });
      if (!is_in) ssl_.OPENSSL_sk_push(stack, X509Of(*each));
    }
  }
  // OpenSSL puts the very objects into a chain that it was given.
  static ByteSpan DerOf(const OsslX509* x509, const std::vector<const ProviderCertificate*>& roots,
                        const ProviderCertificate& leaf,
                        const std::vector<const ProviderCertificate*>& others) {
    if (X509Of(leaf) == x509) return DerOf(leaf);
    for (const auto* all : {&others, &roots}) {
      for (const ProviderCertificate* each : *all) {
        if (X509Of(*each) == x509) return DerOf(*each);
      }
    }
    return {};
  }
  const OsslMd* DigestFor(DigestAlgorithm algorithm) const {
    return digests_[static_cast<size_t>(algorithm)];
  }

  const OpenSslFunctions ssl_;
  std::array<OsslMd*, kDigestAlgorithms> digests_ = {};
  mutable ParsedCertificates parsed_;
};

Status Unavailable(const std::string& what) {
  return Status::Error(
      "NUTHATCH_CRYPTO_UNAVAILABLE",
      what +
          ". Signatures are checked by OpenSSL 3, which Node's own executable exports and that of "
          "other hosts (Electron has BoringSSL) does not: run this in Node, or name a shared "
          "library of OpenSSL 3 with the option `libcrypto`, as "
          "`/usr/lib/x86_64-linux-gnu/libcrypto.so.3`");
}

}  // namespace

Status LoadOpenSsl(const std::string& library, std::shared_ptr<const Crypto>* out) {
  void* const handle = library.empty() ? ProcessSymbols() : LoadLibrarySymbols(library);
  if (handle == nullptr) return Unavailable(library + " cannot be loaded");
  OpenSslFunctions functions;
  FunctionFinder find;
  find.In(handle);
#define NUTHATCH_FUNCTION(result, name, arguments) find.Find(#name, &functions.name);
  NUTHATCH_OPENSSL_FUNCTIONS(NUTHATCH_FUNCTION)
#undef NUTHATCH_FUNCTION
  const std::string where = library.empty() ? "this process" : library;
  if (!find.missing().empty()) return Unavailable(where + " has no OpenSSL 3: " + find.missing());
  *out = std::make_shared<OpenSsl>(functions);
  return {};
}

}  // namespace nuthatch
