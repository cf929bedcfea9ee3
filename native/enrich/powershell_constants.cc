#include "enrich/powershell_constants.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "enrich/powershell_values.h"
#include "enrich/well_known_variables.h"

namespace nuthatch {
namespace {

constexpr int kMaxDepth = 8;  // of parentheses
constexpr std::string_view kTooDeep = "((((((((((";
static_assert(kTooDeep.size() == kMaxDepth + 2);
constexpr size_t kMaxArguments = 256;  // of -f
constexpr size_t kMaxBlock = 128;      // bytes between the braces of %{…}
constexpr size_t kMaxIndices = 256;    // bytes between the brackets of an index

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsNameCharacter(char c) {
  return IsDigit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_';
}

bool Contains(std::string_view text, std::string_view word) {
  for (size_t i = 0; i + word.size() <= text.size(); ++i) {
    if (StartsWithIgnoringCase(text.substr(i), word)) return true;
  }
  return false;
}

// Recursive descent; each rule pushes the string that it read. One that fails leaves the stack and
// the place as they were.
//   expression: sum { -join '' | -replace value,value | -split value block }
//   sum:        format { + format }
//   format:     value [ -f value { , value } ]
//   value:      primary { .Replace(sum,sum) | .Split(sum) block | .ToString() | [indices] }
//   primary:    string | cast | parentheses | -join parentheses | $name[indices] | numbers block
//   block:      |%{… [char] …}
class Folder {
 public:
  Folder(std::string_view text, size_t limit, Arena* arena)
      : text_(text), stack_{BoundedText(limit, arena), 16 * limit}, out_(limit, arena) {}

  std::string_view Run() {
    bool changed = false;
    while (at_ < text_.size()) {
      if (stack_.work > 0 && FoldHere()) {
        changed = true;
      } else {
        out_.Append(text_[at_++]);
      }
    }
    const std::string_view folded = out_.Finish();
    return changed ? folded : text_;
  }

 private:
  // Where to go back to.
  struct Mark {
    size_t at;
    size_t stack;
    int operations;
  };
  Mark Here() const { return {at_, stack_.size(), operations_}; }
  bool Fail(const Mark& mark) {
    at_ = mark.at;
    operations_ = mark.operations;
    stack_.text.Truncate(mark.stack);
    return false;
  }

  // Whether an expression may begin here: not at the parentheses or index of a name, nor in the
  // middle of a word or list.
  bool MayBegin() const {
    const char c = text_[at_];
    const char before = at_ > 0 ? text_[at_ - 1] : ' ';
    if (c == '\'' || c == '"') return true;
    if (IsNameCharacter(before)) return false;
    if (IsDigit(c)) return before != ',';
    if (c == '(') {
      return before != '"' && before != '\'' && before != '@' &&
             !text_.substr(at_).starts_with(kTooDeep);
    }
    return c == '[' || c == '$' || c == '-' || c == '\\';
  }

  // Writes what the expression that begins here makes; false when there is none, or but a string.
  bool FoldHere() {
    if (!MayBegin()) return false;
    const Mark mark = Here();
    operations_ = 0;
    const bool folds = Expression(0) && operations_ > 0;
    if (folds) {
      const std::string_view value = stack_.text.text();
      const char quote = value.find('\'') == std::string_view::npos ? '\'' : '"';
      out_.Append(quote);
      out_.Append(value);
      out_.Append(quote);
    }
    stack_.text.Truncate(mark.stack);
    if (!folds) at_ = mark.at;
    return folds;
  }

  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  // Goes past spaces and `token`, without regard to case; false, and nowhere, when it is not there.
  bool Take(std::string_view token) {
    const size_t begin = text_.find_first_not_of(' ', at_);
    if (begin == std::string_view::npos || !stack_.Spend(1)) return false;
    if (!StartsWithIgnoringCase(text_.substr(begin), token)) return false;
    at_ = begin + token.size();
    return true;
  }
  // The same for a word.
  bool TakeOperator(std::string_view word) {
    const Mark mark = Here();
    return Take(word) && (!IsNameCharacter(Peek()) || Fail(mark));
  }

  bool Expression(int depth) {
    const size_t value = stack_.size();
    if (!Sum(depth)) return false;
    for (;;) {
      const Mark mark = Here();
      bool done = false;
      if (TakeOperator("-join")) {
        done = TakeEmptyString();
      } else if (TakeOperator("-replace") || TakeOperator("-ireplace") ||
                 TakeOperator("-creplace")) {
        done = Replace(value, /*is_pattern=*/true, depth);
      } else if (TakeOperator("-split")) {
        done = Value(depth + 1) && SplitBlock(value, mark);
      }
      if (!done) return Fail(mark) || true;
      ++operations_;
    }
  }

