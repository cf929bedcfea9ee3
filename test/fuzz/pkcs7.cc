// Any bytes as a certificate table, whose signatures are parsed, and judged: none is trusted, for
// nobody has signed for a root that is trusted here.
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "trust/authenticode.h"
#include "trust/crypto_openssl.h"
#include "trust/signature.h"
#include "trust/trust_policy.h"

namespace nuthatch {
namespace {

const TrustPolicy& Policy() {
  static const std::shared_ptr<const TrustPolicy> policy = [] {
    std::shared_ptr<const Crypto> crypto;
    std::shared_ptr<const TrustPolicy> made;
    const TrustOptions options = {.time = 1893456000000};
    if (!LoadOpenSsl("libcrypto.so.3", &crypto).ok() ||
        !MakeTrustPolicy(crypto, {}, {}, options, &made).ok())
      std::abort();
    return made;
  }();
  return *policy;
}

void Judge(const ParsedSignature& signature, int depth) {
  if (signature.malformed != nullptr) return;
  if (JudgeSignature(Policy(), signature).status == TrustStatus::kTrusted) std::abort();
  const std::vector<ByteSpan> nested = NestedSignatures(*signature.data.signer);
  if (nested.size() > 16) std::abort();
  for (const ByteSpan bytes : nested) {
    if (depth < 2) Judge(ParseImageSignature(bytes), depth + 1);
  }
}

}  // namespace
}  // namespace nuthatch

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nuthatch;
  CertificateTable table;
  if (ParseCertificateTable({data, size}, &table) != nullptr) return 0;
  if (table.pkcs7.size() > size || table.entries == 0) std::abort();
  const ParsedSignature signature = ParseImageSignature(table.pkcs7);
  if (signature.malformed == nullptr &&
      CertificatePadding(table, signature.size) > size - 8 - signature.size)
    std::abort();
  Judge(signature, 0);
  return 0;
}
