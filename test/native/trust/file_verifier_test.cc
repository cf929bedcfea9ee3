#include "trust/file_verifier.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "base/load_bytes.h"
#include "support/forwarding_crypto.h"
#include "support/mapping.h"
#include "support/temporary_folder.h"
#include "trust/catalog_store.h"

namespace nuthatch {
namespace {

namespace fs = std::filesystem;

// Does something the first time that a digest is asked for: while a file is being read.
class InterferingCrypto : public ForwardingCrypto {
 public:
  explicit InterferingCrypto(std::function<void()> interfere) : interfere_(std::move(interfere)) {}

  std::unique_ptr<Hasher> NewHasher(DigestAlgorithm algorithm) const override {
    if (interfere_) std::exchange(interfere_, {})();
    return ForwardingCrypto::NewHasher(algorithm);
  }

 private:
  mutable std::function<void()> interfere_;
};

// Stops a check while the chain of a signer is built.
class StoppingCrypto : public ForwardingCrypto {
 public:
  explicit StoppingCrypto(std::atomic<bool>* stop) : stop_(stop) {}

  Chain BuildChain(const Anchors& anchors, const ProviderCertificate& leaf,
                   const std::vector<const ProviderCertificate*>& others,
                   const std::vector<ByteSpan>& without, UnixMillis time) const override {
    *stop_ = true;
    return ForwardingCrypto::BuildChain(anchors, leaf, others, without, time);
  }

 private:
  std::atomic<bool>* const stop_;
};

class FileVerifierTest : public testing::Test {
 protected:
  void SetUp() override {
    fs::copy_file(FixturePath("signed.exe"), path_, fs::copy_options::overwrite_existing);
  }

