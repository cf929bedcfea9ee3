// The verdict on one signature: of an image, or of a catalog.
#ifndef NUTHATCH_TRUST_SIGNATURE_H_
#define NUTHATCH_TRUST_SIGNATURE_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "trust/authenticode.h"
#include "trust/pkcs7.h"
#include "trust/trust_policy.h"
#include "trust/trust_status.h"

namespace nuthatch {

// A certificate as people and rules see it.
struct CertificateFacts {
  std::string subject;  // RFC 4514
  std::string issuer;
  std::string subject_name;  // what it is called in short
  std::string issuer_name;
  std::string serial;  // hexadecimal, as all that follow
  std::string sha1;    // what Windows calls the thumbprint
  std::string sha256;
  UnixMillis not_before = 0;
  UnixMillis not_after = 0;
};

// All of these but the digests.
CertificateFacts FactsOf(const Certificate& certificate);

struct TimestampFacts {
  TrustStatus status = TrustStatus::kMalformed;
  std::string detail;
  bool rfc3161 = false;
  bool bare = false;
  std::optional<UnixMillis> time;
  std::vector<CertificateFacts> chain;
};

struct SignatureFacts {
  TrustStatus status = TrustStatus::kMalformed;
  std::string detail;                        // what is wrong, for people; empty when trusted
  std::optional<uint32_t> hresult;           // where Windows has judged, what it said
  std::optional<DigestAlgorithm> algorithm;  // of the file's digest, of a catalog's member too
  std::string digest;                        // the signed one, hexadecimal; empty in a catalog
  std::vector<CertificateFacts> chain;  // the signer's, leaf first, as far as it could be built
  std::optional<TimestampFacts> timestamp;
  Opus opus;
  RevocationState revocation = RevocationState::kNotChecked;
  UnixMillis verified_at = 0;  // the time that the chain was looked at for
  bool lifetime_signing = false;
  bool weak = false;                // SHA-1 or MD5, of a digest or a certificate
  std::optional<bool> page_hashes;  // whether they are those of the file; none if there are none
};

// What a signature is, before its file is read. Points into the bytes it was made of.
struct ParsedSignature {
  Malformed malformed = nullptr;
  SignedData data;
  IndirectData indirect;  // of an image's
  size_t size = 0;        // of the ContentInfo
};
ParsedSignature ParseImageSignature(ByteSpan bytes);
ParsedSignature ParseCatalogSignature(ByteSpan bytes);

// What a signature with a signer says of itself.
void AddStated(const ParsedSignature& signature, SignatureFacts* facts);
// `signature` is not malformed, and has a signer. Its digest is not compared with a file.
SignatureFacts JudgeSignature(const TrustPolicy& policy, const ParsedSignature& signature);
// As well, and compared with that of the file; the file's is none if it was not computed.
SignatureFacts JudgeImageSignature(const TrustPolicy& policy, const ParsedSignature& signature,
                                   const Digest& image);
// What a catalog's signature is worth for a file that it has only by a digest of this algorithm.
void HeedMemberDigest(const TrustOptions& options, DigestAlgorithm algorithm,
                      SignatureFacts* facts);

}  // namespace nuthatch

#endif  // NUTHATCH_TRUST_SIGNATURE_H_
