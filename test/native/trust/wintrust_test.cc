#include "trust/wintrust.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>

#include "support/fake_wintrust.h"
#include "support/temporary_folder.h"
#include "support/trust_fixtures.h"
#include "trust/file_verifier.h"

namespace nuthatch {
namespace {

namespace fs = std::filesystem;

constexpr uint32_t kUntrustedRoot = 0x800b0109;
constexpr uint32_t kServerUnavailable = 1722;  // RPC_S_SERVER_UNAVAILABLE

class WinTrustTest : public testing::Test {
 protected:
  std::vector<SignatureFacts> Signatures() {
    return WinTrust(windows_.functions()).Signatures(subject_, stop_);
  }
  WinCatalogs Catalogs() { return WinTrust(windows_.functions()).Catalogs(subject_, stop_); }

  FakeWinTrust windows_;
  int file_ = 0;
  WinSubject subject_{&file_, u"\\\\?\\C:\\a.exe"};
  std::atomic<bool> stop_{false};
};

TEST_F(WinTrustTest, VerifiesTheOpenFileQuietlyAndOffline) {
  windows_.signatures = {0};
  EXPECT_EQ(Signatures()[0].status, TrustStatus::kTrusted);
  ASSERT_EQ(windows_.calls.size(), 1u);
  const WinTrustData& call = windows_.calls[0];
  EXPECT_EQ(windows_.files[0].file, &file_) << "never by its path alone";
  EXPECT_EQ(call.ui, 2u) << "WTD_UI_NONE";
  EXPECT_EQ(call.revocation, 0u) << "WTD_REVOKE_NONE";
  EXPECT_EQ(call.flags & 0x1000, 0x1000u) << "WTD_CACHE_ONLY_URL_RETRIEVAL";
  EXPECT_EQ(windows_.policies, std::set<Guid>{ParseGuid("00aac56b-cd44-11d0-8cc2-00c04fc295ee")});
}

TEST_F(WinTrustTest, EveryAnswerHasItsStatusAndItsStateIsClosed) {
  const std::pair<uint32_t, TrustStatus> answers[] = {
      {0, TrustStatus::kTrusted},
      {kNoSignature, TrustStatus::kUnsigned},
      {0x800b0003, TrustStatus::kUnknownFormat},
      {0x80096010, TrustStatus::kBadDigest},
      {0x80091007, TrustStatus::kBadDigest},
      {0x80096004, TrustStatus::kBadSignature},
      {0x80096005, TrustStatus::kBadSignature},
      {0x800b0006, TrustStatus::kMalformed},
      {0x8009310b, TrustStatus::kMalformed},
      {0x80090008, TrustStatus::kUnsupported},
      {0x800b0001, TrustStatus::kUnsupported},
      {kUntrustedRoot, TrustStatus::kUntrustedRoot},
      {0x800b010d, TrustStatus::kUntrustedRoot},
      {0x800b010a, TrustStatus::kIncompleteChain},
      {0x80096019, TrustStatus::kInvalidChain},
      {0x800b0102, TrustStatus::kInvalidChain},
      {0x800b0101, TrustStatus::kExpired},
      {0x800b0110, TrustStatus::kWrongUsage},
      {0x800b0106, TrustStatus::kWrongUsage},
      {0x800b010c, TrustStatus::kRevoked},
      {0x80092010, TrustStatus::kRevoked},
      {0x800b010e, TrustStatus::kRevocationUnknown},
      {0x80092013, TrustStatus::kRevocationUnknown},
      {0x800b0111, TrustStatus::kDistrusted},
      {0x800b0004, TrustStatus::kDistrusted},
      {0x80092026, TrustStatus::kDistrusted},
      {0x00000002, TrustStatus::kFileGone},
      {0x80070002, TrustStatus::kFileGone},
      {0x80070005, TrustStatus::kPermissionDenied},
      {0x80070020, TrustStatus::kLocked},
      {0x80070021, TrustStatus::kLocked},
      {0x8007000e, TrustStatus::kUnreadable},
      {0x80092003, TrustStatus::kUnreadable},
      {0x8badf00d, TrustStatus::kUnsupported},
  };
  for (const auto& [hresult, status] : answers) {
    windows_.signatures = {hresult};
    const std::vector<SignatureFacts> facts = Signatures();
    ASSERT_EQ(facts.size(), 1u);
    EXPECT_EQ(facts[0].status, status) << std::hex << hresult << NameOf(facts[0].status);
    EXPECT_EQ(facts[0].hresult, hresult);
    EXPECT_EQ(windows_.open(), 0u);
  }
  EXPECT_EQ(windows_.states_made, std::size(answers));
}

TEST_F(WinTrustTest, WhatWindowsCouldNotReadIsNotUnsigned) {
  const std::pair<uint32_t, TrustStatus> reasons[] = {
      {kNoSignature, TrustStatus::kUnsigned},
      {0x800b0003, TrustStatus::kUnsigned},  // TRUST_E_SUBJECT_FORM_UNKNOWN
      {0x800b0001, TrustStatus::kUnsigned},  // TRUST_E_PROVIDER_UNKNOWN
      {0x80070005, TrustStatus::kPermissionDenied},
      {1117, TrustStatus::kUnreadable},  // ERROR_IO_DEVICE
      {0x8009310b, TrustStatus::kMalformed},
  };
  windows_.signatures = {kNoSignature};
  for (const auto& [reason, status] : reasons) {
    windows_.reason = reason;
    EXPECT_EQ(Signatures()[0].status, status) << std::hex << reason;
    EXPECT_EQ(Signatures()[0].hresult, kNoSignature);
  }
}

TEST_F(WinTrustTest, AnErrorFromBeforeTellsNothingOfASignature) {
  windows_.last_error = 0x80070005;
  windows_.signatures = {kNoSignature};
  EXPECT_EQ(Signatures()[0].status, TrustStatus::kUnsigned);
}

TEST_F(WinTrustTest, OnlySuccessIsTrusted) {
  for (uint32_t facility : {0x80070000u, 0x80090000u, 0x80092000u, 0x80093000u, 0x800b0000u})
    for (uint32_t code = 0; code < 0x1000; ++code)
      EXPECT_NE(StatusOfHresult(facility + code), TrustStatus::kTrusted);
}

TEST_F(WinTrustTest, NestedSignaturesAreVerifiedEach) {
  windows_.signatures = {kUntrustedRoot, 0, 0x80096010};
  const std::vector<SignatureFacts> facts = Signatures();
  ASSERT_EQ(facts.size(), 3u);
  EXPECT_EQ(facts[0].status, TrustStatus::kUntrustedRoot);
  EXPECT_EQ(facts[1].status, TrustStatus::kTrusted);
  EXPECT_EQ(facts[2].status, TrustStatus::kBadDigest);
  windows_.signatures.assign(1000, 0);
  EXPECT_EQ(Signatures().size(), 16u);
}

TEST_F(WinTrustTest, SignerAndTimestampAreThoseThatWindowsFound) {
  windows_.signatures = {0};
  windows_.signer = windows_.authority = Fixture("root.der");
  windows_.rfc3161 = true;
  const SignatureFacts facts = Signatures()[0];
  ASSERT_EQ(facts.chain.size(), 1u);
  EXPECT_EQ(facts.chain[0].subject_name, "Test root");
  EXPECT_EQ(facts.chain[0].sha1, std::string(40, 'a'));
  EXPECT_EQ(facts.chain[0].sha256, std::string(64, 'b'));
  EXPECT_EQ(facts.verified_at, 1577836800000);
  ASSERT_TRUE(facts.timestamp);
  EXPECT_EQ(facts.timestamp->status, TrustStatus::kTrusted);
  EXPECT_EQ(facts.timestamp->time, 1577836801000);
  EXPECT_TRUE(facts.timestamp->rfc3161);
  EXPECT_EQ(facts.timestamp->chain[0].subject_name, "Test root");
  windows_.rfc3161 = false;
  EXPECT_FALSE(Signatures()[0].timestamp->rfc3161);
}

TEST_F(WinTrustTest, WhatIsNoCertificateEndsTheChain) {
  windows_.signer = {0x30, 0x82, 0xff, 0xff, 0};
  EXPECT_TRUE(Signatures()[0].chain.empty());
  windows_.signer = Fixture("root.der");
  windows_.failing["CertGetCertificateContextProperty"] = 5;
  EXPECT_EQ(Signatures()[0].chain.at(0).sha1, "");
}

TEST_F(WinTrustTest, CatalogsAreAskedBySha256AndThenBySha1) {
  windows_.by_sha256 = {{u"C:\\one.cat", kUntrustedRoot}};
  windows_.by_sha1 = {{u"C:\\two.cat", 0}};
  const WinCatalogs catalogs = Catalogs();
  ASSERT_EQ(catalogs.found.size(), 2u);
  EXPECT_EQ(catalogs.found[0].path, "C:\\two.cat") << "a trusted one first";
  EXPECT_EQ(catalogs.found[1].path, "C:\\one.cat");
  EXPECT_EQ(catalogs.found[0].signature.algorithm, DigestAlgorithm::kSha1);
  EXPECT_TRUE(catalogs.found[0].signature.weak);
  EXPECT_EQ(catalogs.found[1].signature.algorithm, DigestAlgorithm::kSha256);
  EXPECT_FALSE(catalogs.found[1].signature.weak);
  EXPECT_EQ(catalogs.fault, "");
  std::string sha256;
  for (int i = 0; i < 32; ++i) sha256 += "ef";
  EXPECT_EQ(catalogs.sha256, sha256);
  EXPECT_EQ(catalogs.sha1.size(), 40u);
  ASSERT_EQ(windows_.members.size(), 2u);
  EXPECT_EQ(windows_.members[0].file, &file_);
  EXPECT_EQ(windows_.members[0].tag.substr(0, 4), u"EFEF") << "tags are in capitals";
  EXPECT_EQ(windows_.members[0].tag.size(), 64u);
  EXPECT_NE(windows_.members[0].admin, windows_.members[1].admin);
}

TEST_F(WinTrustTest, TheSearchEndsWithATrustedCatalog) {
  windows_.by_sha256 = {{u"1.cat", kUntrustedRoot}, {u"2.cat", 0}, {u"3.cat", 0}};
  windows_.by_sha1 = {{u"4.cat", 0}};
  const WinCatalogs catalogs = Catalogs();
  ASSERT_EQ(catalogs.found.size(), 2u);
  EXPECT_EQ(catalogs.found[0].path, "2.cat");
  EXPECT_EQ(windows_.catalogs_made, 2u);
  EXPECT_EQ(windows_.contexts_made, 1u) << "SHA-1 was not needed";
}

TEST_F(WinTrustTest, ACatalogThatBothHashesFindIsTakenOnce) {
  windows_.by_sha256 = windows_.by_sha1 = {{u"1.cat", kUntrustedRoot}};
  EXPECT_EQ(Catalogs().found.size(), 1u);
}

std::u16string CatalogName(int i) {
  return std::u16string(static_cast<size_t>(1 + i % 100), u'c') +
         std::u16string(static_cast<size_t>(1 + i / 100), u'd');
}

TEST_F(WinTrustTest, NoNumberOfBadCatalogsHidesAGoodOne) {
  for (int i = 0; i < 100; ++i) windows_.by_sha256.push_back({CatalogName(i), kUntrustedRoot});
  EXPECT_EQ(Catalogs().found.size(), 16u) << "that are told";
  windows_.by_sha256.push_back({u"good", 0});
  const WinCatalogs catalogs = Catalogs();
  EXPECT_EQ(catalogs.found[0].path, "good");
  EXPECT_EQ(catalogs.fault, "");
}

TEST_F(WinTrustTest, ThatThereAreMoreCatalogsThanAreAskedIsAFault) {
  for (int i = 0; i < 2000; ++i) windows_.by_sha256.push_back({CatalogName(i), kUntrustedRoot});
  EXPECT_NE(Catalogs().fault, "");
  EXPECT_EQ(windows_.open(), 0u);
}

TEST_F(WinTrustTest, ContextsAreUsedAgainForOtherFiles) {
  windows_.by_sha1 = {{u"1.cat", kUntrustedRoot}};
  {
    WinTrust trust(windows_.functions());
    for (int i = 0; i < 10; ++i) trust.Catalogs(subject_, stop_);
    EXPECT_EQ(windows_.contexts_made, 2u);
    EXPECT_EQ(windows_.open(), 2u) << "the contexts alone";
  }
  EXPECT_EQ(windows_.open(), 0u);
}

TEST_F(WinTrustTest, AFailureIsToldAndLeaksNothing) {
  windows_.by_sha256 = {{u"1.cat", kUntrustedRoot}, {u"2.cat", kUntrustedRoot}};
  for (const char* function :
       {"CryptCATAdminAcquireContext", "CryptCATAdminAcquireContext2",
        "CryptCATAdminCalcHashFromFileHandle", "CryptCATAdminCalcHashFromFileHandle2",
        "CryptCATAdminEnumCatalogFromHash", "CryptCATCatalogInfoFromContext"}) {
    windows_.failing = {{function, kServerUnavailable}};
    const WinCatalogs catalogs = Catalogs();
    EXPECT_NE(catalogs.fault.find("error 1722"), std::string::npos) << function;
    EXPECT_EQ(windows_.open(), 0u) << function;
  }
}

TEST_F(WinTrustTest, AnErrorFromBeforeTellsNothingOfCatalogs) {
  windows_.last_error = kServerUnavailable;
  windows_.quiet_end = true;
  EXPECT_EQ(Catalogs().fault, "");
}

TEST_F(WinTrustTest, AContextThatCouldNotBeMadeIsTriedAgain) {
  WinTrust trust(windows_.functions());
  windows_.failing = {{"CryptCATAdminAcquireContext2", kServerUnavailable}};
  windows_.by_sha256 = {{u"1.cat", 0}};
  EXPECT_TRUE(trust.Catalogs(subject_, stop_).found.empty());
  windows_.failing.clear();
  EXPECT_EQ(trust.Catalogs(subject_, stop_).found.size(), 1u);
}

TEST_F(WinTrustTest, WithoutTheNewerFunctionsSha1IsAllThereIs) {
  windows_.by_sha1 = {{u"1.cat", 0}};
  windows_.failing = {{"CryptCATAdminAcquireContext2", 120}};  // ERROR_CALL_NOT_IMPLEMENTED
  EXPECT_EQ(Catalogs().found.size(), 1u);
  windows_.table.CryptCATAdminCalcHashFromFileHandle2 = nullptr;
  EXPECT_EQ(Catalogs().found.size(), 1u);
  windows_.table.CryptCATAdminAcquireContext2 = nullptr;
  windows_.by_sha1.clear();
  EXPECT_EQ(Catalogs().fault, "") << "it was never there";
}

TEST_F(WinTrustTest, StopsWhenItIsTold) {
  stop_ = true;
  windows_.signatures = {0, 0, 0};
  windows_.by_sha1 = {{u"1.cat", 0}};
  EXPECT_EQ(Signatures().size(), 1u);
  EXPECT_TRUE(Catalogs().found.empty());
}

// The verdict on a file, where Windows is asked.
class WindowsVerdictTest : public testing::Test {
 protected:
  FileVerdict Verify(const std::string& path) {
    VerifyOptions options;
    options.windows = windows_.functions();
    return FileVerifier(nullptr, nullptr, options).Verify({path}, stop_);
  }
  FileVerdict VerifyFixture(const std::string& name) { return Verify(FixturePath(name)); }
  // Which Windows takes for trusted.
  std::string CopyOfSigned() {
    windows_.signatures = {0};
    const std::string path = (folder_.path() / "a.exe").string();
    fs::copy_file(FixturePath("signed.exe"), path);
    return path;
  }

