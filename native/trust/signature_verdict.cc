#include "trust/signature_verdict.h"

#include <algorithm>
#include <utility>

namespace nuthatch {
namespace {

std::string Cut(const std::string& text) {
  size_t size = std::min(text.size(), SignatureVerdict::kLongestText);
  while (size < text.size() && (text[size] & 0xC0) == 0x80) --size;  // whole code points
  return text.substr(0, size);
}

const SignatureFacts* SignatureThatCounts(const FileVerdict& verdict) {
  if (verdict.source == SignatureSource::kCatalog)
    return verdict.catalogs.empty() ? nullptr : &verdict.catalogs[0].signature;
  return verdict.signatures.empty() ? nullptr : &verdict.signatures[0];
}

}  // namespace

size_t SignatureVerdict::bytes() const {
  return signer.capacity() + issuer.capacity() + serial.capacity() + thumbprint.capacity();
}

SignatureAnswer SummaryOf(const FileVerdict& verdict) {
  SignatureVerdict summary;
  summary.status = verdict.status;
  summary.source = verdict.source;
  const SignatureFacts* const facts = SignatureThatCounts(verdict);
  if (facts != nullptr && !facts->chain.empty()) {
    const CertificateFacts& signer = facts->chain[0];
    summary.signer = Cut(signer.subject_name);
    summary.issuer = Cut(signer.issuer_name);
    summary.serial = Cut(signer.serial);
    summary.thumbprint = Cut(signer.sha1);
  }
  SignatureAnswer answer{std::make_shared<const SignatureVerdict>(std::move(summary))};
  const bool stamped =
      facts != nullptr && facts->timestamp && facts->timestamp->status == TrustStatus::kTrusted;
  if (stamped) answer.timestamp = facts->timestamp->time;
  return answer;
}

}  // namespace nuthatch
