#include "trust/catalog_store.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <atomic>
#include <barrier>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "support/forwarding_crypto.h"
#include "support/mapping.h"
#include "support/temporary_folder.h"
#include "trust/file_verifier.h"

namespace nuthatch {
namespace {

namespace fs = std::filesystem;

constexpr auto kNobody = static_cast<fs::perms>(0);
constexpr auto kOwner = fs::perms::owner_all;

// As this thread opens files while one lives: by a user who may do nothing that is not allowed.
// Root may read everything.
class AsNobody {
 public:
  AsNobody() : before_(setfsuid(geteuid() == 0 ? 65534 : geteuid())) {}
  ~AsNobody() {
    setfsuid(static_cast<uid_t>(before_));
    prctl(PR_SET_DUMPABLE, 1);  // which that has taken, and /proc and LeakSanitizer want
  }
  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;

 private:
  const int before_;
};

class CatalogStoreTest : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(folder_ + "/sub");
    fs::permissions(temporary_.path(), fs::perms::all);
    fs::permissions(folder_, fs::perms::all);
    fs::copy_file(FixturePath("unsigned.exe"), image_);
  }
  void TearDown() override {
    fs::permissions(folder_ + "/sub", kOwner);
    fs::permissions(folder_, kOwner);
  }

  std::string Put(const std::string& name, const std::string& fixture = "v2.cat") {
    const std::string path = folder_ + "/" + name;
    fs::copy_file(FixturePath(fixture), path, fs::copy_options::overwrite_existing);
    fs::permissions(path, fs::perms::all);
    return path;
  }
  std::shared_ptr<CatalogStore> Store() const {
    return std::make_shared<CatalogStore>(std::vector{folder_}, policy_);
  }
  // Of an image without a signature, for which v2.cat vouches.
  FileVerdict Verify(const std::shared_ptr<CatalogStore>& store) const {
    return FileVerifier(policy_, store, {}).Verify({image_}, stop_);
  }

  const TemporaryFolder temporary_;
  const std::string folder_ = (temporary_.path() / "catalogs").string();
  const std::string image_ = (temporary_.path() / "a.exe").string();
  const std::shared_ptr<const TrustPolicy> policy_ = TestPolicy();
  std::atomic<bool> stop_{false};
};

