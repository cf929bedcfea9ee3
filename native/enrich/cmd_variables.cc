#include "enrich/cmd_variables.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>

#include "enrich/bounded_text.h"
#include "enrich/well_known_variables.h"

namespace nuthatch {
namespace {

constexpr size_t kMaxReference = 256;  // bytes between the two %

// A number from the front of *text.
std::optional<int64_t> TakeNumber(std::string_view* text) {
  int32_t number = 0;
  const std::from_chars_result end =
      std::from_chars(text->data(), text->data() + text->size(), number);
  if (end.ec != std::errc()) return std::nullopt;
  text->remove_prefix(static_cast<size_t>(end.ptr - text->data()));
  return number;
}

// %NAME:~from,length%: negative numbers count from the end.
std::optional<std::string_view> Cut(std::string_view value, std::string_view range) {
  const auto size = static_cast<int64_t>(value.size());
  const std::optional<int64_t> from = TakeNumber(&range);
  if (!from) return std::nullopt;
  std::optional<int64_t> length = size;
  if (!range.empty()) {
    if (range[0] != ',') return std::nullopt;
    range.remove_prefix(1);
    length = TakeNumber(&range);
    if (!length || !range.empty()) return std::nullopt;
  }
  const int64_t begin = std::clamp<int64_t>(*from < 0 ? size + *from : *from, 0, size);
  const int64_t end =
      std::clamp<int64_t>(*length < 0 ? size + *length : begin + *length, begin, size);
  return value.substr(static_cast<size_t>(begin), static_cast<size_t>(end - begin));
}

class Expander {
 public:
  Expander(std::string_view text, size_t limit, Arena* arena)
      : text_(text), out_(limit, arena), work_left_(4 * limit) {}

  std::string_view Run() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (defining_ && (c == '&' || c == '|' || c == '"' || c == ')')) Define();
      if ((c == '%' || c == '!') && Expand(c)) continue;
      if (!defining_ && BeginsSet()) BeginDefinition();
      if (at_ < text_.size()) out_.Append(text_[at_++]);
    }
    return out_.Finish();
  }

 private:
  struct Variable {
    std::string_view name;   // of text_
    std::string_view value;  // of out_
  };

  // Whether the word `set` of a command begins here.
  bool BeginsSet() const {
    constexpr std::string_view kBefore = "&|(\"@ ";
    return StartsWithIgnoringCase(text_.substr(at_), "set ") &&
           (at_ == 0 || kBefore.find(text_[at_ - 1]) != std::string_view::npos);
  }

  // Copies `set NAME=`, from where on what is written is the variable's value.
  void BeginDefinition() {
    const size_t name = text_.find_first_not_of(" \"", at_ + 4);
    if (name == std::string_view::npos) return;
    const size_t equals = text_.substr(0, name + kMaxReference).find_first_of("=&|\"", name);
    if (equals == std::string_view::npos || text_[equals] != '=' || text_[name] == '/') return;
    name_ = text_.substr(name, equals - name);
    out_.Append(text_.substr(at_, equals + 1 - at_));
    at_ = equals + 1;
    value_begin_ = out_.text().size();
    defining_ = true;
    if (at_ < text_.size() && text_[at_] == '"') out_.Append(text_[at_++]);
  }

  void Define() {
    defining_ = false;
    if (count_ < variables_.size()) {
      variables_[count_++] = {name_, out_.text().substr(value_begin_)};
    }
  }

  std::string_view ValueOf(std::string_view name) const {
    for (size_t i = count_; i > 0; --i) {
      if (EqualsIgnoringCase(variables_[i - 1].name, name)) return variables_[i - 1].value;
    }
    return EnvironmentVariable(name);
  }

  // Writes the value of the reference that begins here and goes past it; false when it is none.
  bool Expand(char mark) {
    const std::string_view rest = text_.substr(at_ + 1, kMaxReference);
    const std::string_view reference = rest.substr(0, rest.find(mark));
    if (reference.empty() || reference.size() == rest.size()) return false;
    const size_t colon = reference.find(':');
    const std::string_view value = ValueOf(reference.substr(0, colon));
    if (value.empty()) return false;
    if (colon == std::string_view::npos) {
      out_.Append(value);
    } else if (!AppendAltered(value, reference.substr(colon + 1))) {
      return false;
    }
    at_ += reference.size() + 2;
    return true;
  }

  bool AppendAltered(std::string_view value, std::string_view change) {
    if (change.empty() || change[0] != '~') return AppendReplaced(value, change);
    const std::optional<std::string_view> cut = Cut(value, change.substr(1));
    if (cut) out_.Append(*cut);
    return cut.has_value();
  }

  // %NAME:old=new%
  bool AppendReplaced(std::string_view value, std::string_view change) {
    const size_t equals = change.find('=');
    if (equals == std::string_view::npos || equals == 0) return false;
    const std::string_view old = change.substr(0, equals);
    if (value.size() * old.size() > work_left_) return false;
    work_left_ -= value.size() * old.size();
    for (size_t at = 0; at < value.size();) {
      if (StartsWithIgnoringCase(value.substr(at), old)) {
        out_.Append(change.substr(equals + 1));
        at += old.size();
      } else {
        out_.Append(value[at++]);
      }
    }
    return true;
  }

  std::string_view text_;
  size_t at_ = 0;
  BoundedText out_;
  size_t work_left_;  // byte comparisons of replacements
  std::array<Variable, 32> variables_{};
  size_t count_ = 0;
  std::string_view name_;  // of the variable being defined
  size_t value_begin_ = 0;
  bool defining_ = false;
};

}  // namespace

std::string_view ExpandCmdVariables(std::string_view text, size_t limit, Arena* arena) {
  // A reference has two marks.
  if (std::count(text.begin(), text.end(), '%') < 2 &&
      std::count(text.begin(), text.end(), '!') < 2) {
    return text;
  }
  const std::string_view expanded = Expander(text, limit, arena).Run();
  return expanded == text ? text : expanded;
}

}  // namespace nuthatch