  bool Sum(int depth) {
    if (!Format(depth)) return false;
    for (;;) {
      const Mark mark = Here();
      if (!Take("+") || !Format(depth)) return Fail(mark) || true;
      ++operations_;
    }
  }

  bool Format(int depth) {
    const size_t value = stack_.size();
    if (!Value(depth)) return false;
    const Mark mark = Here();
    std::array<size_t, kMaxArguments + 1> bounds;
    size_t count = 0;
    bounds[0] = mark.stack;
    if (!TakeOperator("-f")) return true;
    do {
      if (count == kMaxArguments || !Value(depth)) return Fail(mark) || true;
      bounds[++count] = stack_.size();
    } while (Take(","));
    if (!FormatValue(value, std::span(bounds).first(count + 1), &stack_)) return Fail(mark) || true;
    ++operations_;
    return true;
  }

  bool Value(int depth) {
    const size_t value = stack_.size();
    if (!Primary(depth)) return false;
    for (;;) {
      const Mark mark = Here();
      bool done = false;
      if (Take(".replace(")) {
        done = Replace(value, /*is_pattern=*/false, depth) && Take(")");
      } else if (Take(".split(")) {
        done = Sum(depth + 1) && Take(")") && SplitBlock(value, mark);
      } else if (Take(".tostring()")) {
        done = true;
      } else if (Peek() == '[') {
        done = Index(value);
      }
      if (!done) return Fail(mark) || true;
      ++operations_;
    }
  }

  // old, new: what is left of the string at `value` is there in the end.
  bool Replace(size_t value, bool is_pattern, int depth) {
    const size_t old = stack_.size();
    if (!Sum(depth + 1) || !Take(",")) return false;
    const size_t with = stack_.size();
    return Sum(depth + 1) && ReplaceInValue(value, old, with, is_pattern, &stack_);
  }

  // The separator does not matter: characters are what is between numbers.
  bool SplitBlock(size_t value, const Mark& before_separator) {
    stack_.text.Truncate(before_separator.stack);
    return Block(value);
  }

  bool Index(size_t value) {
    const std::string_view rest = text_.substr(at_ + 1, kMaxIndices);
    const std::string_view indices = rest.substr(0, rest.find(']'));
    if (indices.size() == rest.size() || !IndexValue(value, indices, &stack_)) return false;
    at_ += indices.size() + 2;
    return true;
  }

  bool Primary(int depth) {
    if (depth > kMaxDepth) return false;
    const Mark mark = Here();
    at_ = std::min(text_.find_first_not_of(' ', at_), text_.size());
    const char c = Peek();
    bool done = false;
    if (c == '\'' || c == '"' || c == '\\') {
      done = String();
    } else if (c == '[') {
      done = Cast(depth);
    } else if (c == '(') {
      done = Parentheses(/*is_joined=*/false, depth);
    } else if (c == '$') {
      done = Variable();
    } else if (IsDigit(c)) {
      done = Numbers() && Block(mark.stack);
    } else if (Take("-join")) {
      done = Joined(depth) || (Peek() == '[' && Cast(depth));
    }
    return done || Fail(mark);
  }

  // '…' or "…", where a doubled quote stands for one; \"…\" in a line that is quoted itself.
  bool String() {
    const bool escaped = Peek() == '\\' || (at_ > 0 && text_[at_ - 1] == '\\');
    at_ += Peek() == '\\';
    const char quote = Peek();
    if (quote != '\'' && quote != '"') return false;
    for (;;) {
      const size_t end = text_.find(quote, ++at_);
      if (end == std::string_view::npos) return stack_.Spend(text_.size() - at_) && false;
      const bool cut = escaped && end > at_ && text_[end - 1] == '\\';
      if (!stack_.Push(text_.substr(at_, end - at_ - cut))) return false;
      at_ = end + 1;
      if (Peek() != quote || escaped) return true;
      stack_.Push({&quote, 1});
    }
  }

  // ('a'), ('a','b')-join'' and (65,66)|%{[char]$_}. A list that nothing joins is none of ours.
  bool Parentheses(bool is_joined, int depth) {
    const size_t value = stack_.size();
    ++at_;
    const Mark mark = Here();
    if (Numbers() && Take(")") && Block(value)) return true;
    Fail(mark);
    size_t elements = 0;
    do {
      if (!Expression(depth + 1)) return false;
      ++elements;
    } while (Take(","));
    ++operations_;
    return Take(")") &&
           (elements == 1 || is_joined || (TakeOperator("-join") && TakeEmptyString()));
  }

