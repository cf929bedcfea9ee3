#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "platform/file.h"
#include "support/temporary_folder.h"

namespace nuthatch {
namespace {

namespace fs = std::filesystem;

class PosixFileTest : public testing::Test {
 protected:
  void SetUp() override {
    Put("root/windows/a.dll", "inside");
    Put("outside/a.dll", "outside");
  }

  void Put(const std::string& path, const std::string& text) {
    fs::create_directories((folder_ / path).parent_path());
    std::ofstream(folder_ / path) << text;
  }
  // What a file below the root has, if it can be opened.
  std::string Read(const std::string& path, OpenFault* fault) {
    std::unique_ptr<RegularFile> file;
    *fault = OpenRegularFileBelow((folder_ / "root").string(), path, &file);
    if (*fault != OpenFault::kNone) return "";
    std::string text(16, '\0');
    text.resize(file->ReadAt(0, {reinterpret_cast<uint8_t*>(text.data()), 16}).value_or(0));
    return text;
  }
  OpenFault FaultOf(const std::string& path) {
    OpenFault fault;
    Read(path, &fault);
    return fault;
  }
  // Reads windows/a.dll while `there`, a folder or file, and a link to `outside` take turns in its
  // place. Nothing but what is inside may be seen.
  void ReadWhileALinkComesAndGoes(const fs::path& there, const fs::path& outside) {
    std::atomic<bool> done{false};
    std::thread swapper([&] {
      const fs::path away = folder_ / "away";
      const fs::path link = folder_ / "link";
      while (!done) {
        fs::create_symlink(outside, link);
        fs::rename(there, away);
        fs::rename(link, there);
        std::this_thread::yield();
        fs::remove(there);
        fs::rename(away, there);
        std::this_thread::yield();
      }
    });
    const auto enough = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    int read = 0;
    int refused = 0;
    for (int i = 0; i < 20000 || read == 0 || refused == 0; ++i) {
      if (std::chrono::steady_clock::now() > enough) break;
      if (i % 100 == 0) std::this_thread::yield();
      OpenFault fault;
      const std::string text = Read("windows/a.dll", &fault);
      ++(fault == OpenFault::kNone ? read : refused);
      if (fault == OpenFault::kNone && text != "inside") ADD_FAILURE() << text;
    }
    done = true;
    swapper.join();
    EXPECT_GT(read, 0);
    EXPECT_GT(refused, 0);
  }

  const TemporaryFolder temporary_;
  const fs::path folder_ = temporary_.path();
};

TEST_F(PosixFileTest, IsFoundBelowAFolder) {
  OpenFault fault;
  EXPECT_EQ(Read("windows/a.dll", &fault), "inside");
  EXPECT_EQ(fault, OpenFault::kNone);
  EXPECT_EQ(FaultOf("windows/none.dll"), OpenFault::kNotFound);
  EXPECT_EQ(FaultOf("none/a.dll"), OpenFault::kNotFound);
  EXPECT_EQ(FaultOf("windows/a.dll/b.dll"), OpenFault::kNotFound);
  EXPECT_EQ(FaultOf("windows"), OpenFault::kNotRegular);
}

TEST_F(PosixFileTest, NoLinkOnTheWayIsFollowed) {
  fs::create_directory_symlink(folder_ / "outside", folder_ / "root/link");
  fs::create_symlink(folder_ / "outside/a.dll", folder_ / "root/a.dll");
  fs::create_directory_symlink(folder_ / "root/windows", folder_ / "root/inside");
  EXPECT_NE(FaultOf("link/a.dll"), OpenFault::kNone);
  EXPECT_EQ(FaultOf("a.dll"), OpenFault::kNotRegular);
  EXPECT_NE(FaultOf("inside/a.dll"), OpenFault::kNone) << "one that leads inside neither";
}

TEST_F(PosixFileTest, ALinkThatTakesAFoldersPlaceMeanwhileIsNotFollowed) {
  ReadWhileALinkComesAndGoes(folder_ / "root/windows", folder_ / "outside");
}

TEST_F(PosixFileTest, ALinkThatTakesTheFilesPlaceMeanwhileIsNotFollowed) {
  ReadWhileALinkComesAndGoes(folder_ / "root/windows/a.dll", folder_ / "outside/a.dll");
}

TEST_F(PosixFileTest, APipeThatTakesItsPlaceMeanwhileIsNotWaitedFor) {
  const fs::path file = folder_ / "root/windows/a.dll";
  std::atomic<bool> done{false};
  std::thread swapper([&] {
    const fs::path away = folder_ / "away";
    const fs::path pipe = folder_ / "pipe";
    while (!done) {
      mkfifo(pipe.c_str(), 0600);
      fs::rename(file, away);
      fs::rename(pipe, file);
      fs::remove(file);
      fs::rename(away, file);
    }
  });
  OpenFault fault;
  for (int i = 0; i < 20000; ++i) {
    const std::string text = Read("windows/a.dll", &fault);
    if (fault == OpenFault::kNone && text != "inside") ADD_FAILURE() << text;
  }
  done = true;
  swapper.join();
}

// As with an oplock of Windows, or a server that does not answer: whoever opens it is made to wait.
TEST_F(PosixFileTest, OneThatItsHolderLetsNobodyOpenIsLockedAndNotWaitedFor) {
  const auto previous = std::signal(SIGIO, SIG_IGN);  // the holder is told so
  const int holder = open((folder_ / "root/windows/a.dll").c_str(), O_RDONLY | O_CLOEXEC);
  ASSERT_EQ(fcntl(holder, F_SETLEASE, F_WRLCK), 0);
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(FaultOf("windows/a.dll"), OpenFault::kLocked);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10));
  EXPECT_EQ(fcntl(holder, F_SETLEASE, F_UNLCK), 0);
  close(holder);
  EXPECT_EQ(FaultOf("windows/a.dll"), OpenFault::kNone);
  std::signal(SIGIO, previous);
}

TEST_F(PosixFileTest, ItsNameMayBeAnyBytes) {
  Put("root/windows/\xFF\xFE.dll", "inside");
  EXPECT_EQ(FaultOf("windows/\xFF\xFE.dll"), OpenFault::kNone);
}

}  // namespace
}  // namespace nuthatch