TEST_F(CatalogStoreTest, NobodyLooksIntoAnIndexThatIsNotThereYet) {
  constexpr int kThreads = 4;
  for (int i = 0; i < 300; ++i) Put(std::to_string(i) + ".cat");
  const auto store = Store();
  std::barrier together(kThreads);
  std::atomic<int> trusted{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      together.arrive_and_wait();
      if (Verify(store).status == TrustStatus::kTrusted) ++trusted;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(trusted, kThreads);
  EXPECT_EQ(store->statistics().generation, 1u);
}

TEST_F(CatalogStoreTest, WhatMayBeInACatalogThatCannotBeReadIsNotUnsigned) {
  const std::string path = Put("sub/a.cat");
  for (const std::string& closed : {path, folder_ + "/sub"}) {
    fs::permissions(closed, kNobody);
    const auto store = Store();
    {
      const AsNobody nobody;
      EXPECT_TRUE(store->Refresh().ok());
      const FileVerdict verdict = Verify(store);
      EXPECT_EQ(verdict.status, TrustStatus::kUnreadable) << closed;
      EXPECT_NE(verdict.detail.find(closed), std::string::npos) << verdict.detail;
      EXPECT_EQ(store->statistics().unreadable, 1u);
      EXPECT_EQ(store->statistics().skipped, 0u);
      Put("good.cat");
      EXPECT_TRUE(store->Refresh().ok());
      EXPECT_EQ(Verify(store).status, TrustStatus::kTrusted) << "another one vouches for it";
      fs::remove(folder_ + "/good.cat");
    }
    fs::permissions(closed, kOwner);
    EXPECT_TRUE(store->Refresh().ok());
    EXPECT_EQ(Verify(store).status, TrustStatus::kTrusted) << "now it can";
  }
}

TEST_F(CatalogStoreTest, AFileWithItsOwnSignatureAsksNoCatalog) {
  fs::copy_file(FixturePath("signed.exe"), image_, fs::copy_options::overwrite_existing);
  fs::permissions(folder_ + "/sub", kNobody);
  const AsNobody nobody;
  EXPECT_EQ(Verify(Store()).status, TrustStatus::kTrusted);
}

TEST_F(CatalogStoreTest, ACatalogThatIsLockedIsAskedForAgain) {
  const auto previous = std::signal(SIGIO, SIG_IGN);  // the holder is told
  const std::string path = Put("a.cat");
  const int holder = open(path.c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(fcntl(holder, F_SETLEASE, F_WRLCK), 0);
  const auto store = Store();
  EXPECT_EQ(Verify(store).status, TrustStatus::kUnreadable);
  EXPECT_EQ(fcntl(holder, F_SETLEASE, F_UNLCK), 0);
  close(holder);
  EXPECT_TRUE(store->Refresh().ok());
  EXPECT_EQ(Verify(store).status, TrustStatus::kTrusted);
  std::signal(SIGIO, previous);
}

TEST_F(CatalogStoreTest, ALookThatIsStoppedChangesNothing) {
  const auto store = Store();
  EXPECT_TRUE(store->Refresh().ok());
  const std::string path = Put("a.cat");
  const std::atomic<bool> stop = true;
  EXPECT_TRUE(store->Refresh(&stop).ok());
  EXPECT_EQ(store->statistics().catalogs, 0u);
  EXPECT_TRUE(store->Refresh().ok());
  EXPECT_EQ(store->statistics().catalogs, 1u);
  fs::remove(path);
  EXPECT_TRUE(store->Refresh(&stop).ok());
  EXPECT_EQ(store->statistics().catalogs, 1u);
}

TEST_F(CatalogStoreTest, AFirstLookThatIsStoppedIsNotTheLast) {
  Put("a.cat");
  const auto store = Store();
  const std::atomic<bool> stop = true;
  EXPECT_TRUE(store->Refresh(&stop).ok());
  EXPECT_EQ(Verify(store).status, TrustStatus::kTrusted) << "who asks looks for himself";
}

TEST_F(CatalogStoreTest, AFolderThatGoesLeavesWhatIsKnownAndIsTold) {
  const auto store = Store();
  EXPECT_TRUE(store->Refresh().ok());
  EXPECT_EQ(Verify(store).status, TrustStatus::kUnsigned);
  fs::rename(folder_, folder_ + "-away");
  const Status status = store->Refresh();
  EXPECT_STREQ(status.code(), "NUTHATCH_CATALOGS_UNREADABLE");
  EXPECT_EQ(Verify(store).status, TrustStatus::kUnreadable);
  fs::rename(folder_ + "-away", folder_);
  EXPECT_TRUE(store->Refresh().ok());
  EXPECT_EQ(Verify(store).status, TrustStatus::kUnsigned);
}

TEST_F(CatalogStoreTest, NoNumberOfBadCatalogsHidesAGoodOne) {
  for (int i = 100; i < 160; ++i) Put(std::to_string(i) + ".cat", "unsigned.cat");
  const auto store = Store();
  FileVerdict verdict = Verify(store);
  EXPECT_EQ(verdict.source, SignatureSource::kCatalog) << "nobody has signed them";
  EXPECT_EQ(verdict.status, TrustStatus::kUnsigned);
  for (const char* name : {"0.cat", "999.cat"}) {
    const std::string path = Put(name);
    EXPECT_TRUE(store->Refresh().ok());
    verdict = Verify(store);
    EXPECT_EQ(verdict.status, TrustStatus::kTrusted) << name;
    EXPECT_EQ(verdict.catalogs[0].path, path);
    EXPECT_LE(verdict.catalogs.size(), 17u);
    fs::remove(path);
  }
}

TEST_F(CatalogStoreTest, WhatIsKnownOfAFileEndsWithTheCatalogsThatWereAsked) {
  const std::string path = Put("a.cat");
  const auto store = Store();
  const FileVerdict before = Verify(store);
  ASSERT_TRUE(before.identity && before.generation);
  VerifyRequest again{image_};
  again.unless = before.identity;
  again.unless->asked = INT64_MAX;  // long after it was written
  again.generation = before.generation;
  FileVerifier verifier(policy_, store, {});
  EXPECT_TRUE(verifier.Verify(again, stop_).unchanged);
  fs::remove(path);
  EXPECT_TRUE(store->Refresh().ok());
  EXPECT_EQ(verifier.Verify(again, stop_).status, TrustStatus::kUnsigned);
}

TEST_F(CatalogStoreTest, ACatalogWhoseTimesDoNotTellOfAWriteIsReadAnew) {
  Mapping mapping(Put("a.cat"));
  mapping.Flip(mapping.size() - 1);
  mapping.Flip(mapping.size() - 1);
  const auto store = Store();
  ASSERT_TRUE(store->Refresh().ok());
  ASSERT_TRUE(store->Refresh().ok());
  EXPECT_EQ(store->statistics().generation, 1u) << "it is the same catalog";
  mapping.Flip(mapping.size() - 1);
  ASSERT_TRUE(store->Refresh().ok());
  EXPECT_EQ(store->statistics().generation, 2u);
  EXPECT_EQ(store->statistics().catalogs, 1u);
}

TEST_F(CatalogStoreTest, OneThatIsNotWhatWasIndexedVouchesForNothing) {
  Mapping mapping(Put("a.cat"));
  mapping.Flip(20);
  mapping.Flip(20);
  const auto store = Store();
  ASSERT_TRUE(store->Refresh().ok());
  mapping.Flip(mapping.size() - 1);
  const FileVerdict verdict = Verify(store);
  EXPECT_EQ(verdict.status, TrustStatus::kUnstable) << verdict.detail;
  EXPECT_EQ(verdict.detail, "the catalog has changed since it was indexed");
}

TEST_F(CatalogStoreTest, WhatIsInACatalogThatIsTooLargeIsNotUnsigned) {
  fs::resize_file(Put("large.cat"), (uint64_t{64} << 20) + 1);
  std::ofstream(folder_ + "/database") << "no catalog";
  fs::resize_file(folder_ + "/database", (uint64_t{64} << 20) + 1);
  const auto store = Store();
  const FileVerdict verdict = Verify(store);
  EXPECT_EQ(verdict.status, TrustStatus::kUnreadable);
  EXPECT_NE(verdict.detail.find("large.cat"), std::string::npos) << verdict.detail;
  EXPECT_EQ(store->statistics().unreadable, 1u) << "what is no catalog may be large";
}

class CountingCrypto : public ForwardingCrypto {
 public:
  Chain BuildChain(const Anchors& anchors, const ProviderCertificate& leaf,
                   const std::vector<const ProviderCertificate*>& others,
                   const std::vector<ByteSpan>& without, UnixMillis time) const override {
    ++chains;
    return ForwardingCrypto::BuildChain(anchors, leaf, others, without, time);
  }
  mutable int chains = 0;
};

CatalogStore::Clock::time_point clock_now;

TEST_F(CatalogStoreTest, ASignerIsJudgedAnewWhereHisCertificateMayHaveExpiredMeanwhile) {
  using std::chrono::minutes;
  Put("a.cat");
  const auto crypto = std::make_shared<CountingCrypto>();
  for (const auto& [options, after_ten_minutes] :
       {std::pair(TrustOptions{}, 2), std::pair(TrustOptions{.time = kIn2030}, 1)}) {
    crypto->chains = 0;
    const auto policy = PolicyOf(crypto, options);
    const auto store =
        std::make_shared<CatalogStore>(std::vector{folder_}, policy, [] { return clock_now; });
    FileVerifier verifier(policy, store, {});
    const auto chains_after = [&](minutes passed) {
      clock_now += passed;
      EXPECT_EQ(verifier.Verify({image_}, stop_).status, TrustStatus::kTrusted);
      return crypto->chains;
    };
    EXPECT_EQ(chains_after(minutes(1)), 1);
    EXPECT_EQ(chains_after(minutes(9)), 1);
    EXPECT_EQ(chains_after(minutes(2)), after_ten_minutes);
  }
}

}  // namespace
}  // namespace nuthatch