  FileVerdict Verify(bool follow_links = true) {
    return FileVerifier(TestPolicy(), nullptr, {}).Verify({path_, follow_links}, stop_);
  }
  FileVerdict VerifyWhile(std::function<void()> interfere) {
    auto crypto = std::make_shared<InterferingCrypto>(std::move(interfere));
    return FileVerifier(PolicyOf(crypto), nullptr, {}).Verify({path_}, stop_);
  }
  FileVerdict VerifyBy(const TrustOptions& options) {
    return FileVerifier(TestPolicy(options), nullptr, {}).Verify({path_}, stop_);
  }
  // signed.exe, its table longer by these bytes, the length of whose entry stays.
  void WriteWithMoreInTable(const std::vector<uint8_t>& more) const {
    std::vector<uint8_t> bytes = Fixture("signed.exe");
    const auto size = static_cast<uint32_t>(LoadAt<uint32_t>(bytes, kTableEntry + 4) + more.size());
    std::memcpy(&bytes[kTableEntry + 4], &size, 4);
    bytes.insert(bytes.end(), more.begin(), more.end());
    Write(bytes);
  }
  void Write(const std::vector<uint8_t>& bytes) const {
    std::ofstream(path_, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
  }

  std::atomic<bool> stop_{false};
  const TemporaryFolder temporary_;
  const std::string folder_ = temporary_.path().string();
  const std::string path_ = folder_ + "/a é.exe";
};

TEST_F(FileVerifierTest, TrustsWhatIsSigned) {
  const FileVerdict verdict = Verify();
  EXPECT_EQ(verdict.status, TrustStatus::kTrusted) << verdict.detail;
  EXPECT_EQ(verdict.source, SignatureSource::kEmbedded);
  ASSERT_EQ(verdict.signatures.size(), 1u);
  EXPECT_EQ(verdict.signatures[0].chain[0].subject_name, "Test signer");
  EXPECT_EQ(verdict.sha256, verdict.signatures[0].digest);
}

TEST_F(FileVerifierTest, OneWhoseTimesDoNotTellOfAWriteIsVerifiedAnew) {
  Mapping mapping(path_);
  mapping.Flip(0x300);
  mapping.Flip(0x300);
  FileVerifier verifier(TestPolicy(), nullptr, {});
  VerifyRequest again{path_};
  const FileVerdict before = verifier.Verify(again, stop_);
  EXPECT_EQ(before.status, TrustStatus::kTrusted) << before.detail;
  mapping.Flip(0x300);
  again.unless = before.identity;
  const FileVerdict after = verifier.Verify(again, stop_);
  EXPECT_EQ(after.status, TrustStatus::kBadDigest);
  EXPECT_EQ(before.identity, after.identity) << "or this shows nothing";
}

// The time of a file may be set back, so that only that of its change is recent.
TEST_F(FileVerifierTest, OneThatWasJustWrittenIsVerifiedAnew) {
  fs::last_write_time(path_, fs::file_time_type::clock::now() - std::chrono::hours(1));
  FileVerifier verifier(TestPolicy(), nullptr, {});
  VerifyRequest again{path_};
  again.unless = verifier.Verify({path_}, stop_).identity;
  EXPECT_FALSE(verifier.Verify(again, stop_).unchanged);
  // It was read long after.
  ASSERT_TRUE(again.unless.has_value());
  again.unless->asked = INT64_MAX;
  EXPECT_TRUE(verifier.Verify(again, stop_).unchanged);
}

TEST_F(FileVerifierTest, OneThatIsWrittenToMeanwhileIsUnstable) {
  const auto write = [&] {
    std::ofstream file(path_, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(0x300);
    file << "other bytes";
  };
  EXPECT_EQ(VerifyWhile(write).status, TrustStatus::kUnstable);
  EXPECT_EQ(Verify().status, TrustStatus::kBadDigest) << "as it is now";
}

TEST_F(FileVerifierTest, OneThatIsShortenedMeanwhileIsUnstable) {
  const FileVerdict verdict = VerifyWhile([&] { fs::resize_file(path_, 0x300); });
  EXPECT_EQ(verdict.status, TrustStatus::kUnstable);
}

TEST_F(FileVerifierTest, OneThatIsDeletedMeanwhileIsGone) {
  EXPECT_EQ(VerifyWhile([&] { fs::remove(path_); }).status, TrustStatus::kFileGone);
  EXPECT_EQ(Verify().status, TrustStatus::kFileGone);
}

TEST_F(FileVerifierTest, OneThatAnotherTakesThePlaceOfIsGone) {
  const auto replace = [&] {
    fs::copy_file(FixturePath("unsigned.exe"), folder_ + "/other");
    fs::rename(folder_ + "/other", path_);
  };
  EXPECT_EQ(VerifyWhile(replace).status, TrustStatus::kFileGone);
  EXPECT_EQ(Verify().status, TrustStatus::kUnsigned);
}

TEST_F(FileVerifierTest, OneThatIsLockedIsNotUnsigned) {
  const auto previous = std::signal(SIGIO, SIG_IGN);  // the holder is told
  const int holder = open(path_.c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(fcntl(holder, F_SETLEASE, F_WRLCK), 0);
  EXPECT_EQ(Verify().status, TrustStatus::kLocked);
  EXPECT_EQ(fcntl(holder, F_SETLEASE, F_UNLCK), 0);
  close(holder);
  EXPECT_EQ(Verify().status, TrustStatus::kTrusted);
  std::signal(SIGIO, previous);
}

TEST_F(FileVerifierTest, WithoutATimestampIsGoodUntilACertificateExpires) {
  const auto good_for = [&](const std::string& name, const TrustOptions& options) {
    FileVerifier verifier(TestPolicy(options), nullptr, {});
    const FileVerdict verdict = verifier.Verify({FixturePath(name)}, stop_);
    EXPECT_EQ(verdict.status, TrustStatus::kTrusted) << verdict.detail;
    return verdict.good_for;
  };
  EXPECT_EQ(good_for("signed.exe", {.time = kIn2030}), std::nullopt) << "time stands still";
  EXPECT_EQ(good_for("stamped.exe", {}), std::nullopt);
  const FileVerdict verdict = Verify();
  UnixMillis ends = INT64_MAX;
  for (const CertificateFacts& certificate : verdict.signatures[0].chain)
    ends = std::min(ends, certificate.not_after);
  // A machine may stand still between any two lines here, so the time is held from both sides.
  const auto until_then = [&] {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return ends - std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  };
  const int64_t most = until_then();
  const auto left = good_for("signed.exe", {});
  const int64_t least = until_then();
  ASSERT_TRUE(left.has_value());
  EXPECT_GE(left->count(), least);
  EXPECT_LE(left->count(), most);
}

TEST_F(FileVerifierTest, IsGoodUntilItsFirstCertificateExpires) {
  // An issuer expires in 2035, or a timestamp does not extend a certificate for lifetime signing.
  for (const auto& [name, ends] :
       {std::pair("below-lost.exe", "2035"), std::pair("lasting.exe", "2039")}) {
    const FileVerdict verdict =
        FileVerifier(TestPolicy({}), nullptr, {}).Verify({FixturePath(name)}, stop_);
    EXPECT_EQ(verdict.status, TrustStatus::kTrusted) << name << verdict.detail;
    ASSERT_TRUE(verdict.good_for.has_value()) << name;
    const auto end = std::chrono::system_clock::now() + *verdict.good_for;
    const auto date = std::chrono::year_month_day(
        std::chrono::floor<std::chrono::days>(end + std::chrono::hours(1)));
    EXPECT_EQ(std::to_string(static_cast<int>(date.year())), ends) << name;
  }
}

TEST_F(FileVerifierTest, ACatalogThatIsTooLargeIsToldSo) {
  const std::string path = folder_ + "/large.cat";
  fs::copy_file(FixturePath("v2.cat"), path);
  fs::resize_file(path, (uint64_t{64} << 20) + 1);
  EXPECT_EQ(FileVerifier(TestPolicy(), nullptr, {}).Verify({path}, stop_).status,
            TrustStatus::kTooLarge);
}

TEST_F(FileVerifierTest, HardLinksAreTheFile) {
  fs::create_hard_link(path_, folder_ + "/link.exe");
  const FileVerdict verdict = Verify();
  EXPECT_EQ(verdict.status, TrustStatus::kTrusted);
  const FileVerdict link =
      FileVerifier(TestPolicy(), nullptr, {}).Verify({folder_ + "/link.exe"}, stop_);
  EXPECT_EQ(link.status, TrustStatus::kTrusted);
  EXPECT_EQ(link.identity, verdict.identity);
}

TEST_F(FileVerifierTest, StopsWhenItIsTold) {
  stop_ = true;
  EXPECT_EQ(Verify().status, TrustStatus::kTimedOut);
}

TEST_F(FileVerifierTest, WhatCatalogsSayOfOneThatTookTooLongIsNothing) {
  fs::copy_file(FixturePath("unsigned.exe"), path_, fs::copy_options::overwrite_existing);
  fs::create_directories(folder_ + "/catalogs");
  fs::copy_file(FixturePath("v2.cat"), folder_ + "/catalogs/v2.cat");
  const auto policy = PolicyOf(std::make_shared<StoppingCrypto>(&stop_));
  const auto store = std::make_shared<CatalogStore>(std::vector{folder_ + "/catalogs"}, policy);
  EXPECT_EQ(FileVerifier(policy, store, {}).Verify({path_}, stop_).status, TrustStatus::kTimedOut);
  stop_ = false;
  EXPECT_EQ(FileVerifier(TestPolicy(), store, {}).Verify({path_}, stop_).status,
            TrustStatus::kTrusted);
}

TEST_F(FileVerifierTest, LooksAtTheFirstEntryOfTheTableOnly) {
  const std::vector<uint8_t> bytes = Fixture("signed.exe");
  const auto table = LoadAt<uint32_t>(bytes, kTableEntry);
  WriteWithMoreInTable({bytes.begin() + table, bytes.end()});
  const FileVerdict verdict = Verify();
  EXPECT_EQ(verdict.status, TrustStatus::kTrusted) << verdict.detail;
  EXPECT_EQ(verdict.table_entries, 2u);
  EXPECT_EQ(verdict.signatures.size(), 1u);
}

TEST_F(FileVerifierTest, WhatFillsTheTableBehindTheFirstEntryIsToldAndRefusedWhenAskedTo) {
  const std::vector<uint8_t> junk(4096, 'x');
  std::vector<uint8_t> behind_zeros(64, 'x');
  std::fill_n(behind_zeros.begin(), 8, 0);
  const std::vector<uint8_t> entry = {16, 0, 0, 0, 0, 2, 2, 0, 1, 2, 3, 4, 5, 6, 7, 8};
  for (const std::vector<uint8_t>& more : {junk, behind_zeros, entry, std::vector<uint8_t>(8, 0)}) {
    WriteWithMoreInTable(more);
    EXPECT_EQ(Verify().status, TrustStatus::kTrusted);
    EXPECT_EQ(Verify().padding, more.size());
    const FileVerdict strict = VerifyBy({.time = kIn2030, .reject_padding = true});
    EXPECT_EQ(strict.status, TrustStatus::kMalformed) << more.size();
    EXPECT_EQ(strict.detail, "it has bytes beside its signature that nobody has signed");
  }
  Write(Fixture("signed.exe"));
  EXPECT_EQ(VerifyBy({.time = kIn2030, .reject_padding = true}).status, TrustStatus::kTrusted);
}

TEST_F(FileVerifierTest, ACatalogThatHasAFileBySha1AloneIsWeak) {
  const std::string catalogs = folder_ + "/catalogs";
  fs::create_directories(catalogs);
  const auto verify = [&](const char* catalog, const TrustOptions& options) {
    fs::remove_all(catalogs);
    fs::create_directories(catalogs);
    fs::copy_file(FixturePath(catalog), catalogs + "/a.cat");
    const auto policy = TestPolicy(options);
    FileVerifier verifier(policy, std::make_shared<CatalogStore>(std::vector{catalogs}, policy),
                          {});
    return verifier.Verify({FixturePath("unsigned.exe")}, stop_);
  };
  const FileVerdict told = verify("v1.cat", {.time = kIn2030});
  EXPECT_EQ(told.status, TrustStatus::kTrusted) << told.detail;
  ASSERT_EQ(told.catalogs.size(), 1u);
  EXPECT_TRUE(told.catalogs[0].signature.weak);
  EXPECT_EQ(told.catalogs[0].signature.algorithm, DigestAlgorithm::kSha1);
  const FileVerdict refused = verify("v1.cat", {.time = kIn2030, .reject_sha1 = true});
  EXPECT_EQ(refused.status, TrustStatus::kWeak);
  EXPECT_EQ(refused.detail, "the catalog has the file only by a digest of a weak algorithm");
  EXPECT_EQ(refused.source, SignatureSource::kCatalog);
  const FileVerdict strong = verify("v2.cat", {.time = kIn2030, .reject_sha1 = true});
  EXPECT_EQ(strong.status, TrustStatus::kTrusted) << strong.detail;
  EXPECT_FALSE(strong.catalogs[0].signature.weak);
  EXPECT_EQ(strong.catalogs[0].signature.algorithm, DigestAlgorithm::kSha256);
}

// Such an image's headers are more than the page that they would be hashed in.
TEST_F(FileVerifierTest, PageHashesOfAnImageWithLongHeadersAreNotItsOwn) {
  std::vector<uint8_t> bytes = Fixture("pages.exe");
  // The table must lie behind the headers.
  const auto table = LoadAt<uint32_t>(bytes, kTableEntry);
  bytes.insert(bytes.begin() + table, 8192, 0);
  const uint32_t moved = table + 8192;
  std::memcpy(&bytes[kTableEntry], &moved, 4);
  constexpr uint32_t kHeadersSize = 4097;
  std::memcpy(&bytes[0x40 + 24 + 60], &kHeadersSize, 4);
  Write(bytes);
  VerifyOptions options;
  options.page_hashes = true;
  FileVerifier verifier(TestPolicy(), nullptr, options);
  const FileVerdict verdict = verifier.Verify({path_}, stop_);
  EXPECT_EQ(verdict.status, TrustStatus::kBadDigest) << verdict.detail;
  ASSERT_EQ(verdict.signatures.size(), 1u);
  EXPECT_EQ(verdict.signatures[0].page_hashes, false);
}

TEST_F(FileVerifierTest, ATableThatIsNotAlignedIsMalformed) {
  std::vector<uint8_t> bytes = Fixture("signed.exe");
  const auto table = LoadAt<uint32_t>(bytes, kTableEntry) + 4;
  bytes.insert(bytes.begin() + table - 4, 4, 0);
  std::memcpy(&bytes[kTableEntry], &table, 4);
  Write(bytes);
  EXPECT_EQ(Verify().status, TrustStatus::kMalformed);
  EXPECT_EQ(Verify().detail, "the certificate table is not aligned to eight bytes");
}

// Where the headers end the optional header says, so that the entry may be behind their end.
TEST_F(FileVerifierTest, ATableOverItsOwnEntryIsMalformed) {
  std::vector<uint8_t> bytes = Fixture("signed.exe");
  constexpr uint32_t kHeadersSize = 0x40;
  std::memcpy(&bytes[0x40 + 24 + 60], &kHeadersSize, 4);
  for (const uint32_t table : {kTableEntry - 8, kTableEntry, kTableEntry + 7}) {
    const auto aligned = static_cast<uint32_t>(table / 8 * 8);
    const auto size = static_cast<uint32_t>(bytes.size() - aligned);
    std::memcpy(&bytes[kTableEntry], &aligned, 4);
    std::memcpy(&bytes[kTableEntry + 4], &size, 4);
    Write(bytes);
    EXPECT_EQ(Verify().status, TrustStatus::kMalformed);
    EXPECT_EQ(Verify().detail, "the certificate table lies in the headers") << aligned;
  }
}

TEST_F(FileVerifierTest, OneWhoseHeadersAreNotThoseOfTheImageThatWasLoadedIsAnother) {
  const std::vector<uint8_t> bytes = Fixture("signed.exe");
  const ImageNumbers numbers{.timestamp = LoadAt<uint32_t>(bytes, 0x40 + 8),
                             .checksum = LoadAt<uint32_t>(bytes, 0x40 + 24 + 64),
                             .mapped_size = LoadAt<uint32_t>(bytes, 0x40 + 24 + 56)};
  ASSERT_NE(numbers.checksum, 0u);
  const auto status_of = [&](const ImageNumbers& loaded) {
    const VerifyRequest request{.path = path_, .numbers = loaded};
    return FileVerifier(TestPolicy(), nullptr, {}).Verify(request, stop_).status;
  };
  EXPECT_EQ(status_of(numbers), TrustStatus::kTrusted);
  EXPECT_EQ(status_of({}), TrustStatus::kTrusted) << "nothing is told of it";
  for (uint32_t ImageNumbers::*number :
       {&ImageNumbers::timestamp, &ImageNumbers::checksum, &ImageNumbers::mapped_size}) {
    ImageNumbers other = numbers;
    other.*number += 0x1000;
    EXPECT_EQ(status_of(other), TrustStatus::kImageMismatch);
  }
}

TEST(CertificatePadding, IsWhatAlignsNothing) {
  const std::vector<uint8_t> zeros(32, 0);
  const auto padding = [&](size_t entry, size_t pkcs7, size_t after = 0) {
    const ByteSpan all(zeros);
    return CertificatePadding({.pkcs7 = all.first(entry), .after = all.first(after)}, pkcs7);
  };
  EXPECT_EQ(padding(16, 16), 0u);
  EXPECT_EQ(padding(16, 13), 0u) << "it aligns";
  EXPECT_EQ(padding(23, 16), 0u) << "up to seven zeros are usual";
  EXPECT_EQ(padding(24, 16), 8u);
  EXPECT_EQ(padding(32, 13), 16u);
  EXPECT_EQ(padding(13, 13, 3), 0u) << "the entry is aligned";
  EXPECT_EQ(padding(16, 13, 7), 0u);
  EXPECT_EQ(padding(13, 13, 11), 8u);
  EXPECT_EQ(padding(16, 16, 32), 32u);
  EXPECT_EQ(padding(24, 16, 32), 40u);
  std::vector<uint8_t> hidden(24, 0);
  hidden[15] = 'x';
  EXPECT_EQ(CertificatePadding({.pkcs7 = hidden, .after = {}}, 13), 11u)
      << "what aligns holds something";
  EXPECT_EQ(CertificatePadding(
                {.pkcs7 = ByteSpan(zeros).first(13), .after = ByteSpan(hidden).subspan(13)}, 13),
            11u);
}

TEST(TrustStatus, EveryOneHasANameAndWhatWindowsSays) {
  EXPECT_STREQ(NameOf(TrustStatus::kTrusted), "trusted");
  EXPECT_EQ(HresultOf(TrustStatus::kTrusted), 0u);
  EXPECT_STREQ(NameOf(TrustStatus::kDropped), "dropped");
  for (int i = 1; i < kTrustStatuses; ++i)
    EXPECT_GE(HresultOf(static_cast<TrustStatus>(i)), 0x80000000u);
}

}  // namespace
}  // namespace nuthatch
