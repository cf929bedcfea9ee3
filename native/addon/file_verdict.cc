#include "addon/file_verdict.h"

#include <string>
#include <vector>

#include "addon/setter.h"

namespace nuthatch {
namespace {

Napi::Value ToValue(Napi::Env env, UnixMillis time) {
  return Napi::Number::New(env, static_cast<double>(time));
}

Napi::Value ToText(Napi::Env env, const char* text) { return Napi::String::New(env, text); }

Napi::Value ToTextOrNull(Napi::Env env, const std::string& text) {
  return text.empty() ? env.Null() : Napi::String::New(env, text);
}

void SetStatus(Napi::Env env, TrustStatus status, uint32_t hresult, const std::string& detail,
               Setter* out) {
  out->Set("status", ToText(env, NameOf(status)))
      .Number("hresult", hresult)
      .Set("detail", ToTextOrNull(env, detail));
}

Napi::Array ToArray(Napi::Env env, const std::vector<CertificateFacts>& chain) {
  Napi::Array array = Napi::Array::New(env, chain.size());
  for (uint32_t i = 0; i < chain.size(); ++i) {
    const CertificateFacts& facts = chain[i];
    array[i] = Setter(env)
                   .Text("subject", facts.subject)
                   .Text("issuer", facts.issuer)
                   .Text("subjectName", facts.subject_name)
                   .Text("issuerName", facts.issuer_name)
                   .Text("serial", facts.serial)
                   .Text("thumbprint", facts.sha1)
                   .Text("sha256", facts.sha256)
                   .Set("notBefore", ToValue(env, facts.not_before))
                   .Set("notAfter", ToValue(env, facts.not_after))
                   .object();
  }
  return array;
}

Napi::Value ToValue(Napi::Env env, const std::optional<TimestampFacts>& timestamp) {
  if (!timestamp) return env.Null();
  Setter setter(env);
  SetStatus(env, timestamp->status, HresultOf(timestamp->status), timestamp->detail, &setter);
  return setter.Set("kind", ToText(env, timestamp->rfc3161 ? "rfc3161" : "countersignature"))
      .Set("bareDigest", Napi::Boolean::New(env, timestamp->bare))
      .Set("time", timestamp->time ? ToValue(env, *timestamp->time) : env.Null())
      .Set("chain", ToArray(env, timestamp->chain))
      .object();
}

const char* NameOf(RevocationState state) {
  constexpr const char* kNames[] = {"notChecked", "good", "unknown", "revoked", "revokedLater"};
  return kNames[static_cast<size_t>(state)];
}

Napi::Object ToObject(Napi::Env env, const SignatureFacts& facts) {
  Setter setter(env);
  SetStatus(env, facts.status, HresultOf(facts), facts.detail, &setter);
  const bool has_time = facts.verified_at != 0;
  return setter
      .Set("digestAlgorithm", facts.algorithm ? ToText(env, NameOf(*facts.algorithm)) : env.Null())
      .Set("digest", ToTextOrNull(env, facts.digest))
      .Set("chain", ToArray(env, facts.chain))
      .Set("timestamp", ToValue(env, facts.timestamp))
      .Set("programName", ToTextOrNull(env, facts.opus.name))
      .Set("programUrl", ToTextOrNull(env, facts.opus.url))
      .Set("revocation", ToText(env, NameOf(facts.revocation)))
      .Set("verifiedAt", has_time ? ToValue(env, facts.verified_at) : env.Null())
      .Set("lifetimeSigning", Napi::Boolean::New(env, facts.lifetime_signing))
      .Set("weak", Napi::Boolean::New(env, facts.weak))
      .Set("pageHashesMatch",
           facts.page_hashes ? Napi::Boolean::New(env, *facts.page_hashes) : env.Null())
      .object();
}

}  // namespace

Napi::Object ToObject(Napi::Env env, const FileVerdict& verdict) {
  constexpr const char* kSources[] = {"none", "embedded", "catalog"};
  Napi::Array signatures = Napi::Array::New(env, verdict.signatures.size());
  for (uint32_t i = 0; i < verdict.signatures.size(); ++i)
    signatures[i] = ToObject(env, verdict.signatures[i]);
  Napi::Array catalogs = Napi::Array::New(env, verdict.catalogs.size());
  for (uint32_t i = 0; i < verdict.catalogs.size(); ++i) {
    catalogs[i] = Setter(env)
                      .Text("path", verdict.catalogs[i].path)
                      .Set("signature", ToObject(env, verdict.catalogs[i].signature))
                      .object();
  }
  Napi::Value size = env.Null();
  if (verdict.identity) size = Napi::Number::New(env, static_cast<double>(verdict.identity->size));
  Setter setter(env);
  SetStatus(env, verdict.status, HresultOf(verdict), verdict.detail, &setter);
  return setter.Set("source", ToText(env, kSources[static_cast<size_t>(verdict.source)]))
      .Set("isImage", Napi::Boolean::New(env, verdict.image))
      .Set("size", size)
      .Set("signatures", signatures)
      .Set("catalogs", catalogs)
      .Number("certPadding", verdict.padding)
      .Number("certEntries", verdict.table_entries)
      .Set("sha1", ToTextOrNull(env, verdict.sha1))
      .Set("sha256", ToTextOrNull(env, verdict.sha256))
      .object();
}

}  // namespace nuthatch
