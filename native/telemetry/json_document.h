// Finds values in JSON that a record holds: text such as Defender's AdditionalFields, and arrays
// and objects of the record itself.
#ifndef NUTHATCH_TELEMETRY_JSON_DOCUMENT_H_
#define NUTHATCH_TELEMETRY_JSON_DOCUMENT_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "telemetry/json_index.h"
#include "telemetry/json_text.h"

namespace nuthatch {

// Reused from text to text; one thread at a time.
class JsonDocument {
 public:
  // False when `text` is not JSON, or nested too deeply. It must live as long as it is asked about;
  // the same text is not indexed again until Forget.
  bool Open(std::string_view text, Arena* arena);
  void Forget() {
    text_ = {};
    tokens_ = {};
  }
  // Whether it is an object with a member "pending" that is true.
  bool pending() const { return pending_; }

  // What a path leads to.
  struct Found {
    bool pending = false;  // to an object that is pending
    std::vector<std::string_view> texts;
  };
  // These work on what Open found to be JSON.
  // Adds to *found the texts of the scalars at the end of `keys`. An array stands for each of its
  // elements, on the way and at the end.
  void Collect(std::span<const std::string> keys, Arena* arena, Found* found) const;
  // Adds to *found the texts of the scalars that are elements of the array.
  void CollectElements(Arena* arena, Found* found) const;

 private:
  using Token = size_t;  // of index_

  static constexpr int kMaxDepth = 1024;  // as of records
  static constexpr Token kNowhere = SIZE_MAX;

  char At(Token token) const { return token < tokens_.size() ? text_[tokens_[token]] : '\0'; }
  // From `token` to the next one, without white space at its end.
  std::string_view Raw(Token token) const;
  // The first token after the value at `token`, or kNowhere when it is not one. The index has
  // proved strings already.
  Token ValidUpTo(Token token, int depth) const;
  bool IsScalar(Token token) const;
  // The first token after the value at `token`.
  Token After(Token token) const;
  bool IsPending(Token object, Arena* arena) const;
  Token Member(Token object, std::string_view key, Arena* arena) const;
  void CollectFrom(Token token, std::span<const std::string> keys, int depth, Arena* arena,
                   Found* found) const;
  void AddScalar(Token token, Arena* arena, Found* found) const;

  JsonIndex index_;
  std::string_view text_;
  std::span<const uint32_t> tokens_;
  bool pending_ = false;
};

}  // namespace nuthatch

#endif  // NUTHATCH_TELEMETRY_JSON_DOCUMENT_H_
