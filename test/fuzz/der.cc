// Any bytes as a certificate, a revocation list, and the content of a timestamp: what is read lies
// within them.
#include <cstdint>
#include <cstdlib>

#include "trust/certificate.h"
#include "trust/crl.h"
#include "trust/timestamp.h"

namespace nuthatch {
namespace {

void RequireInside(ByteSpan part, ByteSpan whole) {
  if (part.empty()) return;
  if (part.data() < whole.data() || part.data() + part.size() > whole.data() + whole.size())
    std::abort();
}

}  // namespace
}  // namespace nuthatch

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nuthatch;
  const ByteSpan bytes(data, size);
  Certificate certificate;
  if (ParseCertificate(bytes, &certificate)) {
    for (const ByteSpan part :
         {certificate.serial, certificate.issuer, certificate.subject, certificate.key_id})
      RequireInside(part, bytes);
    NameText(certificate.subject);
    DisplayName(certificate.issuer);
  }
  Crl crl;
  if (ParseCrl(bytes, &crl) == nullptr) {
    RequireInside(crl.signed_part, bytes);
    RequireInside(crl.signature, bytes);
    if (crl.revoked.size() > size) std::abort();
  }
  TstInfo info;
  if (ParseTstInfo(bytes, &info) == nullptr) RequireInside(info.imprint, bytes);
  return 0;
}
