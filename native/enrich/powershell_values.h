// What PowerShell's operators do to constant strings, for FoldPowershellConstants.
#ifndef NUTHATCH_ENRICH_POWERSHELL_VALUES_H_
#define NUTHATCH_ENRICH_POWERSHELL_VALUES_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "enrich/bounded_text.h"

namespace nuthatch {

// A stack of strings, one after the other. Operators take their operands from its end and leave
// their result there; one that returns false may leave more, for the caller to take back. `work`
// counts down the bytes that may still be touched: 0 makes every operator fail.
struct ConstantStack {
  BoundedText text;
  size_t work;

  size_t size() const { return text.text().size(); }
  bool Spend(size_t bytes) {
    work = work > bytes ? work - bytes : 0;
    return work > 0;
  }
  bool Push(std::string_view bytes) {
    const size_t before = size();
    text.Append(bytes);
    return Spend(bytes.size() + 1) && size() == before + bytes.size();
  }
};

// A number of the given base from the front of *text; 0x makes it hexadecimal.
std::optional<uint32_t> TakeNumber(std::string_view* text, uint32_t base = 10);

// Pushes a UTF-16 code unit; surrogates and NUL fail.
bool PushCharacter(uint32_t code, ConstantStack* stack);

// The numbers in the string that begins at `begin`, with anything between them, become characters.
bool NumbersToCharacters(size_t begin, uint32_t base, uint32_t key, ConstantStack* stack);

// -f: the template begins at `begin`; bounds[0] is its end, bounds[i] the end of the ith argument.
bool FormatValue(size_t begin, std::span<const size_t> bounds, ConstantStack* stack);

// The string from `begin` to `old` with each occurrence of the one from `old` to `with` replaced by
// the rest. A pattern is a regular expression, compared without regard to case; only one that
// stands for a literal is done.
bool ReplaceInValue(size_t begin, size_t old, size_t with, bool is_pattern, ConstantStack* stack);

// [4,24,25] and [-1..-3]: the characters of the string at `begin` that `indices`, what stands
// between the brackets, names.
bool IndexValue(size_t begin, std::string_view indices, ConstantStack* stack);

}  // namespace nuthatch

#endif  // NUTHATCH_ENRICH_POWERSHELL_VALUES_H_
