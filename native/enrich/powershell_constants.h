#ifndef NUTHATCH_ENRICH_POWERSHELL_CONSTANTS_H_
#define NUTHATCH_ENRICH_POWERSHELL_CONSTANTS_H_

#include <cstddef>
#include <string_view>

#include "base/arena.h"

namespace nuthatch {

// Replaces PowerShell's expressions on constants by the string they make, in single quotes:
//   'a'+"b"                       "{1}{0}" -f 'b','a'            ('abc')
//   [char]0x41                    [char[]](65,66)                [string][char]65
//   'axb'.Replace('x','')         'axb' -replace 'x',''          ('a','b') -join ''
//   65,66|%{[char]$_}             '65-66'.Split('-')|%{[char][int]$_}   (also with -bxor n)
//   $env:ComSpec[4,24,25]-join''  $PSHOME[4]+$PSHOME[30]+'x'     'xei'[-1..-3]-join''
// Expressions without any of + | [ ( { are left alone. Writes at most `limit` bytes; returns `text`
// when there is nothing to do.
std::string_view FoldPowershellConstants(std::string_view text, size_t limit, Arena* arena);

}  // namespace nuthatch

#endif  // NUTHATCH_ENRICH_POWERSHELL_CONSTANTS_H_
