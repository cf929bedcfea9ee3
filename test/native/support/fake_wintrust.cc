#include "support/fake_wintrust.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

namespace nuthatch {
namespace {

FakeWinTrust* fake = nullptr;

void* NewHandle() {
  static uintptr_t last = 0;
  return reinterpret_cast<void*>(++last);
}

bool Fails(const std::string& function) {
  const auto found = fake->failing.find(function);
  if (found == fake->failing.end()) return false;
  fake->last_error = found->second;
  return true;
}

uint32_t Judge(const WinTrustData& data) {
  if (data.choice == 1) {
    fake->files.push_back(*static_cast<const WinTrustFileInfo*>(data.subject));
    data.settings->secondary_signatures = static_cast<uint32_t>(fake->signatures.size() - 1);
    return fake->signatures.at(data.settings->index);
  }
  const auto& member = *static_cast<const WinTrustCatalogInfo*>(data.subject);
  fake->members.push_back(
      {member.catalog_path, member.member_tag, member.member_file, member.admin});
  for (const auto* const all : {&fake->by_sha256, &fake->by_sha1})
    for (const FakeWinTrust::Catalog& each : *all)
      if (each.path == member.catalog_path) return each.hresult;
  ADD_FAILURE() << "a catalog that is none";
  return 0;
}

int32_t Verify(void* window, Guid* policy, WinTrustData* data) {
  EXPECT_EQ(window, reinterpret_cast<void*>(intptr_t{-1}));
  fake->policies.insert(*policy);
  if (data->state_action == 2) {
    EXPECT_EQ(fake->states.erase(data->state), 1u) << "closed twice, or never opened";
    return 0;
  }
  EXPECT_EQ(data->state_action, 1u);
  fake->calls.push_back(*data);
  data->state = NewHandle();
  fake->states.insert(data->state);
  ++fake->states_made;
  if (fake->on_verify) fake->on_verify();
  if (fake->reason != 0) fake->last_error = fake->reason;
  return static_cast<int32_t>(Judge(*data));
}

// A provider's data is its state; signers are these two.
struct Signer : WinProviderSigner {
  WinCertificate context{};
  WinProviderCertificate certificate{};
  WinSignerInfo details{};
  WinAttribute attribute{"1.3.6.1.4.1.311.3.3.1", 0, nullptr};
};
Signer signers[2];

void* ProviderData(void* state) {
  EXPECT_EQ(fake->states.count(state), 1u);
  return fake->signer.empty() ? nullptr : state;
}

WinProviderSigner* SignerOf(void* provider, uint32_t index, WinBool counter, uint32_t) {
  EXPECT_EQ(fake->states.count(provider), 1u) << "asked after its end";
  EXPECT_EQ(index, 0u);
  const std::vector<uint8_t>& der = counter ? fake->authority : fake->signer;
  if (der.empty()) return nullptr;
  Signer& signer = signers[counter ? 1 : 0];
  signer = {};
  // 2020-01-01, and a second later for the timestamp.
  const uint64_t time = 132223104000000000 + (counter ? 10000000 : 0);
  signer.verified_at[0] = static_cast<uint32_t>(time);
  signer.verified_at[1] = static_cast<uint32_t>(time >> 32);
  signer.certificates = 1;
  signer.context = {1, der.data(), static_cast<uint32_t>(der.size())};
  signer.certificate = {sizeof(WinProviderCertificate), &signer.context};
  signer.info = &signer.details;
  if (fake->rfc3161) signer.details.unsigned_attributes = {1, &signer.attribute};
  return &signer;
}

WinProviderCertificate* CertificateOf(WinProviderSigner* signer, uint32_t index) {
  return index == 0 ? &static_cast<Signer*>(signer)->certificate : nullptr;
}

WinBool Property(const WinCertificate*, uint32_t property, void* out, uint32_t* size) {
  if (Fails("CertGetCertificateContextProperty")) return 0;
  *size = property == 3 ? 20 : 32;
  std::memset(out, property == 3 ? 0xaa : 0xbb, *size);
  return 1;
}

WinBool NewContext(void** out, bool sha256) {
  *out = NewHandle();
  fake->contexts.emplace(*out, sha256);
  ++fake->contexts_made;
  return 1;
}
WinBool Acquire(void** out, const Guid*, uint32_t) {
  return Fails("CryptCATAdminAcquireContext") ? 0 : NewContext(out, false);
}
WinBool Acquire2(void** out, const Guid*, const char16_t* algorithm, const void*, uint32_t) {
  EXPECT_EQ(std::u16string(algorithm), u"SHA256");
  return Fails("CryptCATAdminAcquireContext2") ? 0 : NewContext(out, true);
}
WinBool Release(void* context, uint32_t) {
  EXPECT_EQ(fake->contexts.erase(context), 1u) << "released twice, or never acquired";
  return 1;
}

WinBool Hash(const char* function, uint32_t* size, uint8_t* out, uint32_t length, uint8_t byte) {
  if (Fails(function)) return 0;
  EXPECT_GE(*size, length);
  *size = length;
  std::memset(out, byte, length);
  return 1;
}
WinBool CalcHash(void* file, uint32_t* size, uint8_t* out, uint32_t) {
  EXPECT_NE(file, nullptr);
  return Hash("CryptCATAdminCalcHashFromFileHandle", size, out, 20, 0xcd);
}
WinBool CalcHash2(void* context, void* file, uint32_t* size, uint8_t* out, uint32_t) {
  EXPECT_NE(file, nullptr);
  EXPECT_TRUE(fake->contexts.at(context));
  return Hash("CryptCATAdminCalcHashFromFileHandle2", size, out, 32, 0xef);
}

void* Enumerate(void* context, uint8_t*, uint32_t size, uint32_t, void** previous) {
  const bool sha256 = fake->contexts.at(context);
  EXPECT_EQ(size, sha256 ? 32u : 20u) << "each context has its hash";
  const auto& all = sha256 ? fake->by_sha256 : fake->by_sha1;
  size_t place = 0;
  if (*previous != nullptr) {
    EXPECT_EQ(fake->catalogs.count(*previous), 1u);
    place = fake->catalogs.at(*previous).place + 1;
    fake->catalogs.erase(*previous);  // as Windows does
  }
  if (Fails("CryptCATAdminEnumCatalogFromHash")) return nullptr;
  if (place == all.size()) {
    if (!fake->quiet_end) fake->last_error = 1168;  // ERROR_NOT_FOUND
    return nullptr;
  }
  void* const catalog = NewHandle();
  fake->catalogs.emplace(catalog, FakeWinTrust::Found{sha256, place});
  ++fake->catalogs_made;
  return catalog;
}

WinBool ReleaseCatalog(void* context, void* catalog, uint32_t) {
  EXPECT_EQ(fake->contexts.count(context), 1u);
  EXPECT_EQ(fake->catalogs.erase(catalog), 1u) << "released twice, or never found";
  return 1;
}

WinBool CatalogInfo(void* catalog, WinCatalogInfo* out, uint32_t) {
  if (Fails("CryptCATCatalogInfoFromContext")) return 0;
  const FakeWinTrust::Found& found = fake->catalogs.at(catalog);
  const std::u16string& path = (found.sha256 ? fake->by_sha256 : fake->by_sha1)[found.place].path;
  std::copy(path.begin(), path.end(), out->path);
  return 1;
}

}  // namespace

FakeWinTrust::FakeWinTrust() {
  EXPECT_EQ(fake, nullptr);
  fake = this;
  table.WinVerifyTrust = Verify;
  table.WTHelperProvDataFromStateData = ProviderData;
  table.WTHelperGetProvSignerFromChain = SignerOf;
  table.WTHelperGetProvCertFromChain = CertificateOf;
  table.CryptCATAdminAcquireContext = Acquire;
  table.CryptCATAdminAcquireContext2 = Acquire2;
  table.CryptCATAdminReleaseContext = Release;
  table.CryptCATAdminCalcHashFromFileHandle = CalcHash;
  table.CryptCATAdminCalcHashFromFileHandle2 = CalcHash2;
  table.CryptCATAdminEnumCatalogFromHash = Enumerate;
  table.CryptCATAdminReleaseCatalogContext = ReleaseCatalog;
  table.CryptCATCatalogInfoFromContext = CatalogInfo;
  table.CertGetCertificateContextProperty = Property;
  table.GetLastError = [] { return fake->last_error; };
  table.SetLastError = [](uint32_t error) { fake->last_error = error; };
}

FakeWinTrust::~FakeWinTrust() {
  EXPECT_TRUE(states.empty()) << "states of WinVerifyTrust were not closed";
  EXPECT_TRUE(contexts.empty()) << "contexts were not released";
  EXPECT_TRUE(catalogs.empty()) << "catalogs were not released";
  fake = nullptr;
}

}  // namespace nuthatch
