// PKCS #7 SignedData (RFC 2315, RFC 5652), as Authenticode, catalogs and timestamps use it.
// Parsing takes no position on whether what is signed is genuine.
#ifndef NUTHATCH_TRUST_PKCS7_H_
#define NUTHATCH_TRUST_PKCS7_H_

#include <optional>
#include <vector>

#include "trust/algorithm.h"
#include "trust/certificate.h"
#include "trust/der.h"

namespace nuthatch {

// What is wrong with what was parsed, for people; null if nothing is.
using Malformed = const char*;

struct SignerInfo {
  // The signer's certificate: by issuer (the Name with its tag) and serial number, or by key id.
  ByteSpan issuer;
  ByteSpan serial;
  ByteSpan key_id;
  ByteSpan digest_algorithm;     // OID
  ByteSpan signature_algorithm;  // OID
  ByteSpan signed_attributes;    // the whole element, whose tag is [0]; empty if there are none
  ByteSpan unsigned_attributes;  // what is in it
  ByteSpan signature;
};

struct SignedData {
  ByteSpan content_type;  // OID
  DerElement content;     // none in a detached signature
  std::vector<Certificate> certificates;
  std::optional<SignerInfo> signer;  // the only one
};

// Whether `head`, the first bytes of a file or all of them, are as those of a SignedData, which may
// be none all the same.
constexpr size_t kSignedDataHead = 24;
bool BeginsAsSignedData(ByteSpan head);

// `bytes` begin with a ContentInfo of SignedData; `size` is how many bytes it has.
Malformed ParseSignedData(ByteSpan bytes, SignedData* out, size_t* size);

// A SignerInfo, whole: in a countersignature it stands alone.
Malformed ParseSignerInfo(const DerElement& element, SignerInfo* out);

// The values of an attribute, each with its tag; `attributes` is what is in the set. A failed
// reader if there is none of this type. Among several of one type the first counts.
DerReader FindAttribute(ByteSpan attributes, const Oid& type);
// The value of one that must be there once and have one value (RFC 5652, section 11); else none.
DerElement OnlyValue(ByteSpan attributes, const Oid& type);
// What is in SignerInfo::signed_attributes.
ByteSpan SignedAttributes(const SignerInfo& signer);

const Certificate* FindSigner(const SignerInfo& signer,
                              const std::vector<Certificate>& certificates);

}  // namespace nuthatch

#endif  // NUTHATCH_TRUST_PKCS7_H_
