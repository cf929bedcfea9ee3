#include "addon/node_hasher.h"

#include "platform/symbols.h"

namespace nuthatch {
namespace {

// Of OpenSSL's stable interface; found when the process runs, so that the addon loads where there
// is none (Electron has BoringSSL).
struct Functions {
  void* (*context_new)() = nullptr;
  void (*context_free)(void*) = nullptr;
  int (*context_copy)(void*, const void*) = nullptr;
  const void* (*digest_by_name)(const char*) = nullptr;
  int (*init)(void*, const void*, void*) = nullptr;
  int (*update)(void*, const void*, size_t) = nullptr;
  int (*final)(void*, unsigned char*, unsigned*) = nullptr;
  bool complete = true;

  Functions() {
    Find("EVP_MD_CTX_new", &context_new);
    Find("EVP_MD_CTX_free", &context_free);
    Find("EVP_MD_CTX_copy_ex", &context_copy);
    Find("EVP_get_digestbyname", &digest_by_name);
    Find("EVP_DigestInit_ex", &init);
    Find("EVP_DigestUpdate", &update);
    Find("EVP_DigestFinal_ex", &final);
  }

 private:
  template <typename Function>
  void Find(const char* name, Function* function) {
    *function = reinterpret_cast<Function>(FindSymbol(ProcessSymbols(), name));
    complete = complete && *function != nullptr;
  }
};

class NodeHasher : public Hasher {
 public:
  NodeHasher(const Functions& ssl, const void* digest)
      : ssl_(ssl), digest_(digest), context_(ssl.context_new()), last_(ssl.context_new()) {
    Start();
  }
  NodeHasher(const NodeHasher&) = delete;
  NodeHasher& operator=(const NodeHasher&) = delete;
  ~NodeHasher() override {
    ssl_.context_free(context_);
    ssl_.context_free(last_);
  }

  bool ok() const { return ok_; }
  void Start() override {
    ok_ = context_ != nullptr && last_ != nullptr && ssl_.init(context_, digest_, nullptr) == 1;
  }
  void Update(std::span<const uint8_t> bytes) override {
    ok_ = ok_ && ssl_.update(context_, bytes.data(), bytes.size()) == 1;
  }
  Digest Current() override {
    Digest digest;
    unsigned size = 0;
    if (!ok_ || ssl_.context_copy(last_, context_) != 1 ||
        ssl_.final(last_, digest.bytes.data(), &size) != 1)
      return {};
    digest.size = static_cast<uint8_t>(size);
    return digest;
  }

 private:
  const Functions& ssl_;
  const void* const digest_;
  void* const context_;
  void* const last_;
  bool ok_ = false;
};

}  // namespace

std::unique_ptr<Hasher> NewNodeHasher(DigestAlgorithm algorithm) {
  static const Functions functions;
  constexpr const char* kNames[kDigestAlgorithms] = {"MD5", "SHA1", "SHA256", "SHA384", "SHA512"};
  if (!functions.complete) return nullptr;
  const void* digest = functions.digest_by_name(kNames[static_cast<size_t>(algorithm)]);
  if (digest == nullptr) return nullptr;
  auto hasher = std::make_unique<NodeHasher>(functions, digest);
  if (!hasher->ok()) return nullptr;
  return hasher;
}

}  // namespace nuthatch
