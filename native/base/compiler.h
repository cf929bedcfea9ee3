// Which compiler made this, for people.
#ifndef NUTHATCH_BASE_COMPILER_H_
#define NUTHATCH_BASE_COMPILER_H_

#include <string_view>

namespace nuthatch {

#define NUTHATCH_TEXT(value) #value
#define NUTHATCH_TEXT_OF(macro) NUTHATCH_TEXT(macro)
#define NUTHATCH_DOTTED(major, minor, patch) \
  NUTHATCH_TEXT_OF(major) "." NUTHATCH_TEXT_OF(minor) "." NUTHATCH_TEXT_OF(patch)

inline constexpr std::string_view kCompiler =
#if defined(__clang__)
    "clang " NUTHATCH_DOTTED(__clang_major__, __clang_minor__, __clang_patchlevel__);
#elif defined(__GNUC__)
    "GCC " NUTHATCH_DOTTED(__GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#elif defined(_MSC_VER)
    "MSVC " NUTHATCH_TEXT_OF(_MSC_FULL_VER);
#else
    "unknown";
#endif

#undef NUTHATCH_DOTTED
#undef NUTHATCH_TEXT_OF
#undef NUTHATCH_TEXT

}  // namespace nuthatch

#endif  // NUTHATCH_BASE_COMPILER_H_
