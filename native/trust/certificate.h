// An X.509 certificate (RFC 5280), as far as trust is decided by it here. The provider of
// cryptography parses it for itself.
#ifndef NUTHATCH_TRUST_CERTIFICATE_H_
#define NUTHATCH_TRUST_CERTIFICATE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "trust/algorithm.h"
#include "trust/der.h"
#include "trust/der_time.h"

namespace nuthatch {

enum class KeyKind : uint8_t { kOther, kRsa, kElliptic };

struct Certificate {
  ByteSpan der;
  ByteSpan serial;   // content of the INTEGER; may be negative
  ByteSpan issuer;   // the Name with its tag
  ByteSpan subject;  // as well
  ByteSpan key_id;   // of the subject; empty if there is none
  UnixMillis not_before = 0;
  UnixMillis not_after = 0;
  std::optional<DigestAlgorithm> signed_digest;
  KeyKind key = KeyKind::kOther;
  size_t key_bits = 0;          // of an RSA modulus, or of an elliptic curve in whole bytes
  bool explicit_curve = false;  // its key brings a curve of its own instead of naming one
  bool authority = false;       // basicConstraints say so
  bool has_usages = false;      // the flags below are empty promises without
  bool any_usage = false;
  bool code_signing = false;
  bool time_stamping = false;
  bool lifetime_signing = false;

  bool self_issued() const { return Equal(issuer, subject); }
};

// Whether `der` is one, whole; `out` lives as long as it.
bool ParseCertificate(ByteSpan der, Certificate* out);

// "CN=A Signer,O=An Organisation,C=NL", as RFC 4514 writes it: the most specific first.
std::string NameText(ByteSpan name);

// The common name; without one the organisational unit's, organisation's or whatever comes first.
std::string DisplayName(ByteSpan name);

}  // namespace nuthatch

#endif  // NUTHATCH_TRUST_CERTIFICATE_H_
