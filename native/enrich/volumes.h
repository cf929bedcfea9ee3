// Where volumes are mounted: \Device\HarddiskVolume3\Users is C:\Users.
#ifndef NUTHATCH_ENRICH_VOLUMES_H_
#define NUTHATCH_ENRICH_VOLUMES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nuthatch {

class Volumes {
 public:
  static constexpr size_t kMaxMappings = 64;
  static constexpr size_t kLongestPrefix = 512;

  // \Device\HarddiskVolume3\ is C:\, both with or without their last backslash. What is said first
  // stays.
  void Add(std::string_view nt_prefix, std::string_view dos_prefix);
  // "C:\Windows", which is assumed until it is said, or seen on a volume that has another letter.
  void SetWindowsFolder(std::string_view path);
  // Of an image that was loaded: the volume from which \Windows\System32\ntdll.dll comes is the one
  // with the Windows folder, as long as no device's mapping is known.
  void LearnFromImage(std::string_view nt_path);
  // Of a process's program: the same of \Windows\System32\ and SysWOW64, until the loader is seen.
  void LearnFromProgram(std::string_view nt_path);

  // Appends the path as Win32 writes it, or as it is when its volume is not known.
  void AppendPath(std::string_view nt_path, std::string* out) const;
  // Whether there has been a path on a volume of a disk that is not known, since it was asked last.
  bool TakeUnknown() { return std::exchange(met_unknown_, false); }

  // Where Windows is, of NT, with a backslash at its end; empty until it is known.
  std::string_view windows_volume() const;

  // Rises with whatever changes paths.
  uint64_t revision() const { return revision_; }

 private:
  struct Mapping {
    std::string nt;  // both end in a backslash
    std::string dos;
  };

  void SetSystemVolume(std::string_view nt_path, std::string_view below);
  void LetterWindowsFolder();

  std::vector<Mapping> mappings_;  // the longest first
  bool has_device_ = false;        // some of them are of devices
  std::string system_volume_;      // as learned, with a backslash at its end
  bool loader_seen_ = false;
  std::string windows_ = "C:\\Windows";
  bool windows_said_ = false;
  uint64_t revision_ = 0;
  mutable bool met_unknown_ = false;
};

}  // namespace nuthatch

#endif  // NUTHATCH_ENRICH_VOLUMES_H_
