// The part of case folding that can be done for many bytes at once.
#ifndef NUTHATCH_BASE_FOLD_ASCII_H_
#define NUTHATCH_BASE_FOLD_ASCII_H_

#include <cstddef>
#include <string_view>

namespace nuthatch {

// Folds from the beginning of `text` what is ASCII, though not always all of it: returns the bytes
// done, which may be none when fewer than eight are left or one of the next 64 is not ASCII. Writes
// no more than these to `out`.
using FoldAsciiPart = size_t (*)(std::string_view text, char* out);

size_t FoldAsciiWords(std::string_view text, char* out);
FoldAsciiPart FoldAsciiAvx512();  // or nullptr

// The fastest that this processor can run.
FoldAsciiPart FastestFoldAscii();

}  // namespace nuthatch

#endif  // NUTHATCH_BASE_FOLD_ASCII_H_
