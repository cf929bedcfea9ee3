#include "enrich/image_map.h"

#include <gtest/gtest.h>

namespace nuthatch {
namespace {

constexpr uint64_t kSecond = 10'000'000;
constexpr uint64_t kNow = 1'000 * kSecond;
constexpr std::string_view kNtdllPath = R"(\Device\HarddiskVolume3\Windows\System32\ntdll.dll)";

ImageMap::Told At(uint32_t pid, uint64_t base, uint64_t time, std::string_view path,
                  uint64_t size = 0x1000) {
  return {pid, base, size, time, path, {1, 2, static_cast<uint32_t>(size)}};
}

// "a.dll+10", or "".
std::string Found(const ImageMap& map, uint32_t pid, uint64_t address, uint64_t time) {
  const LocatedAddress found = map.Find(pid, address, time);
  if (found.file == nullptr) return found.gave_up ? "gave up" : "";
  return std::string(found.file->name()) + "+" + std::to_string(address - found.base);
}

TEST(ImageMap, AnAddressIsInTheImageThatIsThere) {
  ImageMap map;
  map.Loaded(At(8, 0x10000, kNow, R"(\a.dll)"));
  map.Loaded(At(8, 0x20000, kNow, R"(\b.dll)", 0x2000));
  map.Loaded(At(12, 0x20000, kNow, R"(\c.dll)"));
  EXPECT_EQ(Found(map, 8, 0x10000, kNow), "a.dll+0");
  EXPECT_EQ(Found(map, 8, 0x10FFF, kNow), "a.dll+4095");
  EXPECT_EQ(Found(map, 8, 0x11000, kNow), "");
  EXPECT_EQ(Found(map, 8, 0x21FFF, kNow), "b.dll+8191");
  EXPECT_EQ(Found(map, 8, 0xFFFF, kNow), "");
  EXPECT_EQ(Found(map, 12, 0x20010, kNow), "c.dll+16");
  EXPECT_EQ(Found(map, 12, 0x10000, kNow), "");
  EXPECT_EQ(Found(map, 8, 0x10000, kNow - 1), "") << "it was not there yet";
}

TEST(ImageMap, WhatWasUnloadedAfterAStackWasTakenStillHasItsAddresses) {
  ImageMap map;
  map.Loaded(At(8, 0x10000, kNow, R"(\a.dll)"));
  map.Unloaded(At(8, 0x10000, kNow + 5, R"(\a.dll)"));
  map.Loaded(At(8, 0x10000, kNow + 7, R"(\b.dll)"));
  EXPECT_EQ(Found(map, 8, 0x10000, kNow + 4), "a.dll+0");
  EXPECT_EQ(Found(map, 8, 0x10000, kNow + 5), "");
  EXPECT_EQ(Found(map, 8, 0x10000, kNow + 9), "b.dll+0");
}

TEST(ImageMap, WhatTheSecondPassRepeatsIsThereAlready) {
  ImageMap map;
  for (int pass = 0; pass < 2; ++pass) {
    map.ProcessStarted(8, kNow);
    map.Loaded(At(8, 0x10000, kNow + 1, R"(\a.dll)"));
    map.Unloaded(At(8, 0x10000, kNow + 5 * kSecond, R"(\a.dll)"));
    map.Unloaded(At(8, 0x30000, kNow + 5 * kSecond, R"(\before.dll)"));
    map.Loaded(At(8, 0x10000, kNow + 9 * kSecond, R"(\b.dll)"));
    map.Running(At(8, 0x20000, kNow + 10 * kSecond, R"(\c.dll)"));
    map.ProcessEnded(8, kNow + 11 * kSecond);
    EXPECT_EQ(map.size(), 4u);
    EXPECT_EQ(Found(map, 8, 0x10000, kNow + 4 * kSecond), "a.dll+0");
    EXPECT_EQ(Found(map, 8, 0x30000, kNow + 4 * kSecond), "before.dll+0");
    EXPECT_EQ(Found(map, 8, 0x10000, kNow + 8 * kSecond), "");
    EXPECT_EQ(Found(map, 8, 0x10000, kNow + 10 * kSecond), "b.dll+0");
    EXPECT_EQ(Found(map, 8, 0x20000, kNow + 1), "c.dll+0") << "since the process began";
    EXPECT_EQ(Found(map, 8, 0x20000, kNow - 1), "");
  }
}

TEST(ImageMap, BothSourcesTellOfOneImage) {
  ImageMap map;
  map.Loaded(At(8, 0x10000, kNow, R"(\SystemRoot\a.dll)"));
  map.Loaded(At(8, 0x10000, kNow + 20, R"(\Device\HarddiskVolume3\Windows\a.dll)"));
  map.Unloaded(At(8, 0x10000, kNow + 5 * kSecond, R"(\Windows\a.dll)"));
  map.Unloaded(At(8, 0x10000, kNow + 5 * kSecond + 20, R"(\Device\a.dll)"));
  EXPECT_EQ(map.size(), 1u);
  EXPECT_EQ(Found(map, 8, 0x10000, kNow + 5 * kSecond + 10), "");
}

TEST(ImageMap, ANumberThatIsUsedAgainHasImagesOfItsOwn) {
  ImageMap map;
  map.Loaded(At(8, 0x10000, kNow, R"(\old.dll)"));
  map.ProcessEnded(8, kNow + 10);
  EXPECT_EQ(Found(map, 8, 0x10000, kNow + 12), "old.dll+0") << "its code may run on for a while";
  map.ProcessStarted(8, kNow + 20);
  map.Loaded(At(8, 0x20000, kNow + 21, R"(\new.dll)"));
  EXPECT_EQ(Found(map, 8, 0x10000, kNow + 19), "old.dll+0");
  EXPECT_EQ(Found(map, 8, 0x10000, kNow + 21), "");
  EXPECT_EQ(Found(map, 8, 0x20000, kNow + 21), "new.dll+0");
}

TEST(ImageMap, WhatNoImageHasMeansSomethingOnlyWhereAllImagesAreKnown) {
  ImageMap map;
  map.Loaded(At(8, 0x10000, kNow, R"(\a.dll)"));
  EXPECT_FALSE(map.Knows(8, kNow)) << "what came before is not told";
  map.Loaded(At(12, 0x10000, kNow, kNtdllPath));
  EXPECT_TRUE(map.Knows(12, kNow));
  EXPECT_FALSE(map.Knows(12, kNow - 1));
  EXPECT_FALSE(map.Knows(16, kNow));
  map.EventsLost(kNow + kSecond);
  EXPECT_FALSE(map.Knows(12, kNow + 2 * kSecond));
  map.Loaded(At(20, 0x10000, kNow + 2 * kSecond, kNtdllPath));
  EXPECT_TRUE(map.Knows(20, kNow + 2 * kSecond)) << "it began after the loss";
}

TEST(ImageMap, ARundownAfterALossTellsAllImagesAgain) {
  ImageMap map;
  map.Loaded(At(8, 0x10000, kNow, kNtdllPath));
  constexpr uint64_t kLoss = kNow + kSecond;
  map.EventsLost(kLoss);
  constexpr uint64_t kRundown = kLoss + kSecond;
  for (int pass = 0; pass < 2; ++pass) {  // as it arrives, and in its turn
    map.Running(At(8, 0x10000, kRundown, kNtdllPath));
    map.Running(At(8, 0x20000, kRundown + 1, R"(\lost.dll)"));
    map.Running(At(12, 0x10000, kRundown + 2, kNtdllPath));
  }
  EXPECT_FALSE(map.Knows(8, kRundown + ImageMap::kRundown + 1)) << "it may go on";
  EXPECT_TRUE(map.Knows(8, kRundown + ImageMap::kRundown + 2));
  EXPECT_TRUE(map.Knows(12, kRundown + ImageMap::kRundown + 2)) << "its start was lost";
  EXPECT_EQ(Found(map, 8, 0x20000, kRundown), "lost.dll+0");
  map.EventsLost(kRundown + 3);
  EXPECT_FALSE(map.Knows(8, kRundown + ImageMap::kRundown + 2));
}

TEST(ImageMap, ARundownBeforeALossDoesNot) {
  ImageMap map;
  map.Loaded(At(8, 0x10000, kNow, kNtdllPath));
  map.EventsLost(kNow + kSecond);
  map.Running(At(8, 0x10000, kNow + kSecond, kNtdllPath));
  EXPECT_FALSE(map.Knows(8, kNow + 10 * kSecond));
}

TEST(ImageMap, ARundownThatGoesOnDoesNotTellOfAllImagesYet) {
  ImageMap map;
  map.Running(At(8, 0x10000, kNow, kNtdllPath));
  EXPECT_FALSE(map.Knows(8, kNow));
  EXPECT_FALSE(map.Knows(8, kNow + ImageMap::kRundown - 1));
  EXPECT_TRUE(map.Knows(8, kNow + ImageMap::kRundown));
  map.Running(At(12, 0x10000, kNow + ImageMap::kRundown, kNtdllPath));
  EXPECT_FALSE(map.Knows(8, kNow + ImageMap::kRundown));
  map.RundownIsOver();
  EXPECT_TRUE(map.Knows(8, kNow));
}

TEST(ImageMap, KnowsWindowsOwnImagesByPathAndHeader) {
  ImageMap map;
  for (uint32_t pid = 8; pid < 40; pid += 4) map.Loaded(At(pid, 0x10000, kNow, kNtdllPath));
  const auto add = [&](std::string_view path, uint32_t timestamp) {
    static uint64_t base = 0x100000;
    ImageMap::Told image = At(4, base += 0x10000, kNow, path);
    image.numbers.timestamp = timestamp;
    map.Loaded(image);
    return map.Find(4, base, kNow).file;
  };
  EXPECT_TRUE(map.IsGenuine(*add(kNtdllPath, 1)));
  EXPECT_TRUE(map.IsGenuine(*add(R"(\SystemRoot\system32\ntdll.dll)", 1)));
  EXPECT_TRUE(map.IsGenuine(*add(R"(\Windows\System32\NTDLL.DLL)", 0))) << "rundowns leave it out";
  EXPECT_FALSE(map.IsGenuine(*add(kNtdllPath, 7))) << "another file of that path";
  EXPECT_FALSE(map.IsGenuine(*add(R"(\Device\HarddiskVolume4\Windows\System32\ntdll.dll)", 1)));
  EXPECT_FALSE(map.IsGenuine(*add(R"(\Device\HarddiskVolume3\x\Windows\System32\ntdll.dll)", 1)));
  EXPECT_FALSE(map.IsGenuine(*add(R"(\Device\HarddiskVolume3\Users\a\ntdll.dll)", 1)));
  EXPECT_FALSE(map.IsGenuine(*add(R"(\a.dll)", 1)));
}

constexpr std::string_view kNtdll32Path = R"(\Device\HarddiskVolume3\Windows\SysWOW64\ntdll.dll)";
constexpr std::string_view kWin32uPath = R"(\Device\HarddiskVolume3\Windows\System32\win32u.dll)";

Mapping MappingAt(const ImageMap& map, uint64_t address, uint64_t time, uint32_t pid = 8) {
  const LocatedAddress found = map.Find(pid, address, time);
  EXPECT_NE(found.file, nullptr);
  return found.mapping;
}

TEST(ImageMap, OfTwoMappingsOfAnImageOfWindowsTheSecondIsACopy) {
  for (const std::string_view path : {kNtdllPath, kNtdll32Path, kWin32uPath}) {
    ImageMap map;
    map.ProcessStarted(8, kNow);
    map.Loaded(At(8, 0x70000, kNow + 1, path));
    EXPECT_EQ(MappingAt(map, 0x70000, kNow + 1), Mapping::kOwn) << path;
    map.Loaded(At(8, 0x10000, kNow + 2, path));
    EXPECT_EQ(MappingAt(map, 0x70000, kNow + 2), Mapping::kOwn) << path;
    EXPECT_EQ(MappingAt(map, 0x10000, kNow + 2), Mapping::kCopy) << path;
  }
}

TEST(ImageMap, ThePathsOfOneImageAreManyAndItsCopyIsStillOne) {
  ImageMap map;
  map.Loaded(At(8, 0x70000, kNow, kNtdllPath));
  map.Loaded(At(8, 0x10000, kNow + 2, R"(\SystemRoot\System32\NTDLL.DLL)"));
  EXPECT_EQ(MappingAt(map, 0x10000, kNow + 2), Mapping::kCopy);
}

TEST(ImageMap, ACopyStaysOneWhenTheFirstIsUnmapped) {
  ImageMap map;
  map.ProcessStarted(8, kNow);
  map.Loaded(At(8, 0x70000, kNow + 1, kNtdllPath));
  map.Loaded(At(8, 0x10000, kNow + 2, kNtdllPath));
  map.Unloaded(At(8, 0x70000, kNow + 3, kNtdllPath));
  EXPECT_EQ(MappingAt(map, 0x10000, kNow + 4), Mapping::kCopy);
  map.Forget(kNow + kSecond);
  EXPECT_EQ(map.size(), 1u);
  EXPECT_EQ(MappingAt(map, 0x10000, kNow + 4), Mapping::kCopy);
}

// Windows does so when the process begins, and not again.
TEST(ImageMap, AnNtdllThatIsMappedWhenTheFirstHasGoneIsACopy) {
  for (const std::string_view path : {kNtdllPath, kNtdll32Path}) {
    ImageMap map;
    map.ProcessStarted(8, kNow);
    map.Loaded(At(8, 0x70000, kNow + 1, path));
    map.Unloaded(At(8, 0x70000, kNow + 2, path));
    map.Forget(kNow + kSecond);
    EXPECT_EQ(map.size(), 0u);
    map.Loaded(At(8, 0x70000, kNow + 2 * kSecond, path));
    EXPECT_EQ(MappingAt(map, 0x70000, kNow + 2 * kSecond), Mapping::kCopy) << path;
  }
}

TEST(ImageMap, WhatTheLoaderLoadsAgainIsTheProcesssOwn) {
  ImageMap map;
  map.ProcessStarted(8, kNow);
  map.Loaded(At(8, 0x70000, kNow + 1, kWin32uPath));
  map.Unloaded(At(8, 0x70000, kNow + 2, kWin32uPath));
  map.Loaded(At(8, 0x10000, kNow + 3, kWin32uPath));
  EXPECT_EQ(MappingAt(map, 0x10000, kNow + 3), Mapping::kOwn);
}

TEST(ImageMap, OfAnotherProcessIsNoMatterAndOfTheNumbersNextOneNeither) {
  ImageMap map;
  map.ProcessStarted(8, kNow);
  map.Loaded(At(8, 0x70000, kNow + 1, kNtdllPath));
  map.Loaded(At(12, 0x70000, kNow + 2, kNtdllPath));
  EXPECT_EQ(MappingAt(map, 0x70000, kNow + 2, 12), Mapping::kOwn);
  map.Unloaded(At(8, 0x70000, kNow + 3, kNtdllPath));
  map.ProcessEnded(8, kNow + 4);
  map.ProcessStarted(8, kNow + 2 * kSecond);
  map.Loaded(At(8, 0x70000, kNow + 2 * kSecond + 1, kNtdllPath));
  EXPECT_EQ(MappingAt(map, 0x70000, kNow + 2 * kSecond + 1), Mapping::kOwn);
}

// Of traces that tell of images and not of processes.
TEST(ImageMap, OfANumberThatMayBeAnotherProcesssByNowNothingIsCertain) {
  ImageMap map;
  map.Loaded(At(8, 0x70000, kNow, kNtdllPath));
  map.Unloaded(At(8, 0x70000, kNow + 1, kNtdllPath));
  map.Loaded(At(8, 0x70000, kNow + 2, kNtdllPath));
  EXPECT_EQ(MappingAt(map, 0x70000, kNow + 2), Mapping::kUnknown);
  map.EventsLost(kNow + 3);
  map.Loaded(At(8, 0x70000, kNow + 2 * kSecond, kNtdllPath));
  EXPECT_EQ(MappingAt(map, 0x70000, kNow + 2 * kSecond), Mapping::kOwn) << "its start may be lost";
}

TEST(ImageMap, BothNtdllsOfAProcessOf32BitsAreItsOwn) {
  ImageMap map;
  map.ProcessStarted(8, kNow);
  map.Loaded(At(8, 0x7000'0000'0000, kNow + 1, kNtdllPath));
  map.Loaded(At(8, 0x70000, kNow + 2, kNtdll32Path));
  EXPECT_EQ(MappingAt(map, 0x7000'0000'0000, kNow + 3), Mapping::kOwn);
  EXPECT_EQ(MappingAt(map, 0x70000, kNow + 3), Mapping::kOwn);
  map.Loaded(At(8, 0x90000, kNow + 4, kNtdll32Path));
  EXPECT_EQ(MappingAt(map, 0x70000, kNow + 4), Mapping::kOwn);
  EXPECT_EQ(MappingAt(map, 0x90000, kNow + 4), Mapping::kCopy);
}

TEST(ImageMap, WhatRanBeforeTheTraceWasThereBeforeWhatIsMappedInIt) {
  const auto begun = At(8, 0x10000, kNow + 1, kNtdllPath);
  ImageMap at_start;
  at_start.Running(At(8, 0x70000, kNow, kNtdllPath));
  at_start.Loaded(begun);
  ImageMap at_end;
  at_end.Loaded(begun);
  at_end.Running(At(8, 0x70000, kNow + 5, kNtdllPath));
  at_end.Running(At(8, 0x10000, kNow + 5, kNtdllPath));
  for (const ImageMap* map : {&at_start, &at_end}) {
    EXPECT_EQ(MappingAt(*map, 0x70000, kNow + 1), Mapping::kOwn);
    EXPECT_EQ(MappingAt(*map, 0x10000, kNow + 1), Mapping::kCopy);
  }
}

// It has them in the order of their addresses.
TEST(ImageMap, OfTwoThatARundownTellsOfNobodyKnowsWhichWasFirst) {
  ImageMap map;
  map.Running(At(8, 0x10000, kNow, kNtdllPath));
  map.Running(At(8, 0x70000, kNow, kNtdllPath));
  EXPECT_EQ(MappingAt(map, 0x10000, kNow), Mapping::kUnknown);
  EXPECT_EQ(MappingAt(map, 0x70000, kNow), Mapping::kUnknown);
  map.Loaded(At(8, 0x90000, kNow + 1, kNtdllPath));
  EXPECT_EQ(MappingAt(map, 0x90000, kNow + 1), Mapping::kCopy);
}

TEST(ImageMap, OfOneWhoseLoadMayHaveBeenLostNobodyDoesEither) {
  ImageMap map;
  map.ProcessStarted(8, kNow);
  map.Loaded(At(8, 0x70000, kNow + 1, kNtdllPath));
  map.EventsLost(kNow + kSecond);
  map.Running(At(8, 0x10000, kNow + 2 * kSecond, kNtdllPath));
  EXPECT_EQ(MappingAt(map, 0x10000, kNow + 2 * kSecond), Mapping::kUnknown);
}

// A clone of a process has its images without their being loaded: nobody tells of them.
TEST(ImageMap, OfACloneThatMapsNtdllNothingIsKnown) {
  ImageMap map;
  for (uint32_t pid = 20; pid < 32; pid += 4) map.Loaded(At(pid, 0x70000, kNow, kNtdllPath));
  map.ProcessStarted(8, kNow + 1);
  EXPECT_FALSE(map.Knows(8, kNow + 2));
  map.Loaded(At(8, 0x10000, kNow + 3, kNtdllPath));
  EXPECT_EQ(MappingAt(map, 0x10000, kNow + 3), Mapping::kUnknown);
  EXPECT_FALSE(map.Knows(8, kNow + 3)) << "what is in no image may be in its own ntdll";
  map.Running(At(8, 0x70000, kNow + 4, kNtdllPath));
  map.RundownIsOver();
  EXPECT_TRUE(map.Knows(8, kNow + 4));
  EXPECT_NE(MappingAt(map, 0x10000, kNow + 4), Mapping::kOwn);
}

TEST(ImageMap, OneProcesssCopyDoesNotTellWhereNtdllIs) {
  ImageMap map;
  map.Loaded(At(8, 0x10000, kNow, kNtdllPath));
  map.Loaded(At(12, 0x70000, kNow, kNtdllPath));
  map.Loaded(At(16, 0x70000, kNow, kNtdllPath));
  map.Loaded(At(20, 0x70000, kNow, kNtdllPath));
  EXPECT_EQ(MappingAt(map, 0x70000, kNow, 12), Mapping::kOwn);
  EXPECT_TRUE(map.Knows(12, kNow));
  EXPECT_EQ(MappingAt(map, 0x10000, kNow, 8), Mapping::kUnknown);
}

TEST(ImageMap, AHundredThousandImagesAreFoundAtOnce) {
  constexpr uint64_t kImages = 100'000;
  ImageMap map;
  for (uint64_t i = 0; i < kImages; ++i)
    map.Loaded(At(8, 0x10000 * (i + 1), kNow, "\\" + std::to_string(i % 100) + ".dll"));
  EXPECT_EQ(map.size(), kImages);
  EXPECT_FALSE(map.has_left_out());
  for (uint64_t i = 0; i < kImages; i += 77) {
    const std::string name = std::to_string(i % 100) + ".dll+5";
    EXPECT_EQ(Found(map, 8, 0x10000 * (i + 1) + 5, kNow), name);
  }
}

TEST(ImageMap, IsBoundedWhateverItIsTold) {
  ImageMap map;
  const std::string long_path = "\\" + std::string(10'000, 'x');
  for (uint64_t i = 0; i < ImageMap::kMaxImages + 1000; ++i) {
    const auto pid = static_cast<uint32_t>(i / 1000 * 4 + 8);
    map.Loaded(At(pid, 0x10000 * (i + 1), kNow + i, long_path + std::to_string(i)));
    if (i % 3 == 0) map.Unloaded(At(pid, 0x10000 * (i + 1), kNow + i + 1, ""));
  }
  EXPECT_LE(map.size(), ImageMap::kMaxImages);
  EXPECT_LE(map.path_bytes(), ImageMap::kMaxPathBytes + 2 * long_path.size());
  EXPECT_TRUE(map.has_left_out());
}

TEST(ImageMap, OnceOneIsLeftOutNoProcesssImagesAreAllKnown) {
  ImageMap map;
  map.Loaded(At(8, 0x10000, kNow, kNtdllPath));
  for (uint64_t i = 1; map.size() < ImageMap::kMaxImages; ++i)
    map.Loaded(At(12, 0x10000 * i, kNow, R"(\a.dll)"));
  EXPECT_TRUE(map.Knows(8, kNow));
  map.Loaded(At(16, 0x10000, kNow, R"(\a.dll)"));
  EXPECT_TRUE(map.has_left_out());
  EXPECT_FALSE(map.Knows(8, kNow)) << "it may have been one of this process";
}

// Of two that were there one after the other, however often that was, the search is short.
TEST(ImageMap, ImagesThatComeAndGoAtOnePlaceDoNotSlowTheSearch) {
  ImageMap map;
  for (uint64_t i = 0; i < 50'000; ++i) {
    map.Loaded(At(8, 0x10000, kNow + 10 * i, R"(\a.dll)"));
    map.Unloaded(At(8, 0x10000, kNow + 10 * i + 5, R"(\a.dll)"));
  }
  map.Loaded(At(8, 0x8000, kNow, R"(\below.dll)", 0x100'000));
  for (uint64_t i = 0; i < 50'000; ++i) {
    EXPECT_EQ(Found(map, 8, 0x10010, kNow + 10 * i + 2), "a.dll+16");
    EXPECT_EQ(Found(map, 8, 0x20010, kNow + 10 * i + 7), "below.dll+98320");
  }
  map.Forget(kNow + 1'000'000'000);
  EXPECT_EQ(map.size(), 1u);
}

TEST(ImageMap, CompilersMakeCodeThatNoImageHas) {
  ImageMap map;
  map.Loaded(At(8, 0x10000, kNow, R"(\Windows\Microsoft.NET\Framework64\v4.0.30319\CLR.dll)"));
  EXPECT_TRUE(map.MakesCode(8, kNow));
  EXPECT_FALSE(map.MakesCode(8, kNow - 1));
  EXPECT_FALSE(map.MakesCode(12, kNow));
}

}  // namespace
}  // namespace nuthatch
