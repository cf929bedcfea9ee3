// Object identifiers of signatures, as the content of their DER.
#ifndef NUTHATCH_TRUST_OID_H_
#define NUTHATCH_TRUST_OID_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "trust/der.h"

namespace nuthatch {

class Oid {
 public:
  consteval explicit Oid(std::string_view dotted) {
    uint64_t numbers[16] = {};
    size_t count = 0;
    for (const char c : dotted) {
      if (c == '.') {
        ++count;
      } else {
        numbers[count] = numbers[count] * 10 + static_cast<uint64_t>(c - '0');
      }
    }
    Append(numbers[0] * 40 + numbers[1]);
    for (size_t i = 2; i <= count; ++i) Append(numbers[i]);
  }

  constexpr ByteSpan bytes() const { return {bytes_.data(), size_}; }
  friend bool operator==(ByteSpan der, const Oid& oid) { return Equal(der, oid.bytes()); }

 private:
  consteval void Append(uint64_t number) {
    int shift = 63;
    while (shift > 0 && number >> shift == 0) shift -= 7;
    for (; shift >= 0; shift -= 7) {
      const uint64_t more = shift > 0 ? 0x80 : 0;
      bytes_[size_++] = static_cast<uint8_t>((number >> shift & 0x7f) | more);
    }
  }

  std::array<uint8_t, 16> bytes_ = {};
  size_t size_ = 0;
};

// "1.2.840.113549"; what is malformed in it is left out.
std::string OidText(ByteSpan der);

// RFC 5652 and RFC 3161
inline constexpr Oid kOidSignedData{"1.2.840.113549.1.7.2"};
inline constexpr Oid kOidData{"1.2.840.113549.1.7.1"};
inline constexpr Oid kOidContentType{"1.2.840.113549.1.9.3"};
inline constexpr Oid kOidMessageDigest{"1.2.840.113549.1.9.4"};
inline constexpr Oid kOidSigningTime{"1.2.840.113549.1.9.5"};
inline constexpr Oid kOidCountersignature{"1.2.840.113549.1.9.6"};
inline constexpr Oid kOidTstInfo{"1.2.840.113549.1.9.16.1.4"};
// Authenticode
inline constexpr Oid kOidSpcIndirectData{"1.3.6.1.4.1.311.2.1.4"};
inline constexpr Oid kOidSpcOpusInfo{"1.3.6.1.4.1.311.2.1.12"};
inline constexpr Oid kOidSpcPeImageData{"1.3.6.1.4.1.311.2.1.15"};
inline constexpr Oid kOidPageHashesSha1{"1.3.6.1.4.1.311.2.3.1"};
inline constexpr Oid kOidPageHashesSha256{"1.3.6.1.4.1.311.2.3.2"};
inline constexpr Oid kOidNestedSignature{"1.3.6.1.4.1.311.2.4.1"};
inline constexpr Oid kOidRfc3161Timestamp{"1.3.6.1.4.1.311.3.3.1"};
// Catalogs
inline constexpr Oid kOidCtl{"1.3.6.1.4.1.311.10.1"};
inline constexpr Oid kOidCatalogListV1{"1.3.6.1.4.1.311.12.1.2"};
inline constexpr Oid kOidCatalogListV2{"1.3.6.1.4.1.311.12.1.3"};
// Digests and signatures
inline constexpr Oid kOidMd5{"1.2.840.113549.2.5"};
inline constexpr Oid kOidSha1{"1.3.14.3.2.26"};
inline constexpr Oid kOidSha256{"2.16.840.1.101.3.4.2.1"};
inline constexpr Oid kOidSha384{"2.16.840.1.101.3.4.2.2"};
inline constexpr Oid kOidSha512{"2.16.840.1.101.3.4.2.3"};
inline constexpr Oid kOidRsa{"1.2.840.113549.1.1.1"};
inline constexpr Oid kOidMd5WithRsa{"1.2.840.113549.1.1.4"};
inline constexpr Oid kOidSha1WithRsa{"1.2.840.113549.1.1.5"};
inline constexpr Oid kOidSha1WithRsaOiw{"1.3.14.3.2.29"};
inline constexpr Oid kOidSha256WithRsa{"1.2.840.113549.1.1.11"};
inline constexpr Oid kOidSha384WithRsa{"1.2.840.113549.1.1.12"};
inline constexpr Oid kOidSha512WithRsa{"1.2.840.113549.1.1.13"};
inline constexpr Oid kOidEcKey{"1.2.840.10045.2.1"};
inline constexpr Oid kOidEcdsaWithSha1{"1.2.840.10045.4.1"};
inline constexpr Oid kOidRsaPss{"1.2.840.113549.1.1.10"};
inline constexpr Oid kOidDsaWithSha1{"1.2.840.10040.4.3"};
inline constexpr Oid kOidEcdsaWithSha256{"1.2.840.10045.4.3.2"};
inline constexpr Oid kOidEcdsaWithSha384{"1.2.840.10045.4.3.3"};
inline constexpr Oid kOidEcdsaWithSha512{"1.2.840.10045.4.3.4"};
// X.509
inline constexpr Oid kOidSubjectKeyId{"2.5.29.14"};
inline constexpr Oid kOidBasicConstraints{"2.5.29.19"};
inline constexpr Oid kOidCrlNumber{"2.5.29.20"};
inline constexpr Oid kOidReasonCode{"2.5.29.21"};
inline constexpr Oid kOidIssuingDistributionPoint{"2.5.29.28"};
inline constexpr Oid kOidAuthorityKeyId{"2.5.29.35"};
inline constexpr Oid kOidExtendedKeyUsage{"2.5.29.37"};
inline constexpr Oid kOidAnyUsage{"2.5.29.37.0"};
inline constexpr Oid kOidCodeSigning{"1.3.6.1.5.5.7.3.3"};
inline constexpr Oid kOidTimeStamping{"1.3.6.1.5.5.7.3.8"};
inline constexpr Oid kOidLifetimeSigning{"1.3.6.1.4.1.311.10.3.13"};

}  // namespace nuthatch

#endif  // NUTHATCH_TRUST_OID_H_
