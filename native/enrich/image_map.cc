#include "enrich/image_map.h"

#include <algorithm>
#include <iterator>

#include "base/ascii.h"

namespace nuthatch {
namespace {

struct SystemPath {
  std::string_view below;  // the volume
  SystemImage image;
};
constexpr SystemPath kSystemPaths[] = {
    {R"(\windows\system32\ntdll.dll)", SystemImage::kNtdll},
    {R"(\windows\syswow64\ntdll.dll)", SystemImage::kNtdll32},
    {R"(\windows\system32\win32u.dll)", SystemImage::kWin32u},
    {R"(\windows\system32\user32.dll)", SystemImage::kUser32},
    {R"(\windows\system32\gdi32.dll)", SystemImage::kGdi32},
    {R"(\windows\system32\imm32.dll)", SystemImage::kImm32},
    {R"(\windows\system32\wow64.dll)", SystemImage::kWow64},
    {R"(\windows\system32\wow64cpu.dll)", SystemImage::kWow64Cpu},
    {R"(\windows\system32\wow64win.dll)", SystemImage::kWow64Win},
    {R"(\windows\system32\wow64base.dll)", SystemImage::kWow64Base},
    {R"(\windows\system32\wow64con.dll)", SystemImage::kWow64Con},
};

// What is behind "", "C:", "\??\C:", "\Device\HarddiskVolume3": with a backslash at its beginning.
std::string_view BelowVolume(std::string_view path) {
  constexpr std::string_view kDevice = R"(\device\)";
  constexpr std::string_view kDos = R"(\??\)";
  if (StartsWithIgnoringAsciiCase(path, kDos)) path.remove_prefix(kDos.size());
  if (StartsWithIgnoringAsciiCase(path, kDevice)) path.remove_prefix(kDevice.size());
  return path.substr(std::min(path.find('\\'), path.size()));
}

SystemImage SystemImageOf(std::string_view path) {
  constexpr std::string_view kRoot = R"(\systemroot)";
  constexpr std::string_view kWindows = R"(\windows)";
  const std::string_view below = BelowVolume(path);
  for (const SystemPath& known : kSystemPaths) {
    if (EqualIgnoringAsciiCase(below, known.below)) return known.image;
    if (StartsWithIgnoringAsciiCase(path, kRoot) &&
        EqualIgnoringAsciiCase(path.substr(kRoot.size()), known.below.substr(kWindows.size())))
      return known.image;
  }
  return SystemImage::kNone;
}

// "\Device\HarddiskVolume3"; of a path without a device nothing.
std::string_view DeviceOf(std::string_view path) {
  constexpr std::string_view kDevice = R"(\device\)";
  if (!StartsWithIgnoringAsciiCase(path, kDevice)) return {};
  return path.substr(0, path.find('\\', kDevice.size()));
}

// As far as both are told: rundowns leave the time stamp out.
bool Agree(const ImageNumbers& a, const ImageNumbers& b) {
  const auto agree = [](uint32_t x, uint32_t y) { return x == y || x == 0 || y == 0; };
  return agree(a.timestamp, b.timestamp) && agree(a.checksum, b.checksum) &&
         agree(a.mapped_size, b.mapped_size);
}

// Where only administrators put files.
bool IsProtected(std::string_view path) {
  constexpr std::string_view kFolders[] = {R"(\windows\)", R"(\program files\)",
                                           R"(\program files (x86)\)"};
  if (StartsWithIgnoringAsciiCase(path, R"(\systemroot\)")) return true;
  const std::string_view below = BelowVolume(path);
  return std::any_of(std::begin(kFolders), std::end(kFolders), [below](std::string_view folder) {
    return StartsWithIgnoringAsciiCase(below, folder);
  });
}

// What compiles code into memory that is no image's. By its name alone it would be whatever calls
// itself so. V8 is also in programs of any name.
bool MakesCodeByPath(std::string_view path) {
  constexpr std::string_view kNames[] = {
      "chakra.dll", "chakracore.dll", "chrome.dll",         "clr.dll",
      "clrjit.dll", "coreclr.dll",    "javascriptcore.dll", "jscript9.dll",
      "jvm.dll",    "libcef.dll",     "mono-2.0-bdwgc.dll", "mono-2.0-sgen.dll",
      "mono.dll",   "mrt100.dll",     "mscorjit.dll",       "mscorwks.dll",
      "msedge.dll", "node.dll",       "node.exe",           "v8.dll",
      "xul.dll"};
  const std::string_view name = path.substr(path.find_last_of('\\') + 1);  // npos + 1 is 0
  const bool named = std::any_of(std::begin(kNames), std::end(kNames), [&](std::string_view known) {
    return EqualIgnoringAsciiCase(name, known);
  });
  return named && IsProtected(path);
}

bool IsNtdll(const ImageFile& file) {
  return file.system == SystemImage::kNtdll || file.system == SystemImage::kNtdll32;
}

}  // namespace

std::string_view ImageFile::name() const {
  return std::string_view(path).substr(path.find_last_of('\\') + 1);  // npos + 1 is 0
}

// The last image there that had begun by then.
ImageMap::Map::iterator ImageMap::LastBegun(const Told& image) {
  const auto after = images_.upper_bound({image.pid, image.base, image.time});
  if (after == images_.begin()) return images_.end();
  const auto last = std::prev(after);
  const bool same = last->first.pid == image.pid && last->first.base == image.base;
  return same ? last : images_.end();
}

// The same path may be told as \SystemRoot\… and as \Device\….
bool ImageMap::IsOf(const Told& told, const Image& image) {
  const std::string_view name = told.path.substr(told.path.find_last_of('\\') + 1);
  return told.size == image.size && EqualIgnoringAsciiCase(name, image.file->name());
}

uint64_t ImageMap::StartOf(uint32_t pid, uint64_t time) const {
  const Process* process = processes_.Find(pid);
  return process != nullptr && process->start <= time ? process->start : 0;
}

void ImageMap::Loaded(const Told& image) {
  const auto last = LastBegun(image);
  if (last != images_.end() && last->second.end > image.time) {
    const uint64_t begin = last->first.begin;
    if (begin == image.time) return;
    if (begin != 0 && image.time - begin < kSame && IsOf(image, last->second)) return;
    End(last, image.time);
  }
  Insert(image, image.time, kStays, image.time);
}

void ImageMap::Unloaded(const Told& image) {
  const auto last = LastBegun(image);
  if (last != images_.end()) {
    const uint64_t end = last->second.end;
    const bool told = end <= image.time && image.time - end < kSame;
    if (!told && end >= image.time) {
      End(last, image.time);
      if (IsNtdll(*last->second.file) && last->second.mapping == Mapping::kOwn)
        ProcessOf(image.pid).ntdll_gone = image.time;
    }
    if (told || end >= image.time) return;
  }
  const uint64_t start = StartOf(image.pid, image.time);
  const uint64_t begin = last == images_.end() ? start : std::max(start, last->second.end);
  Insert(image, begin, image.time, SinceOf(image, begin));
}

void ImageMap::Running(const Told& image) {
  const auto last = LastBegun(image);
  const bool any = last != images_.end();
  if (any && last->second.end > image.time && IsOf(image, last->second)) {
    if (last->second.told > lost_until_ || image.time <= lost_until_) return;
    last->second.told = last_rundown_ = std::max(last_rundown_, image.time);
    return;
  }
  const uint64_t start = StartOf(image.pid, image.time);
  if (any) End(last, image.time);
  last_rundown_ = std::max(last_rundown_, image.time);
  const uint64_t begin = any ? std::max(start, last->second.end) : start;
  Insert(image, begin, kStays, SinceOf(image, begin));
}

void ImageMap::ProcessStarted(uint32_t pid, uint64_t time) {
  if (pid == kKernel) return;
  const uint64_t begin = time > kSame ? time - kSame : 0;  // the other source may have told it
  Process& process = ProcessOf(pid);
  if (process.start >= begin && process.start <= time && process.start != 0) return;
  process = {time, 0};
  for (auto at = images_.lower_bound({pid, 0, 0}); at != images_.end() && at->first.pid == pid;
       ++at) {
    if (at->first.begin < time) End(at, time);
  }
}

void ImageMap::ProcessEnded(uint32_t pid, uint64_t time) {
  if (pid == kKernel) return;
  for (auto at = images_.lower_bound({pid, 0, 0}); at != images_.end() && at->first.pid == pid;
       ++at) {
    if (at->first.begin <= time && at->second.end == kStays) End(at, time + kAfterEnd);
  }
}

// That end, or an earlier one that is known.
void ImageMap::End(Map::iterator at, uint64_t time) {
  if (at->second.end <= time) return;
  if (at->second.end == kStays) ended_.push_back(at->first);
  at->second.end = time;
}

ImageMap::Process& ImageMap::ProcessOf(uint32_t pid) {
  bool added = false;
  Process& process = processes_.Put(pid, &added);
  if (added) process = {};
  return process;
}

// What nobody saw begin was there before all that is told, unless its load may have been lost: in a
// process whose start is told, or after a loss.
uint64_t ImageMap::SinceOf(const Told& image, uint64_t begin) const {
  return begin == 0 && lost_until_ == 0 ? 0 : image.time;
}

void ImageMap::Insert(const Told& image, uint64_t begin, uint64_t end, uint64_t since) {
  if (image.size == 0 || begin >= end) return;
  if (!MakeRoom()) {
    has_left_out_ = true;
    return;
  }
  const Key key{image.pid, image.base, begin};
  const auto [at, added] =
      images_.try_emplace(key, Image{image.size, end, image.time, since, nullptr, Mapping::kOwn});
  if (!added) return;
  at->second.file = Take(image.path, image.numbers);
  if (end != kStays) ended_.push_back(key);
  if (at->second.file->system != SystemImage::kNone) Compare(at);
}

// With the process's other mappings of that image of Windows: the one that was there first is its
// own. Who maps it once more does so to have stubs of system calls that nobody has hooked.
void ImageMap::Compare(Map::iterator added) {
  const auto& [key, image] = *added;
  const auto raise = [](Map::iterator at, Mapping mapping) {
    at->second.mapping = std::max(at->second.mapping, mapping);
  };
  size_t looked_at = 0;
  for (auto at = images_.lower_bound({key.pid, 0, 0});
       at != images_.end() && at->first.pid == key.pid; ++at) {
    if (++looked_at > kMostLookedAt) {
      raise(added, Mapping::kUnknown);
      break;
    }
    const auto& [other_key, other] = *at;
    if (at == added || other.file->system != image.file->system) continue;
    if (other_key.begin >= image.end || key.begin >= other.end) continue;
    if (other.since < key.begin) {
      raise(added, Mapping::kCopy);
    } else if (image.since < other_key.begin) {
      raise(at, Mapping::kCopy);
    } else {
      raise(added, Mapping::kUnknown);
      raise(at, Mapping::kUnknown);
    }
  }
  if (IsNtdll(*image.file) && image.mapping == Mapping::kOwn) CompareWithGone(added);
}

// Windows maps ntdll when the process begins and never again, other images as often as they are
// loaded. Without the process's start it may be that of the number's next process.
void ImageMap::CompareWithGone(Map::iterator added) {
  const auto& [key, image] = *added;
  const Process* process = processes_.Find(key.pid);
  if (process != nullptr && process->ntdll_gone > std::max(process->start, lost_until_)) {
    added->second.mapping = process->start == 0 ? Mapping::kUnknown : Mapping::kCopy;
    return;
  }
  NtdllBase& usual = ntdll_bases_[image.file->system == SystemImage::kNtdll32];
  if (usual.votes == 0) usual.base = key.base;
  usual.base == key.base ? ++usual.votes : --usual.votes;
}

// In a process that is a clone of another no image is loaded: what it maps later is the first that
// is told, and not its own.
bool ImageMap::IsElsewhere(const Key& key, const Image& image) const {
  if (!IsNtdll(*image.file)) return false;
  const NtdllBase& usual = ntdll_bases_[image.file->system == SystemImage::kNtdll32];
  return usual.votes > 1 && usual.base != key.base;
}

bool ImageMap::MakeRoom() {
  while (images_.size() >= kMaxImages || path_bytes_ > kMaxPathBytes) {
    if (ended_.empty()) return false;
    Erase(images_.find(ended_.front()));
    ended_.pop_front();
  }
  return true;
}

void ImageMap::Forget(uint64_t before) {
  while (!ended_.empty()) {
    const auto at = images_.find(ended_.front());
    if (at != images_.end() && at->second.end >= before) return;
    Erase(at);
    ended_.pop_front();
  }
}

void ImageMap::Erase(Map::iterator at) {
  if (at == images_.end()) return;
  Release(at->second.file);
  images_.erase(at);
}

ImageFile* ImageMap::Take(std::string_view path, const ImageNumbers& numbers) {
  const auto [at, added] = files_.try_emplace(KeyOf(path, numbers));
  if (added) {
    at->second = std::make_unique<ImageFile>();
    ImageFile& file = *at->second;
    file.path = path;
    file.numbers = numbers;
    file.system = SystemImageOf(path);
    file.makes_code = MakesCodeByPath(path);
    path_bytes_ += path.size();
  }
  ImageFile* file = at->second.get();
  ++file->mapped;
  ++file->ever_mapped;
  const ImageFile*& genuine = genuine_[static_cast<size_t>(file->system)];
  const bool most = genuine == nullptr || file->ever_mapped > genuine->ever_mapped;
  if (file->system == SystemImage::kNone || !most || genuine == file) return file;
  const ImageFile* const before = genuine;
  genuine = file;
  if (before != nullptr && before->mapped == 0) Free(*before);
  return file;
}

void ImageMap::Release(ImageFile* file) {
  if (--file->mapped == 0 && genuine_[static_cast<size_t>(file->system)] != file) Free(*file);
}

void ImageMap::Free(const ImageFile& file) {
  path_bytes_ -= file.path.size();
  files_.erase(KeyOf(file.path, file.numbers));
}

const std::string& ImageMap::KeyOf(std::string_view path, const ImageNumbers& numbers) {
  file_key_ = path;
  for (const uint32_t number : {numbers.timestamp, numbers.checksum, numbers.mapped_size})
    file_key_.append(reinterpret_cast<const char*>(&number), sizeof(number));
  return file_key_;
}

// Images that are there at one time do not overlap: the nearest one below is the one.
LocatedAddress ImageMap::Find(uint32_t pid, uint64_t address, uint64_t time) const {
  auto at = images_.upper_bound({pid, address, kStays});
  for (size_t passed = 0; at != images_.begin(); ++passed) {
    if (passed == kMostPassed) return {nullptr, 0, Mapping::kOwn, true};
    --at;
    if (at->first.pid != pid) break;
    const uint64_t base = at->first.base;
    if (at->first.begin > time) {
      at = images_.upper_bound({pid, base, time});
      continue;
    }
    if (time < at->second.end) {
      if (address - base >= at->second.size) break;
      Mapping mapping = at->second.mapping;
      if (mapping == Mapping::kOwn && IsElsewhere(at->first, at->second))
        mapping = Mapping::kUnknown;
      return {at->second.file, base, mapping};
    }
    at = images_.lower_bound({pid, base, 0});
  }
  return {};
}

template <typename Test>
bool ImageMap::Any(uint32_t pid, uint64_t time, Test test) const {
  auto at = images_.lower_bound({pid, 0, 0});
  for (size_t i = 0; i < kMostLookedAt && at != images_.end() && at->first.pid == pid; ++i, ++at) {
    if (at->first.begin <= time && time < at->second.end && test(at->first, at->second))
      return true;
  }
  return false;
}

// Who tells of the first image of a process tells of all that follow; so does a rundown.
bool ImageMap::Knows(uint32_t pid, uint64_t time) const {
  if (pid == kKernel || has_left_out_) return false;
  if (last_rundown_ != 0 && time < last_rundown_ + kRundown) return false;
  return Any(pid, time, [&](const Key& key, const Image& image) {
    if (image.file->system != SystemImage::kNtdll || image.told <= lost_until_) return false;
    return image.mapping != Mapping::kOwn || !IsElsewhere(key, image);
  });
}

bool ImageMap::IsGenuine(const ImageFile& file) const {
  const ImageFile* const genuine = genuine_[static_cast<size_t>(file.system)];
  if (genuine == nullptr || !Agree(genuine->numbers, file.numbers)) return false;
  const std::string_view device = DeviceOf(file.path);
  const std::string_view other = DeviceOf(genuine->path);
  return device.empty() || other.empty() || EqualIgnoringAsciiCase(device, other);
}

bool ImageMap::MakesCode(uint32_t pid, uint64_t time) const {
  return Any(pid, time, [](const Key&, const Image& image) { return image.file->makes_code; });
}

}  // namespace nuthatch
