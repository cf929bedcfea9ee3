// Any bytes as a catalog: its members are no more than its bytes can hold, and have digests.
#include "trust/ctl.h"

#include <cstdint>
#include <cstdlib>

#include "trust/signature.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nuthatch;
  const ParsedSignature signature = ParseCatalogSignature({data, size});
  if (signature.malformed != nullptr) return 0;
  size_t claims = 0;
  size_t members = 0;
  const auto on_member = [&](const CatalogMember& member) {
    ++claims;
    if (member.digest.size != DigestSize(member.algorithm)) std::abort();
  };
  if (ParseCtl(signature.data.content, on_member, &members) != nullptr) return 0;
  if (claims > members || members > size) std::abort();
  return 0;
}
