// The table of Windows' own functions. Wine's are not Windows': what they trust proves nothing, so
// no test here takes a "trusted" for an answer.
#include <windows.h>
// After windows.h.
#include <wincrypt.h>
// After wincrypt.h.
#include <gtest/gtest.h>
#include <mscat.h>
#include <softpub.h>
#include <wintrust.h>

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include "support/temporary_folder.h"
#include "support/trust_fixtures.h"
#include "trust/file_verifier.h"

namespace nuthatch {
namespace {

namespace fs = std::filesystem;

#define EXPECT_SAME_FIELD(ours, our_field, theirs, their_field)               \
  static_assert(offsetof(ours, our_field) == offsetof(theirs, their_field) && \
                sizeof(ours::our_field) == sizeof(theirs::their_field))

static_assert(sizeof(WinTrustFileInfo) == sizeof(WINTRUST_FILE_INFO));
EXPECT_SAME_FIELD(WinTrustFileInfo, path, WINTRUST_FILE_INFO, pcwszFilePath);
EXPECT_SAME_FIELD(WinTrustFileInfo, file, WINTRUST_FILE_INFO, hFile);
EXPECT_SAME_FIELD(WinTrustFileInfo, known_subject, WINTRUST_FILE_INFO, pgKnownSubject);

EXPECT_SAME_FIELD(WinTrustCatalogInfo, catalog_path, WINTRUST_CATALOG_INFO, pcwszCatalogFilePath);
EXPECT_SAME_FIELD(WinTrustCatalogInfo, member_tag, WINTRUST_CATALOG_INFO, pcwszMemberTag);
EXPECT_SAME_FIELD(WinTrustCatalogInfo, member_path, WINTRUST_CATALOG_INFO, pcwszMemberFilePath);
EXPECT_SAME_FIELD(WinTrustCatalogInfo, member_file, WINTRUST_CATALOG_INFO, hMemberFile);
EXPECT_SAME_FIELD(WinTrustCatalogInfo, hash, WINTRUST_CATALOG_INFO, pbCalculatedFileHash);
EXPECT_SAME_FIELD(WinTrustCatalogInfo, hash_size, WINTRUST_CATALOG_INFO, cbCalculatedFileHash);
EXPECT_SAME_FIELD(WinTrustCatalogInfo, catalog_context, WINTRUST_CATALOG_INFO, pcCatalogContext);

EXPECT_SAME_FIELD(WinTrustData, ui, WINTRUST_DATA, dwUIChoice);
EXPECT_SAME_FIELD(WinTrustData, revocation, WINTRUST_DATA, fdwRevocationChecks);
EXPECT_SAME_FIELD(WinTrustData, choice, WINTRUST_DATA, dwUnionChoice);
EXPECT_SAME_FIELD(WinTrustData, subject, WINTRUST_DATA, pFile);
EXPECT_SAME_FIELD(WinTrustData, state_action, WINTRUST_DATA, dwStateAction);
EXPECT_SAME_FIELD(WinTrustData, state, WINTRUST_DATA, hWVTStateData);
EXPECT_SAME_FIELD(WinTrustData, url, WINTRUST_DATA, pwszURLReference);
EXPECT_SAME_FIELD(WinTrustData, flags, WINTRUST_DATA, dwProvFlags);
EXPECT_SAME_FIELD(WinTrustData, ui_context, WINTRUST_DATA, dwUIContext);

static_assert(sizeof(WinCatalogInfo) == sizeof(CATALOG_INFO));
EXPECT_SAME_FIELD(WinCatalogInfo, path, CATALOG_INFO, wszCatalogFile);
EXPECT_SAME_FIELD(WinCertificate, bytes, CERT_CONTEXT, pbCertEncoded);
EXPECT_SAME_FIELD(WinCertificate, size, CERT_CONTEXT, cbCertEncoded);
EXPECT_SAME_FIELD(WinProviderCertificate, certificate, CRYPT_PROVIDER_CERT, pCert);
static_assert(sizeof(WinSignerInfo) == sizeof(CMSG_SIGNER_INFO));
EXPECT_SAME_FIELD(WinSignerInfo, unsigned_attributes, CMSG_SIGNER_INFO, UnauthAttrs);
static_assert(sizeof(WinAttribute) == sizeof(CRYPT_ATTRIBUTE));
EXPECT_SAME_FIELD(WinProviderSigner, verified_at, CRYPT_PROVIDER_SGNR, sftVerifyAsOf);
EXPECT_SAME_FIELD(WinProviderSigner, certificates, CRYPT_PROVIDER_SGNR, csCertChain);
EXPECT_SAME_FIELD(WinProviderSigner, info, CRYPT_PROVIDER_SGNR, psSigner);
EXPECT_SAME_FIELD(WinProviderSigner, error, CRYPT_PROVIDER_SGNR, dwError);
EXPECT_SAME_FIELD(WinProviderSigner, countersigners, CRYPT_PROVIDER_SGNR, csCounterSigners);

static_assert(WTD_UI_NONE == 2 && WTD_REVOKE_NONE == 0 && WTD_CHOICE_FILE == 1 &&
              WTD_CHOICE_CATALOG == 2 && WTD_STATEACTION_VERIFY == 1 &&
              WTD_STATEACTION_CLOSE == 2 && WTD_CACHE_ONLY_URL_RETRIEVAL == 0x1000);

class SystemWinTrustTest : public testing::Test {
 protected:
  void SetUp() override {
    const Status status = LoadWinTrust(&functions_);
    ASSERT_TRUE(status.ok()) << status.message();
  }

