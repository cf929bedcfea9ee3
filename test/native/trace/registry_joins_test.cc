#include "trace/registry_joins.h"

#include <gtest/gtest.h>

#include "trace/joined.h"
#include "trace/trace_records.h"

namespace nuthatch {
namespace {

using Texts = std::vector<std::string>;

constexpr uint64_t kKey = 0xFFFF'A000'0000'0100;
constexpr uint32_t kDenied = 0xC0000022;

enum Type : uint8_t {
  kCreate = 0x0A,
  kOpen = 0x0B,
  kDelete = 0x0C,
  kSetValue = 0x0E,
  kDeleteValue = 0x0F,
  kQueryValue = 0x10,
  kKcbCreate = 0x16,
  kKcbDelete = 0x17,
  kRundownEnd = 0x19,
};

Bytes Logged(uint64_t tick, uint8_t type, std::string_view name, uint64_t key = kKey,
             uint32_t status = 0) {
  return Kernel({.tick = tick, .pid = 700}, 9, type, 2,
                Payload().U64(0).U32(status).U32(0).Ptr(key).Wide(name));
}

TEST(RegistryJoins, KeysHaveTheNamesThatTheRundownAtTheEndGives) {
  const auto lines = Joined::OfFile({
      Logged(1, kCreate, "Sub"),
      Logged(2, kSetValue, "Value"),
      Logged(3, kSetValue, ""),
      Logged(4, kDeleteValue, "Value"),
      Logged(5, kDelete, "Sub"),
      Logged(6, kOpen, "\\REGISTRY\\USER\\S-1", 0),
      Logged(7, kQueryValue, "Value"),
      Logged(8, kRundownEnd, "\\REGISTRY\\MACHINE\\SOFTWARE\\A"),
  });
  EXPECT_EQ(AllHappened(lines), (Texts{"registry_create", "registry_set", "registry_set",
                                       "registry_delete", "registry_delete", "", "", ""}));
  EXPECT_EQ(Member(lines[0], "key"), R"({"path":"\\REGISTRY\\MACHINE\\SOFTWARE\\A\\Sub"})");
  EXPECT_EQ(Member(lines[1], "key"),
            R"({"path":"\\REGISTRY\\MACHINE\\SOFTWARE\\A","value":"Value"})");
  EXPECT_EQ(Member(lines[2], "key"), R"({"path":"\\REGISTRY\\MACHINE\\SOFTWARE\\A","value":""})");
  EXPECT_EQ(Member(lines[5], "key"), R"({"path":"\\REGISTRY\\USER\\S-1"})");
}

TEST(RegistryJoins, WhatFailsDidNotHappen) {
  const auto lines = Joined::OfFile({
      Logged(1, kCreate, "Sub", kKey, kDenied),
      Logged(2, kSetValue, "Value", kKey, kDenied),
      Logged(3, kDeleteValue, "Value", kKey, kDenied),
      Logged(4, kDelete, "Sub", kKey, kDenied),
  });
  EXPECT_EQ(AllHappened(lines), (Texts{"", "", "", ""}));
}

TEST(RegistryJoins, ABlockThatIsUsedAgainHasItsNewNameFromThenOn) {
  const auto lines = Joined::OfFile({
      Logged(1, kSetValue, "early"),
      Logged(2, kKcbDelete, ""),
      Logged(3, kSetValue, "between"),
      Logged(4, kKcbCreate, "\\REGISTRY\\A"),
      Logged(5, kSetValue, "late"),
  });
  EXPECT_EQ(Member(lines[0], "key"), R"({"value":"early"})");
  EXPECT_EQ(Member(lines[2], "key"), R"({"value":"between"})");
  EXPECT_EQ(Member(lines[4], "key"), R"({"path":"\\REGISTRY\\A","value":"late"})");
}

TEST(RegistryJoins, WithoutAProcessItIsTheThreadThatRuns) {
  const auto with = [](uint64_t tick, uint32_t tid) {
    return Kernel({.tick = tick}, 5, 0x24, 2, Payload().U32(tid).U32(0).U64(0).U32(0).U32(0));
  };
  const Bytes set =
      Kernel({.tick = 4}, 9, kSetValue, 2, Payload().U64(0).U32(0).U32(0).Ptr(kKey).Wide("Value"));
  const auto lines = Joined::OfFile({
      ThreadRecord({.tick = 1}, kDcStart, 700, 20),
      ThreadRecord({.tick = 1}, kDcStart, 800, 21),
      with(2, 21),
      with(3, 20),
      set,
  });
  EXPECT_EQ(Member(lines[4], "process"), R"({"guid":"700-0","pid":700})");
}

Bytes Opened(uint64_t tick, uint16_t id, uint64_t base, uint64_t key, std::string_view base_name,
             std::string_view name, uint32_t disposition = 1, uint32_t status = 0) {
  return Provider(
      {.tick = tick, .pid = 700}, kKernelRegistry, id, 0,
      Payload().Ptr(base).Ptr(key).U32(status).U32(disposition).Wide(base_name).Wide(name));
}
Bytes OfKey(uint64_t tick, uint16_t id, uint64_t key, std::string_view name = {}) {
  return Provider({.tick = tick, .pid = 700}, kKernelRegistry, id, 0,
                  Payload().Ptr(key).U32(0).Wide(name));
}
Bytes ValueSet(uint64_t tick, uint64_t key, uint32_t type, const Bytes& data) {
  Payload payload;
  payload.Ptr(key).U32(0).U32(type).U32(static_cast<uint32_t>(data.size())).Wide({}).Wide("Value");
  payload.U16(static_cast<uint16_t>(data.size())).Raw(data).U32(0).U32(0).U16(0);
  return Provider({.tick = tick, .pid = 700}, kKernelRegistry, 5, 0, payload);
}

TEST(RegistryJoins, TheProvidersKeysAreNamedWhenTheyAreOpened) {
  const auto lines = Joined::OfFile({
      Opened(1, 2, 0, 0x10, "", "\\REGISTRY\\MACHINE\\A"),
      Opened(2, 1, 0x10, 0x20, "", "B"),
      Opened(3, 1, 0x10, 0x30, "\\REGISTRY\\USER", "C", /*disposition=*/2),
      ValueSet(4, 0x20, 4, {1, 2, 0, 0}),
      OfKey(5, 3, 0x30),
      OfKey(6, 13, 0x20),
      Opened(7, 1, 0x10, 0x40, "", "D", 1, kDenied),
      ValueSet(8, 0x20, 1, BytesOf(std::string_view("a\0\xE9\0", 4))),
  });
  EXPECT_EQ(AllHappened(lines), (Texts{"", "registry_create", "", "registry_set", "registry_delete",
                                       "", "", "registry_set"}));
  EXPECT_EQ(Member(lines[1], "key"), R"({"path":"\\REGISTRY\\MACHINE\\A\\B"})");
  EXPECT_EQ(
      Member(lines[3], "key"),
      R"({"path":"\\REGISTRY\\MACHINE\\A\\B","value":"Value","data":"513","data_type":"dword"})");
  EXPECT_EQ(Member(lines[4], "key"), R"({"path":"\\REGISTRY\\USER\\C"})");
  EXPECT_EQ(Member(lines[7], "key"),
            "{\"value\":\"Value\",\"data\":\"a\xC3\xA9\",\"data_type\":\"string\"}");
}

TEST(RegistryJoins, TheProviderTellsOfValuesThatAreDeleted) {
  const auto lines = Joined::OfFile({
      Opened(1, 2, 0, 0x10, "", "\\REGISTRY\\MACHINE\\A"),
      Provider({.tick = 2, .pid = 700}, kKernelRegistry, 6, 0,
               Payload().Ptr(0x10).U32(0).Wide({}).Wide("Value")),
  });
  EXPECT_EQ(HappenedIn(lines[1]), "registry_delete");
  EXPECT_EQ(Member(lines[1], "key"), R"({"path":"\\REGISTRY\\MACHINE\\A","value":"Value"})");
}

TEST(RegistryJoins, OfKeysThatWereOpenBeforeTheNameComesLater) {
  const auto lines = Joined::OfFile({
      ValueSet(1, 0x20, 4, {1, 0, 0, 0}),
      Opened(2, 2, 0, 0x20, "", "\\REGISTRY\\other"),
      ValueSet(3, 0x30, 4, {1, 0, 0, 0}),
      OfKey(4, 13, 0x30, "\\REGISTRY\\mine"),
  });
  // That record came before the number was given to another key.
  EXPECT_EQ(Member(lines[0], "key"), R"({"value":"Value","data":"1","data_type":"dword"})");
  EXPECT_EQ(lines[2].find("mine"), lines[2].npos);
}

TEST(RegistryJoins, OfBothSourcesTheKernelLoggerSaysIt) {
  const std::vector<Bytes> records = {ValueSet(1, 0x20, 4, {1, 0, 0, 0}),
                                      Logged(2, kSetValue, "Value")};
  EXPECT_EQ(AllHappened(Joined::OfFile(records)), (Texts{"", "registry_set"}));
  EXPECT_EQ(AllHappened(Joined::OfSession(records)), (Texts{"registry_set", ""}));
}

}  // namespace
}  // namespace nuthatch
