// Reads what an obfuscated command line hides. Nothing is executed.
#ifndef NUTHATCH_ENRICH_DEOBFUSCATE_H_
#define NUTHATCH_ENRICH_DEOBFUSCATE_H_

#include <span>
#include <string_view>

#include "base/arena.h"

namespace nuthatch {

// `command_line` itself, whole; the plain form of its first kMaxDeobfuscated bytes when that
// differs from them; and then, each in its plain form, the texts that are encoded in it
// (-EncodedCommand, FromBase64String) down to kMaxDeobfuscationDepth levels. Windows' command lines
// have at most 32,767 UTF-16 units, 96 KiB of UTF-8, so that only text that no process there was
// started with is ever cut. The plain form undoes look-alike and invisible characters, cmd's
// carets, quotes inside words and variables, PowerShell's backticks, and its expressions on string
// constants (+, -f, -join, -replace, [char]). Takes time linear in what it reads, and adds at most
// kMinDeobfuscationBudget bytes or four times that, whichever is more. A decoded text that is not
// plausible is dropped.
//
// The techniques are those of D. Bohannon's Invoke-Obfuscation and Invoke-DOSfuscation (2016,
// 2018).
std::span<const std::string_view> Deobfuscate(std::string_view command_line, Arena* arena);

inline constexpr size_t kMaxDeobfuscated = size_t{128} << 10;
inline constexpr int kMaxDeobfuscationDepth = 5;
inline constexpr size_t kMinDeobfuscationBudget = size_t{64} << 10;

}  // namespace nuthatch

#endif  // NUTHATCH_ENRICH_DEOBFUSCATE_H_
