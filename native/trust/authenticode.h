// What Authenticode signs: the digest of a file, in a PKCS #7 that stands in the certificate table
// of an image.
#ifndef NUTHATCH_TRUST_AUTHENTICODE_H_
#define NUTHATCH_TRUST_AUTHENTICODE_H_

#include <string>
#include <vector>

#include "trust/pkcs7.h"

namespace nuthatch {

struct IndirectData {
  bool image = false;  // the digest is an image hash; else of all bytes
  std::optional<DigestAlgorithm> algorithm;
  ByteSpan digest;
  // u32 position in the file and digest, page after page; empty if there are none.
  ByteSpan page_hashes;
  DigestAlgorithm page_algorithm = DigestAlgorithm::kSha256;
};

// SpcIndirectDataContent: `element` is the SEQUENCE.
Malformed ParseIndirectData(const DerElement& element, IndirectData* out);

// What the publisher calls the program, and its page; both may be empty. UTF-8.
struct Opus {
  std::string name;
  std::string url;
};
Opus ParseOpus(const SignerInfo& signer);

// The ContentInfos of the signatures beside this one. At most 16 are given.
std::vector<ByteSpan> NestedSignatures(const SignerInfo& signer);

// The PKCS #7 of a certificate table: of its first entry, which is the one that Windows looks at.
struct CertificateTable {
  ByteSpan pkcs7;      // with what comes after it in the entry
  ByteSpan after;      // the entry: what aligns it, further ones, and whatever else fills the table
  size_t entries = 0;  // as far as they can be told apart, at most 64
};
Malformed ParseCertificateTable(ByteSpan table, CertificateTable* out);

// Bytes after the PKCS #7, in its entry (CVE-2013-3900) and behind that, which nobody has signed:
// without the zeros, at most 7 each, that align the PKCS #7 and its entry.
size_t CertificatePadding(const CertificateTable& table, size_t pkcs7_size);

}  // namespace nuthatch

#endif  // NUTHATCH_TRUST_AUTHENTICODE_H_