  // A copy with one bit changed, or none.
  std::string Copy(const std::string& name, size_t changed = 0) {
    std::vector<uint8_t> bytes = Fixture(name);
    if (changed != 0) bytes[changed] ^= 1;
    const std::string path = (folder_ / name).string();
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
    return path;
  }
  FileVerdict Verify(const std::string& path) {
    VerifyOptions options;
    options.windows = functions_;
    return FileVerifier(nullptr, nullptr, options).Verify({path}, stop_);
  }

  std::shared_ptr<const WinTrustFunctions> functions_;
  std::atomic<bool> stop_{false};
  const TemporaryFolder temporary_;
  const fs::path folder_ = temporary_.path();
};

TEST_F(SystemWinTrustTest, AnImageWithoutASignatureIsUnsigned) {
  const FileVerdict verdict = Verify(Copy("unsigned.exe"));
  EXPECT_EQ(verdict.status, TrustStatus::kUnsigned) << verdict.detail;
  EXPECT_EQ(HresultOf(verdict), 0x800b0100u);
  EXPECT_EQ(verdict.sha1.size(), 40u) << "catalogs were asked";
}

TEST_F(SystemWinTrustTest, OneThatWasChangedIsNotWhatWasSigned) {
  for (const char* name : {"signed.exe", "stamped.exe", "nested.exe", "untrusted.exe"}) {
    const FileVerdict verdict = Verify(Copy(name, 0x300));
    EXPECT_EQ(verdict.status, TrustStatus::kBadDigest) << name << verdict.detail;
    EXPECT_EQ(HresultOf(verdict), 0x80096010u) << name;
  }
}

TEST_F(SystemWinTrustTest, AFileThatIsNoneOfItsKindsIsOfAnUnknownFormat) {
  EXPECT_EQ(Verify(Copy("note.inf")).status, TrustStatus::kUnknownFormat);
  std::ofstream(folder_ / "empty.exe").close();
  EXPECT_NE(Verify((folder_ / "empty.exe").string()).status, TrustStatus::kTrusted);
}

TEST_F(SystemWinTrustTest, OneThatIsNotThereIsGone) {
  EXPECT_EQ(Verify((folder_ / "none.exe").string()).status, TrustStatus::kFileGone);
  const std::u16string path = u"C:\\none.exe";
  const WinSubject nothing{nullptr, path};
  const SignatureFacts facts = WinTrust(functions_).Signatures(nothing, stop_)[0];
  EXPECT_EQ(facts.status, TrustStatus::kFileGone) << "as WinVerifyTrust itself says";
  EXPECT_EQ(*facts.hresult & 0xffff, 2u);
}

TEST_F(SystemWinTrustTest, ALargeNumberOfFilesLeavesNoHandles) {
  const std::string path = Copy("signed.exe", 0x300);
  VerifyOptions options;
  options.windows = functions_;
  FileVerifier verifier(nullptr, nullptr, options);
  const auto handles = [] {
    DWORD count = 0;
    GetProcessHandleCount(GetCurrentProcess(), &count);
    return count;
  };
  for (int i = 0; i < 20; ++i) verifier.Verify({path}, stop_);
  const DWORD before = handles();
  for (int i = 0; i < 200; ++i) verifier.Verify({path}, stop_);
  EXPECT_LE(handles(), before + 5);
}

TEST_F(SystemWinTrustTest, ThreadsVerifyAtOnce) {
  const std::string changed = Copy("signed.exe", 0x300);
  const std::string unsigned_one = Copy("unsigned.exe");
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 25; ++round) {
        EXPECT_EQ(Verify(changed).status, TrustStatus::kBadDigest);
        EXPECT_EQ(Verify(unsigned_one).status, TrustStatus::kUnsigned);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace nuthatch
