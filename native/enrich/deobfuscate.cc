#include "enrich/deobfuscate.h"

#include <algorithm>
#include <array>
#include <memory>

#include "enrich/cmd_variables.h"
#include "enrich/encoded_text.h"
#include "enrich/obfuscation_signs.h"
#include "enrich/plain_characters.h"
#include "enrich/powershell_constants.h"

namespace nuthatch {
namespace {

constexpr size_t kMaxLayers = 32;
constexpr int kMaxRounds = 4;  // one technique under another

// The layers found so far, in the order of their discovery.
class Layers {
 public:
  Layers(size_t budget, Arena* arena) : budget_(budget), arena_(arena) {}

  void Add(std::string_view text, int depth) {
    if (count_ == kMaxLayers || text.size() > budget_) return;
    for (size_t i = 0; i < count_; ++i) {
      if (texts_[i] == text) return;
    }
    budget_ -= text.size();
    texts_[count_] = text;
    depths_[count_++] = depth;
  }

  // Adds what is encoded in `plain`, the original's plain form, and in what this adds.
  void AddDecoded(std::string_view plain) {
    size_t next = count_;
    AddDecodedFrom(plain, 0);
    for (; next < count_; ++next) AddDecodedFrom(texts_[next], depths_[next]);
  }

  std::string_view Plain(std::string_view text) {
    for (int round = 0; round < kMaxRounds; ++round) {
      const std::string_view before = text;
      text = DropEscapes(ToPlainCharacters(text, arena_), arena_);
      text = ExpandCmdVariables(text, Limit(text), arena_);
      text = FoldPowershellConstants(text, Limit(text), arena_);
      if (text == before) break;
    }
    return text;
  }

  std::span<const std::string_view> Finish() {
    auto* texts = arena_->AllocateArray<std::string_view>(count_);
    std::uninitialized_copy_n(texts_.begin(), count_, texts);
    return {texts, count_};
  }

 private:
  void AddDecodedFrom(std::string_view text, int depth) {
    if (depth == kMaxDeobfuscationDepth) return;
    size_t at = 0;
    while (const auto base64 = NextEncodedText(text, &at)) {
      if (count_ == kMaxLayers) return;
      const auto decoded = DecodeText(*base64, arena_);
      if (decoded) Add(Plain(*decoded), depth + 1);
    }
  }

  // What expanding may make of a text.
  size_t Limit(std::string_view text) const { return std::min(budget_, 4 * text.size() + 256); }

  std::array<std::string_view, kMaxLayers> texts_;
  std::array<int, kMaxLayers> depths_;
  size_t count_ = 0;
  size_t budget_;
  Arena* arena_;
};

// What is deobfuscated of a text: whole code points.
std::string_view Head(std::string_view text) {
  if (text.size() <= kMaxDeobfuscated) return text;
  size_t size = kMaxDeobfuscated;
  while (size > kMaxDeobfuscated - 3 && (text[size] & 0xC0) == 0x80) --size;
  return text.substr(0, size);
}

}  // namespace

std::span<const std::string_view> Deobfuscate(std::string_view command_line, Arena* arena) {
  const std::string_view head = Head(command_line);
  const size_t budget = std::max(kMinDeobfuscationBudget, 4 * head.size());
  Layers layers(command_line.size() + budget, arena);
  layers.Add(command_line, 0);
  const ObfuscationSigns signs = SignsOfObfuscation(head);
  const std::string_view plain = signs.disguised ? layers.Plain(head) : head;
  if (plain != head) layers.Add(plain, 0);
  if (signs.disguised || signs.encoded) layers.AddDecoded(plain);
  return layers.Finish();
}

}  // namespace nuthatch