  const TemporaryFolder folder_;
  FakeWinTrust windows_;
  std::atomic<bool> stop_{false};
};

TEST_F(WindowsVerdictTest, IsThatOfTheFilesOwnSignature) {
  windows_.signatures = {0, kUntrustedRoot};
  const FileVerdict verdict = VerifyFixture("signed.exe");
  EXPECT_EQ(verdict.status, TrustStatus::kTrusted);
  EXPECT_EQ(verdict.source, SignatureSource::kEmbedded);
  EXPECT_TRUE(verdict.image);
  EXPECT_EQ(verdict.table_entries, 1u);
  ASSERT_EQ(verdict.signatures.size(), 2u);
  EXPECT_EQ(verdict.signatures[0].opus.name, "A program");
  EXPECT_EQ(verdict.signatures[0].algorithm, DigestAlgorithm::kSha256);
  EXPECT_EQ(windows_.contexts_made, 0u) << "no catalog was needed";
}

TEST_F(WindowsVerdictTest, IsTheCatalogsWhereTheFileBearsNone) {
  windows_.by_sha256 = {{u"C:\\1.cat", kUntrustedRoot}};
  FileVerdict verdict = VerifyFixture("unsigned.exe");
  EXPECT_EQ(verdict.status, TrustStatus::kUntrustedRoot);
  EXPECT_EQ(HresultOf(verdict), kUntrustedRoot);
  EXPECT_EQ(verdict.source, SignatureSource::kCatalog);
  windows_.by_sha1 = {{u"C:\\2.cat", 0}};
  windows_.signatures = {0x800b0003};
  verdict = VerifyFixture("note.inf");
  EXPECT_EQ(verdict.status, TrustStatus::kTrusted);
  EXPECT_EQ(verdict.catalogs[0].path, "C:\\2.cat");
}

TEST_F(WindowsVerdictTest, ACatalogMakesGoodWhatIsNoSignatureAndNothingElse) {
  windows_.by_sha256 = {{u"C:\\1.cat", 0}};
  for (const uint32_t hresult : {0x800b010cu, 0x800b0101u, 0x80096010u, 0x800b0111u}) {
    windows_.signatures = {hresult};
    const FileVerdict verdict = VerifyFixture("signed.exe");
    EXPECT_EQ(verdict.status, StatusOfHresult(hresult));
    EXPECT_EQ(verdict.source, SignatureSource::kEmbedded);
    EXPECT_EQ(verdict.catalogs.size(), 1u) << "it is told with it";
    EXPECT_EQ(verdict.generation, std::nullopt) << "no catalog will change that";
  }
  windows_.signatures = {kNoSignature};
  const FileVerdict verdict = VerifyFixture("signed.exe");
  EXPECT_EQ(verdict.status, TrustStatus::kTrusted);
  EXPECT_EQ(verdict.source, SignatureSource::kCatalog);
}

TEST_F(WindowsVerdictTest, NoFaultIsCalledUnsigned) {
  EXPECT_EQ(VerifyFixture("unsigned.exe").status, TrustStatus::kUnsigned);
  for (const char* function :
       {"CryptCATAdminAcquireContext", "CryptCATAdminAcquireContext2",
        "CryptCATAdminCalcHashFromFileHandle2", "CryptCATAdminEnumCatalogFromHash"}) {
    windows_.failing = {{function, kServerUnavailable}};
    const FileVerdict verdict = VerifyFixture("unsigned.exe");
    EXPECT_EQ(verdict.status, TrustStatus::kUnreadable) << function;
    EXPECT_NE(verdict.detail.find("catalogs"), std::string::npos);
  }
  windows_.signatures = {kUntrustedRoot};
  EXPECT_EQ(VerifyFixture("signed.exe").status, TrustStatus::kUntrustedRoot) << "this is known";
}

TEST_F(WindowsVerdictTest, ASignatureThatWindowsDoesNotSeeIsMalformed) {
  const FileVerdict verdict = VerifyFixture("signed.exe");
  EXPECT_EQ(verdict.status, TrustStatus::kMalformed);
  EXPECT_EQ(HresultOf(verdict), kNoSignature);
}

TEST_F(WindowsVerdictTest, OfOneThatChangesMeanwhileIsThatItChanged) {
  const std::string path = CopyOfSigned();
  windows_.on_verify = [&] { std::ofstream(path, std::ios::app) << "more"; };
  const FileVerdict verdict = Verify(path);
  EXPECT_EQ(verdict.status, TrustStatus::kUnstable);
  EXPECT_EQ(HresultOf(verdict), HresultOf(TrustStatus::kUnstable)) << "not what Windows said of it";
}

TEST_F(WindowsVerdictTest, OfOneThatIsDeletedMeanwhileIsThatItIsGone) {
  const std::string path = CopyOfSigned();
  windows_.on_verify = [&] { fs::remove(path); };
  EXPECT_EQ(Verify(path).status, TrustStatus::kFileGone);
  const size_t calls = windows_.calls.size();
  EXPECT_EQ(Verify(path).status, TrustStatus::kFileGone);
  EXPECT_EQ(windows_.calls.size(), calls) << "Windows is not asked about what cannot be opened";
}

TEST_F(WindowsVerdictTest, StopsWhenItIsTold) {
  windows_.on_verify = [&] { stop_ = true; };
  EXPECT_EQ(VerifyFixture("unsigned.exe").status, TrustStatus::kTimedOut);
}

}  // namespace
}  // namespace nuthatch
