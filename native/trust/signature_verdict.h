// What rules and caches keep of the verdict on a file: who signed it, as far as somebody did.
#ifndef NUTHATCH_TRUST_SIGNATURE_VERDICT_H_
#define NUTHATCH_TRUST_SIGNATURE_VERDICT_H_

#include <compare>
#include <memory>
#include <optional>
#include <string>

#include "trust/file_verifier.h"

namespace nuthatch {

// All files of a signer have the same one.
struct SignatureVerdict {
  // Of texts, which come from certificates.
  static constexpr size_t kLongestText = 1024;

  TrustStatus status = TrustStatus::kUnreadable;
  SignatureSource source = SignatureSource::kNone;
  // Of the signature that counts; empty without one.
  std::string signer;
  std::string issuer;
  std::string serial;
  std::string thumbprint;

  // Of its texts.
  size_t bytes() const;

  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 takes what is generated for written
  friend auto operator<=>(const SignatureVerdict&, const SignatureVerdict&) = default;
};

using SignatureVerdictPointer = std::shared_ptr<const SignatureVerdict>;

// What is known of a file. `verdict` is nullptr where nothing is.
struct SignatureAnswer {
  SignatureVerdictPointer verdict = nullptr;
  std::optional<UnixMillis> timestamp = {};  // when it was signed, where that is proven
};

SignatureAnswer SummaryOf(const FileVerdict& verdict);

}  // namespace nuthatch

#endif  // NUTHATCH_TRUST_SIGNATURE_VERDICT_H_
