#include "trace/file_joins.h"

#include <gtest/gtest.h>

#include "trace/joined.h"
#include "trace/trace_records.h"

namespace nuthatch {
namespace {

constexpr uint64_t kFile = 0xFFFF'8000'0000'0100;
constexpr uint64_t kKey = 0xFFFF'8000'0000'0200;
constexpr uint64_t kIrp = 0xFFFF'8000'0000'0300;
constexpr std::string_view kPath = "\\??\\C:\\a\\b.txt";

enum Disposition : uint32_t {
  kSupersede,
  kOpen,
  kCreate,
  kOpenIf,
  kOverwrite,
  kOverwriteIf,
};

// Version 3 of the class FileIo, by thread 20.
Bytes Opened(uint64_t tick, uint32_t disposition, uint64_t file = kFile,
             std::string_view path = kPath, uint8_t type = 0x40) {
  return Kernel(
      {.tick = tick}, 4, type, 3,
      Payload().Ptr(kIrp).Ptr(file).U32(20).U32(disposition << 24).U32(0).U32(0).Wide(path));
}
Bytes Completed(uint64_t tick, uint64_t information, uint32_t status = 0, uint64_t irp = kIrp) {
  return Kernel({.tick = tick}, 4, 0x4C, 2, Payload().Ptr(irp).Ptr(information).U32(status));
}
Bytes Written(uint64_t tick, uint64_t file = kFile) {
  return Kernel({.tick = tick}, 4, 0x44, 3,
                Payload().U64(0).Ptr(kIrp).Ptr(file).Ptr(kKey).U32(20).U32(5).U32(0));
}
Bytes Closed(uint64_t tick, uint64_t file = kFile) {
  return Kernel({.tick = tick}, 4, 0x42, 3, Payload().Ptr(kIrp).Ptr(file).Ptr(kKey).U32(20));
}
Bytes Changed(uint64_t tick, uint8_t type, uint64_t file = kFile) {
  return Kernel({.tick = tick}, 4, type, 3,
                Payload().Ptr(kIrp).Ptr(file).Ptr(kKey).Ptr(1).U32(20).U32(13));
}
Bytes ChangedPath(uint64_t tick, uint8_t type, std::string_view path, uint64_t file = kFile) {
  return Kernel({.tick = tick}, 4, type, 3,
                Payload().Ptr(kIrp).Ptr(file).Ptr(kKey).Ptr(1).U32(20).U32(13).Wide(path));
}
Bytes Named(uint64_t tick, uint8_t type, std::string_view path, uint64_t key = kKey) {
  return Kernel({.tick = tick}, 4, type, 2, Payload().Ptr(key).Wide(path));
}

constexpr uint8_t kDelete = 0x46;
constexpr uint8_t kRename = 0x47;
constexpr uint8_t kCreateNew = 0x4E;
constexpr uint8_t kDeletePath = 0x4F;
constexpr uint8_t kRenamePath = 0x50;
constexpr uint8_t kRundown = 0x24;
constexpr uint8_t kFileCreated = 0x20;

using Texts = std::vector<std::string>;

TEST(FileJoins, WhatIsOpenedToBeNewIsCreatedWhereNothingSaysMore) {
  const auto lines = Joined::OfFile({
      Opened(1, kSupersede),
      Opened(2, kOpen),
      Opened(3, kCreate),
      Opened(4, kOpenIf),
      Opened(5, kOverwrite),
      Opened(6, kOverwriteIf),
      Opened(7, kCreate << 0, kFile, kPath),
  });
  EXPECT_EQ(AllHappened(lines), (Texts{"file_create", "", "file_create", "", "file_create",
                                       "file_create", "file_create"}));
  EXPECT_EQ(Member(lines[1], "file"), R"({"path":"C:\\a\\b.txt"})");
}

TEST(FileJoins, AFolderThatIsToBeCreatedMayExist) {
  constexpr uint32_t kDirectory = 1;
  const auto lines = Joined::OfFile({Kernel({.tick = 1}, 4, 0x40, 3,
                                            Payload()
                                                .Ptr(kIrp)
                                                .Ptr(kFile)
                                                .U32(20)
                                                .U32(kCreate << 24 | kDirectory)
                                                .U32(0)
                                                .U32(0)
                                                .Wide(kPath))});
  EXPECT_EQ(AllHappened(lines), (Texts{""}));
}

TEST(FileJoins, TheEndOfTheOperationSaysWhetherAFileWasCreated) {
  constexpr uint64_t kOpened = 1;
  constexpr uint64_t kWasCreated = 2;
  constexpr uint64_t kOverwritten = 3;
  constexpr uint32_t kCollision = 0xC0000035;
  const auto lines = Joined::OfFile({
      ThreadRecord({.tick = 1}, kDcStart, 700, 20),
      Opened(2, kOpenIf),
      Completed(3, kWasCreated),
      Completed(4, kWasCreated),  // of another operation
      Opened(5, kOpenIf),
      Completed(6, kOpened),
      Opened(7, kCreate),
      Completed(8, 0, kCollision),
      Opened(9, kSupersede),
      Completed(10, 0),
      Opened(11, kOverwriteIf),
      Completed(12, kOverwritten),
  });
  EXPECT_EQ(AllHappened(lines), (Texts{"", "", "file_create", "", "", "", "", "", "", "file_create",
                                       "", "file_create"}));
  EXPECT_EQ(Member(lines[2], "file"), R"({"path":"C:\\a\\b.txt"})");
  EXPECT_EQ(Member(lines[2], "process"), R"({"guid":"700-0","pid":700})");
}

TEST(FileJoins, ARecordOfANewFileIsOneOfItsCreation) {
  const auto lines = Joined::OfFile({
      Opened(1, kCreate),
      Opened(2, kCreate, kFile, kPath, kCreateNew),
      Opened(3, kCreate, kFile, kPath, kCreateNew),
      Closed(4),
      Opened(5, kCreate, kFile, kPath, kCreateNew),
  });
  EXPECT_EQ(AllHappened(lines), (Texts{"", "file_create", "", "", "file_create"}));
}

TEST(FileJoins, TheFirstWriteIsTheChange) {
  const auto lines = Joined::OfFile({
      Written(1),  // of a file that was opened before
      Written(2),
      Opened(3, kOpen),
      Written(4),
      Written(5),
      Closed(6),
      Opened(7, kOpen, kFile, "\\??\\C:\\other"),
      Written(8),
      Named(9, kRundown, "\\??\\C:\\early"),
  });
  EXPECT_EQ(AllHappened(lines),
            (Texts{"file_modify", "", "", "file_modify", "", "", "", "file_modify", ""}));
  EXPECT_EQ(Member(lines[0], "file"), R"({"path":"C:\\early"})");
  EXPECT_EQ(Member(lines[3], "file"), R"({"path":"C:\\a\\b.txt"})");
  EXPECT_EQ(Member(lines[7], "file"), R"({"path":"C:\\other"})");
}

TEST(FileJoins, AKeyThatIsGivenAgainHasItsNewNameFromThenOn) {
  const auto lines = Joined::OfFile({
      Written(1, 0x10),
      Named(2, 0x23, "\\??\\C:\\first"),  // FileDelete: the key ends
      Named(3, kFileCreated, "\\??\\C:\\second"),
      Written(4, 0x20),
      Named(5, kRundown, "\\??\\C:\\second"),
  });
  EXPECT_EQ(Member(lines[0], "file"), R"({"path":"C:\\first"})");
  EXPECT_EQ(Member(lines[3], "file"), R"({"path":"C:\\second"})");
}

TEST(FileJoins, ARelativeNameIsOnlyTheLastResort) {
  const auto lines = Joined::OfFile({
      Opened(1, kOpen, kFile, "b.txt"),
      Written(2),
      Named(3, kRundown, "\\??\\C:\\a\\b.txt"),
      Opened(4, kOpen, 0x999, "c.txt"),
  });
  EXPECT_EQ(Member(lines[1], "file"), R"({"path":"C:\\a\\b.txt"})");
  EXPECT_EQ(Member(lines[3], "file"), R"({"path":"c.txt"})");
}

TEST(FileJoins, AFileIsDeletedOnce) {
  EXPECT_EQ(
      AllHappened(Joined::OfFile({Opened(1, kOpen), Changed(2, kDelete), Changed(3, kDelete)})),
      (Texts{"", "file_delete", ""}));
  const auto lines = Joined::OfFile({Opened(1, kOpen), Changed(2, kDelete),
                                     ChangedPath(3, kDeletePath, "\\??\\C:\\gone"),
                                     ChangedPath(4, kDeletePath, "\\??\\C:\\gone")});
  EXPECT_EQ(AllHappened(lines), (Texts{"", "", "file_delete", ""}));
  EXPECT_EQ(Member(lines[2], "file"), R"({"path":"C:\\gone"})");
}

TEST(FileJoins, ARenameSaysBothNamesWhereTheTraceDoes) {
  const auto without = Joined::OfFile({Opened(1, kOpen), Changed(2, kRename)});
  EXPECT_EQ(AllHappened(without), (Texts{"", "file_rename"}));
  EXPECT_EQ(Member(without[1], "file"), R"({"previous_path":"C:\\a\\b.txt"})");
  const auto lines = Joined::OfFile({
      Opened(1, kOpen),
      Changed(2, kRename),
      ChangedPath(3, kRenamePath, "\\??\\C:\\new"),
      Written(4),
      ChangedPath(5, kRenamePath, "newer"),
  });
  EXPECT_EQ(AllHappened(lines), (Texts{"", "", "file_rename", "file_modify", "file_rename"}));
  EXPECT_EQ(Member(lines[2], "file"), R"({"path":"C:\\new","previous_path":"C:\\a\\b.txt"})");
  EXPECT_EQ(Member(lines[3], "file"), R"({"path":"C:\\new"})");
  EXPECT_EQ(Member(lines[4], "file"), R"({"path":"C:\\newer","previous_path":"C:\\new"})");
}

// A new name that nobody can complete is said, and then forgotten.
TEST(FileJoins, AFileKeepsTheNameItHadWhenItsNewOneIsRelative) {
  const auto lines = Joined::OfFile({
      Opened(1, kOpen),
      ChangedPath(2, kRenamePath, "folder\\new"),  // relative to a folder that is open
      Written(3),
  });
  EXPECT_EQ(Member(lines[1], "file"), R"({"path":"folder\\new","previous_path":"C:\\a\\b.txt"})");
  EXPECT_EQ(Member(lines[2], "file"), R"({"path":"C:\\a\\b.txt"})");
  const auto unknown = Joined::OfFile({
      ChangedPath(1, kRenamePath, "new"),  // of a file whose name was never said
      Written(2),
      Named(3, kFileCreated, "\\??\\C:\\named"),
      ChangedPath(4, kRenamePath, "folder\\new"),
      Written(5),
  });
  EXPECT_EQ(Member(unknown[4], "file"), R"({"path":"C:\\named"})");
}

// Zero is no file object: two records that have it are not of the same file.
TEST(FileJoins, WhatDoesNotSayWhichFileHappensEachTime) {
  const auto lines = Joined::OfFile({
      Written(1, 0),
      Written(2, 0),
      Changed(3, kDelete, 0),
      Changed(4, kDelete, 0),
      Written(5, 0),
      Opened(6, kCreate, 0),
      Opened(7, kCreate, 0),
  });
  EXPECT_EQ(AllHappened(lines), (Texts{"file_modify", "file_modify", "file_delete", "file_delete",
                                       "file_modify", "file_create", "file_create"}));
}

TEST(FileJoins, WhatDoesNotSayWhichFileHasTheNameOfItsKey) {
  const auto lines = Joined::OfFile({
      Opened(1, kOpen, 0, "\\??\\C:\\other"),
      Written(2, 0),
      Named(3, kRundown, kPath),
  });
  EXPECT_EQ(Member(lines[0], "file"), R"({"path":"C:\\other"})");
  EXPECT_EQ(Member(lines[1], "file"), R"({"path":"C:\\a\\b.txt"})");
}

TEST(FileJoins, WhoActsIsFoundByTheThread) {
  const auto lines = Joined::OfFile({
      Written(1),
      ThreadRecord({.tick = 2}, kEnd, 700, 20),
      ThreadRecord({.tick = 3, .pid = 800}, kStart, 800, 20),
      Written(4),
  });
  EXPECT_EQ(Member(lines[0], "process"), R"({"guid":"700-0","pid":700})");
  EXPECT_EQ(Member(lines[3], "process"), R"({"guid":"800-0","pid":800})");
}

TEST(FileJoins, OlderRecordsOf32BitsSayTheSame) {
  const auto lines = Joined::OfFile({
      ThreadRecord({.tick = 1}, kDcStart, 700, 20),
      Kernel({.tick = 2}, 4, 0x40, 2,
             Payload(4).Ptr(1).Ptr(20).Ptr(2).U32(kCreate << 24).U32(0).U32(0).Wide(kPath)),
  });
  EXPECT_EQ(HappenedIn(lines[1]), "file_create");
  EXPECT_EQ(Member(lines[1], "process"), R"({"guid":"700-0","pid":700})");
}

Bytes ByProvider(uint64_t tick, uint16_t id, const Payload& payload) {
  return Provider({.tick = tick, .pid = 700}, kKernelFile, id, 1, payload);
}
Bytes OpenedByProvider(uint64_t tick, uint16_t id, uint32_t disposition) {
  return ByProvider(
      tick, id,
      Payload().Ptr(kIrp).Ptr(kFile).U32(20).U32(disposition << 24).U32(0).U32(0).Wide(kPath));
}
Bytes WrittenByProvider(uint64_t tick) {
  return ByProvider(tick, 16,
                    Payload().U64(0).Ptr(kIrp).Ptr(kFile).Ptr(kKey).U32(20).U32(5).U32(0).U32(0));
}

TEST(FileJoins, TheProviderSaysTheSame) {
  const auto change = [](uint64_t tick, uint16_t id) {
    return ByProvider(tick, id, Payload().Ptr(kIrp).Ptr(kFile).Ptr(kKey).Ptr(1).U32(20).U32(13));
  };
  const auto change_path = [](uint64_t tick, uint16_t id, std::string_view path) {
    return ByProvider(tick, id,
                      Payload().Ptr(kIrp).Ptr(kFile).Ptr(kKey).Ptr(1).U32(20).U32(13).Wide(path));
  };
  const auto lines = Joined::OfFile({
      OpenedByProvider(1, 12, kOpen),
      OpenedByProvider(2, 30, kCreate),
      WrittenByProvider(3),
      change(4, 19),
      change_path(5, 27, "\\??\\C:\\new"),
      change(6, 18),
      change_path(7, 26, "\\??\\C:\\new"),
  });
  EXPECT_EQ(AllHappened(lines),
            (Texts{"", "file_create", "file_modify", "", "file_rename", "", "file_delete"}));
}

// Where no record has the path.
TEST(FileJoins, TheProvidersDeleteIsOne) {
  const auto lines = Joined::OfFile({
      OpenedByProvider(1, 12, kOpen),
      ByProvider(2, 18, Payload().Ptr(kIrp).Ptr(kFile).Ptr(kKey).Ptr(1).U32(20).U32(13)),
  });
  EXPECT_EQ(HappenedIn(lines[1]), "file_delete");
}

TEST(FileJoins, OperationsOfTheDiskHaveTheFilesName) {
  const auto on_disk = [](uint64_t tick, uint8_t type) {
    return Kernel(
        {.tick = tick}, 1, type, 3,
        Payload().U32(0).U32(0).U32(512).U32(0).U64(0).Ptr(kKey).Ptr(kIrp).U64(0).U32(20));
  };
  const auto lines = Joined::OfFile({
      on_disk(1, 0x0A),
      on_disk(2, 0x0B),
      Kernel({.tick = 3}, 2, 0x20, 0,
             Payload().U64(0).U64(0).Ptr(0x1000).Ptr(kKey).U32(20).U32(512)),
      Named(4, kRundown, "\\??\\C:\\a"),
  });
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(Member(lines[i], "file"), R"({"path":"C:\\a"})") << i;
    EXPECT_EQ(HappenedIn(lines[i]), "");
  }
}

TEST(FileJoins, OfBothSourcesTheKernelLoggerSaysIt) {
  const std::vector<Bytes> records = {OpenedByProvider(1, 12, kCreate), Opened(2, kCreate),
                                      WrittenByProvider(3), Written(4)};
  EXPECT_EQ(AllHappened(Joined::OfFile(records)), (Texts{"", "file_create", "", "file_modify"}));
  EXPECT_EQ(AllHappened(Joined::OfSession(records)), (Texts{"file_create", "", "file_modify", ""}));
  // Names of the kernel logger's are no operations.
  EXPECT_EQ(
      AllHappened(Joined::OfFile({OpenedByProvider(1, 12, kCreate), Named(2, kRundown, "\\a")})),
      (Texts{"file_create", ""}));
}

}  // namespace
}  // namespace nuthatch
