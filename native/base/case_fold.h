// Unicode simple case folding, so that text compares without regard to case.
#ifndef NUTHATCH_BASE_CASE_FOLD_H_
#define NUTHATCH_BASE_CASE_FOLD_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace nuthatch {

// The simple folding (status C and S of CaseFolding.txt, Unicode 17) of a code point: what
// JavaScript's /iu and RE2's (?i) compare by. U+0130 and U+0131, which only Turkic folding changes,
// stay as they are.
char32_t FoldCodePoint(char32_t code_point);

// Bytes that FoldCase may write for `size` bytes: U+023A and U+023E grow from two bytes to three.
constexpr size_t FoldedCapacity(size_t size) { return size + size / 2; }

// Folds UTF-8 into `out`, which has room for FoldedCapacity(text.size()) bytes; returns the bytes
// written. Bytes that are not valid UTF-8 stay as they are.
size_t FoldCase(std::string_view text, char* out);
std::string FoldCase(std::string_view text);

// As FoldCase, of what NTFS compares names of files by: pairs of a letter and its upper case in the
// Basic Multilingual Plane. U+017F is no s there, U+212A no k and U+00B5 no U+03BC. Some pairs of
// NTFS stay apart (U+03C2), so that two files are never taken for one.
size_t FoldFileName(std::string_view text, char* out);
std::string FoldFileName(std::string_view text);

}  // namespace nuthatch

#endif  // NUTHATCH_BASE_CASE_FOLD_H_