  bool Joined(int depth) {
    const Mark mark = Here();
    if (depth > kMaxDepth || !Take("(")) return false;
    --at_;
    return Parentheses(/*is_joined=*/true, depth) || Fail(mark);
  }

  bool TakeEmptyString() { return Take("''") || Take("\"\""); }

  // [char]65, [char[]](65,66), [string]'a', [string]::join('', …)
  bool Cast(int depth) {
    ++operations_;
    if (Take("[string]::join(")) {
      return TakeEmptyString() && Take(",") && (Joined(depth + 1) || Expression(depth + 1)) &&
             Take(")");
    }
    if (Take("[string]")) return Primary(depth + 1);
    if (!Take("[char]") && !Take("[char[]]")) return false;
    const size_t value = stack_.size();
    const bool in_parentheses = Take("(");
    const bool in_array = in_parentheses && Take("@(");
    return Numbers() && NumbersToCharacters(value, 10, 0, &stack_) && (!in_array || Take(")")) &&
           (!in_parentheses || Take(")"));
  }

  // $env:ComSpec[4,24,25]
  bool Variable() {
    ++at_;
    const bool is_environment = Take("env:");
    size_t end = at_;
    while (end < text_.size() && IsNameCharacter(text_[end])) ++end;
    const std::string_view name = text_.substr(at_, end - at_);
    const std::string_view value =
        is_environment ? EnvironmentVariable(name) : PowershellVariable(name);
    at_ = end;
    Take(".tostring()");
    const size_t begin = stack_.size();
    return !value.empty() && Peek() == '[' && stack_.Push(value) && Index(begin) && ++operations_;
  }

  // 65,0x42,67: pushed as they stand.
  bool Numbers() {
    do {
      at_ = std::min(text_.find_first_not_of(' ', at_), text_.size());
      std::string_view rest = text_.substr(at_);
      if (!TakeNumber(&rest)) return false;
      const size_t end = text_.size() - rest.size();
      if (!stack_.Push(text_.substr(at_, end - at_)) || !stack_.Push(",")) return false;
      at_ = end;
    } while (Take(","));
    return true;
  }

  // |%{[char]$_}, |foreach{[char]($_ -bxor 7)}, |.'%'{[char][convert]::toint16($_,16)}: the numbers
  // in the string at `value` become characters.
  bool Block(size_t value) {
    if (!Take("|")) return false;
    at_ = std::min(text_.find_first_not_of(" .&('\"", at_), text_.size());
    if (!Take("%") && !Take("foreach-object") && !Take("foreach")) return false;
    at_ = std::min(text_.find_first_not_of(" )'\"", at_), text_.size());
    if (!Take("{")) return false;
    const std::string_view block = text_.substr(at_, EndOfBlock() - at_);
    if (!Contains(block, "[char]")) return false;
    at_ += block.size() + 1;
    ++operations_;
    return NumbersToCharacters(value, NumberBase(block), XorKey(block), &stack_);
  }

  // Where the brace is that closes the block at hand; here, which makes it empty, when it is far.
  size_t EndOfBlock() const {
    int open = 1;
    for (size_t i = at_; i < text_.size() && i < at_ + kMaxBlock; ++i) {
      open += text_[i] == '{';
      open -= text_[i] == '}';
      if (open == 0) return i;
    }
    return at_;
  }

  // The second argument of [convert]::ToInt16($_, 8) and its like.
  static uint32_t NumberBase(std::string_view block) {
    if (!Contains(block, "toint")) return 10;
    block.remove_prefix(std::min(block.rfind(','), block.size() - 1) + 1);
    block.remove_prefix(std::min(block.find_first_not_of(' '), block.size()));
    const uint32_t base = TakeNumber(&block).value_or(10);
    return base == 2 || base == 8 || base == 16 ? base : 10;
  }

  static uint32_t XorKey(std::string_view block) {
    constexpr std::string_view kXor = "-bxor";
    while (!block.empty() && !StartsWithIgnoringCase(block, kXor)) block.remove_prefix(1);
    block.remove_prefix(std::min(block.find_first_of("0123456789"), block.size()));
    return TakeNumber(&block).value_or(0);
  }

  std::string_view text_;
  size_t at_ = 0;
  int operations_ = 0;  // what the expression at hand does beyond naming a string
  ConstantStack stack_;
  BoundedText out_;  // the newest allocation
};

}  // namespace

std::string_view FoldPowershellConstants(std::string_view text, size_t limit, Arena* arena) {
  // What every expression that is worth folding has at least one of.
  const auto is_operator = [](char c) {
    return c == '+' || c == '|' || c == '[' || c == '(' || c == '{';
  };
  if (std::none_of(text.begin(), text.end(), is_operator)) return text;
  return Folder(text, limit, arena).Run();
}

}  // namespace nuthatch
