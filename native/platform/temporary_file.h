// A file that nobody else sees, and that is gone with the process whatever ends it.
#ifndef NUTHATCH_PLATFORM_TEMPORARY_FILE_H_
#define NUTHATCH_PLATFORM_TEMPORARY_FILE_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace nuthatch {

// Parts that are not the same may be read and written at the same time.
class TemporaryFile {
 public:
  // nullptr when the system gives none in that folder (UTF-8).
  static std::unique_ptr<TemporaryFile> Create(const std::string& folder);
  virtual ~TemporaryFile() = default;

  // False when it cannot be written whole, as on a full disk; then what stands there is anything.
  virtual bool Write(uint64_t position, std::span<const uint8_t> bytes) = 0;
  // False when there is less.
  virtual bool Read(uint64_t position, std::span<uint8_t> out) = 0;
};

}  // namespace nuthatch

#endif  // NUTHATCH_PLATFORM_TEMPORARY_FILE_H_
