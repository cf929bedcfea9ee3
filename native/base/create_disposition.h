// What NtCreateFile was asked to do with a file that is there, or is not.
#ifndef NUTHATCH_BASE_CREATE_DISPOSITION_H_
#define NUTHATCH_BASE_CREATE_DISPOSITION_H_

#include <cstdint>

namespace nuthatch {

// FILE_SUPERSEDE … of wdm.h. What was done (FILE_SUPERSEDED, FILE_OPENED …, in the event of the
// operation's end) has other numbers: 3 is "overwritten" there.
enum class CreateDisposition : uint8_t {
  kSupersede = 0,
  kOpen = 1,
  kCreate = 2,
  kOpenIf = 3,
  kOverwrite = 4,
  kOverwriteIf = 5,
};

// The high byte of CreateOptions, as ETW gives it.
constexpr CreateDisposition DispositionOf(uint32_t create_options) {
  return static_cast<CreateDisposition>(create_options >> 24);
}

// Whether the content of a file that is there ends with it.
constexpr bool ReplacesContent(CreateDisposition disposition) {
  return disposition == CreateDisposition::kSupersede ||
         disposition == CreateDisposition::kOverwrite ||
         disposition == CreateDisposition::kOverwriteIf;
}

}  // namespace nuthatch

#endif  // NUTHATCH_BASE_CREATE_DISPOSITION_H_
