#include "addon/verification.h"

#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "addon/array.h"
#include "addon/error.h"
#include "addon/promised_work.h"
#include "trust/crypto_openssl.h"
#include "trust/image_root.h"

namespace nuthatch {
namespace {

TrustInput ToTrustInput(const Napi::Value& value) {
  const auto input = value.As<Napi::Object>();
  const auto der = input.Get("der").As<Napi::Uint8Array>();
  return {{der.Data(), der.Data() + der.ByteLength()}, input.Get("source").As<Napi::String>()};
}

int64_t NumberOf(const Napi::Object& options, const char* name) {
  return options.Get(name).As<Napi::Number>().Int64Value();
}

TrustOptions TrustOptionsOf(const Napi::Object& options) {
  TrustOptions result;
  if (!options.Get("time").IsNull()) result.time = NumberOf(options, "time");
  result.allow_md5 = options.Get("allowMd5").ToBoolean();
  result.reject_sha1 = options.Get("rejectSha1").ToBoolean();
  result.reject_padding = options.Get("rejectPadding").ToBoolean();
  result.require_revocation = options.Get("requireRevocation").ToBoolean();
  return result;
}

void Check(Napi::Env env, const Status& status) {
  if (!status.ok()) throw ErrorOf(env, status);
}

std::shared_ptr<const TrustPolicy> PolicyOf(const Napi::Object& options) {
  const Napi::Env env = options.Env();
  std::shared_ptr<const Crypto> crypto;
  Check(env, LoadOpenSsl(options.Get("libcrypto").As<Napi::String>(), &crypto));
  std::shared_ptr<const TrustPolicy> policy;
  Check(env, MakeTrustPolicy(crypto, ToVector(options.Get("roots"), ToTrustInput),
                             ToVector(options.Get("crls"), ToTrustInput), TrustOptionsOf(options),
                             &policy));
  return policy;
}

FileVerdict NotBelow(const std::error_code& unread) {
  FileVerdict verdict;
  if (!unread) {
    verdict.status = TrustStatus::kFileGone;
    verdict.detail = "there is no such file below the image root";
    return verdict;
  }
  verdict.status = unread == std::errc::permission_denied ? TrustStatus::kPermissionDenied
                                                          : TrustStatus::kUnreadable;
  verdict.detail = "a folder on the way to it cannot be read: " + unread.message();
  return verdict;
}

// Throws Napi::Error.
Verification FromOptions(const Napi::Object& options) {
  std::shared_ptr<const TrustPolicy> policy;  // none where Windows verifies
  VerifyOptions verify;
  if (options.Get("wintrust").ToBoolean()) {
    Check(options.Env(), LoadWinTrust(&verify.windows));
  } else {
    policy = PolicyOf(options);
  }
  Verification result;
  std::vector<std::string> folders = ToStrings(options.Get("catalogs"));
  if (!folders.empty())
    result.catalogs = std::make_shared<CatalogStore>(std::move(folders), policy);
  result.pool.threads = static_cast<size_t>(NumberOf(options, "threads"));
  result.pool.queue = static_cast<size_t>(NumberOf(options, "queue"));
  result.pool.deadline = std::chrono::milliseconds(NumberOf(options, "deadline"));
  result.pool.deadline_from_submission = options.Get("deadlineFromCall").ToBoolean();
  result.enrichment = std::chrono::milliseconds(NumberOf(options, "enrichmentTime"));
  result.by_windows = verify.windows != nullptr;
  verify.largest_file = static_cast<uint64_t>(NumberOf(options, "largestFile"));
  verify.page_hashes = options.Get("pageHashes").ToBoolean();
  result.make_verify = [policy, catalogs = result.catalogs, verify] {
    auto verifier = std::make_shared<FileVerifier>(policy, catalogs, verify);
    return [verifier](const VerifyRequest& request, const std::atomic<bool>& stop) {
      return verifier->Verify(request, stop);
    };
  };
  return result;
}

constexpr napi_type_tag kTypeTag = {0x6c1d1f8a37d24e4b, 0x9a5b1c0f6e2d8473};

class Opening : public StoppableWork {
 public:
  Opening(Napi::Env env, Verification verification)
      : StoppableWork(env, "nuthatch verification", CatalogsOutOfMemory()),
        verification_(std::make_unique<Verification>(std::move(verification))) {}

 private:
  Status Run() override {
    return verification_->catalogs ? verification_->catalogs->Refresh(&stop()) : Status();
  }
  Napi::Value Result() override {
    const auto free = [](Napi::Env, Verification* verification) { delete verification; };
    const auto result = Napi::External<Verification>::New(Env(), verification_.release(), free);
    result.TypeTag(&kTypeTag);
    return result;
  }

  std::unique_ptr<Verification> verification_;
};

}  // namespace

Status CatalogsOutOfMemory() {
  return Status::Error("NUTHATCH_OUT_OF_MEMORY",
                       "there is not enough memory for the index of the catalogs");
}

void ExportVerification(Napi::Env env, Napi::Object exports) {
  exports.Set("openVerification", Napi::Function::New(env, [](const Napi::CallbackInfo& info) {
                return (new Opening(info.Env(), FromOptions(info[0].As<Napi::Object>())))->Start();
              }));
}

const Verification& VerificationOf(const Napi::Value& value) {
  const auto external = value.As<Napi::External<Verification>>();
  if (!value.IsExternal() || !external.CheckTypeTag(&kTypeTag))
    throw Napi::TypeError::New(value.Env(), "not a verification");
  return *external.Data();
}

VerifierPool::MakeVerify Below(const std::string& folder, std::shared_ptr<WindowsVolume> windows,
                               VerifierPool::MakeVerify make_verify) {
  return [folder, windows = std::move(windows), make_verify = std::move(make_verify)] {
    const auto root = std::make_shared<ImageRoot>(folder, windows);
    return [root, folder, verify = make_verify()](const VerifyRequest& request,
                                                  const std::atomic<bool>& stop) {
      VerifyRequest below = request;
      const std::optional<std::string> path = root->Find(request.path);
      if (!path) return NotBelow(root->unread());
      below.path = *path;
      below.root = folder;
      return verify(below, stop);
    };
  };
}

}  // namespace nuthatch
