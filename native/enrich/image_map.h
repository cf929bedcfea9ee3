// Which image an address of a process was in, at a time.
#ifndef NUTHATCH_ENRICH_IMAGE_MAP_H_
#define NUTHATCH_ENRICH_IMAGE_MAP_H_

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/sip_hash.h"
#include "enrich/recent_map.h"
#include "model/image_numbers.h"
#include "platform/random.h"

namespace nuthatch {

// Images of Windows from which system calls are made, by their paths: \Windows\System32\ntdll.dll.
enum class SystemImage : uint8_t {
  kNone,
  kNtdll,
  kNtdll32,  // of SysWOW64
  kWin32u,
  kUser32,  // before Windows 10 these make their own calls
  kGdi32,
  kImm32,
  kWow64,
  kWow64Cpu,
  kWow64Win,
  kWow64Base,
  kWow64Con,
};
constexpr size_t kSystemImages = 12;

// A file that is mapped somewhere.
struct ImageFile {
  std::string path;  // as the kernel has it
  ImageNumbers numbers;
  SystemImage system = SystemImage::kNone;  // by its path alone
  bool makes_code = false;                  // a just-in-time compiler by its path
  size_t mapped = 0;                        // in how many places of the map
  uint64_t ever_mapped = 0;
  // Its path as Win32 has it, for who asks for that: of the revision of Volumes that is before it.
  mutable uint64_t shown_revision = std::numeric_limits<uint64_t>::max();
  mutable std::string shown;

  // The last part of its path.
  std::string_view name() const;
};

// Of an image of Windows: whether the process has its own there, or one that was mapped besides.
enum class Mapping : uint8_t { kOwn, kUnknown, kCopy };

struct LocatedAddress {
  const ImageFile* file = nullptr;  // none: no image that is known has it
  uint64_t base = 0;
  Mapping mapping = Mapping::kOwn;
  bool gave_up = false;  // too much lies around it
};

// For one thread at a time. Times are FILETIME. A recorded trace is told of twice: what the second
// pass says again is there already. What is returned lasts until the map is changed.
class ImageMap {
 public:
  static constexpr uint32_t kKernel = 0;  // the process of the kernel's images
  static constexpr size_t kMaxImages = size_t{1} << 17;
  static constexpr size_t kMaxPathBytes = size_t{8} << 20;
  // Code of a process runs on after its end is told, and stacks come late.
  static constexpr uint64_t kAfterEnd = 50'000'000;  // 5 s
  // A rundown tells one image after the other: within this time of the last one more may come.
  static constexpr uint64_t kRundown = 10'000'000;  // 1 s

  struct Told {
    uint32_t pid = 0;
    uint64_t base = 0;
    uint64_t size = 0;
    uint64_t time = 0;
    std::string_view path;
    ImageNumbers numbers;
  };

  ImageMap() : key_{RandomWord(), RandomWord()}, files_(64, TextHash{key_}) {}

  void Loaded(const Told& image);
  void Unloaded(const Told& image);
  // It is there, since the process or the trace began.
  void Running(const Told& image);
  void ProcessStarted(uint32_t pid, uint64_t time);
  void ProcessEnded(uint32_t pid, uint64_t time);
  // Events were lost up to now: what runs may have images that nobody tells of, until a rundown
  // after that tells them all.
  void EventsLost(uint64_t time) { lost_until_ = time; }
  // All rundowns have been told, in an earlier pass.
  void RundownIsOver() { last_rundown_ = 0; }
  // Frees what ended before: nobody asks for that time any more.
  void Forget(uint64_t before);

  LocatedAddress Find(uint32_t pid, uint64_t address, uint64_t time) const;
  // Whether all images of the process are known, so that code which is in none has no file.
  bool Knows(uint32_t pid, uint64_t time) const;
  // Whether a compiler is loaded that makes such code.
  bool MakesCode(uint32_t pid, uint64_t time) const;
  // Whether it is the file that most processes have mapped by that path of Windows: the same by its
  // volume, as far as that is told, and by the numbers of its header.
  bool IsGenuine(const ImageFile& file) const;
  bool Has(SystemImage system) const { return genuine_[static_cast<size_t>(system)] != nullptr; }

  size_t size() const { return images_.size(); }
  size_t path_bytes() const { return path_bytes_; }
  // There was no room for some.
  bool has_left_out() const { return has_left_out_; }

 private:
  static constexpr uint64_t kStays = std::numeric_limits<uint64_t>::max();
  // Both the kernel's logger and Kernel-Process tell of one load within this time.
  static constexpr uint64_t kSame = 10'000'000;  // 1 s
  // Images of one process that are looked at for what it has loaded.
  static constexpr size_t kMostLookedAt = 4096;
  // Images below an address that had ended, of which one may yet reach up to it.
  static constexpr size_t kMostPassed = 64;

  struct Key {
    uint32_t pid;
    uint64_t base;
    uint64_t begin;
    // NOLINTNEXTLINE(modernize-use-nullptr): its generated comparison with 0
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  struct Image {
    uint64_t size;
    uint64_t end;
    uint64_t told;   // when it was known to be there; after a loss, once more
    uint64_t since;  // it had begun by then
    ImageFile* file;
    Mapping mapping;
  };
  struct Process {
    uint64_t start;       // 0: it is not told
    uint64_t ntdll_gone;  // when its own ntdll was unmapped; 0: never
  };
  // Where Windows has an ntdll in all processes: the kernel calls it there.
  struct NtdllBase {
    uint64_t base = 0;
    size_t votes = 0;  // of processes, less those of others
  };
  using Map = std::map<Key, Image>;
  Map::iterator LastBegun(const Told& image);
  static bool IsOf(const Told& told, const Image& image);
  Process& ProcessOf(uint32_t pid);
  uint64_t StartOf(uint32_t pid, uint64_t time) const;
  void Insert(const Told& image, uint64_t begin, uint64_t end, uint64_t since);
  uint64_t SinceOf(const Told& image, uint64_t begin) const;
  void Compare(Map::iterator added);
  void CompareWithGone(Map::iterator added);
  bool IsElsewhere(const Key& key, const Image& image) const;
  void End(Map::iterator at, uint64_t time);
  void Erase(Map::iterator at);
  bool MakeRoom();
  ImageFile* Take(std::string_view path, const ImageNumbers& numbers);
  void Release(ImageFile* file);
  void Free(const ImageFile& file);
  const std::string& KeyOf(std::string_view path, const ImageNumbers& numbers);
  template <typename Test>
  bool Any(uint32_t pid, uint64_t time, Test test) const;

  const SipKey key_;
  Map images_;
  std::deque<Key> ended_;  // in the order in which their ends were told
  std::unordered_map<std::string, std::unique_ptr<ImageFile>, TextHash, std::equal_to<>> files_;
  std::array<const ImageFile*, kSystemImages> genuine_{};
  std::array<NtdllBase, 2> ntdll_bases_;
  RecentMap<Process> processes_{size_t{1} << 14};
  size_t path_bytes_ = 0;
  uint64_t last_rundown_ = 0;
  uint64_t lost_until_ = 0;
  bool has_left_out_ = false;
  std::string file_key_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_ENRICH_IMAGE_MAP_H_
