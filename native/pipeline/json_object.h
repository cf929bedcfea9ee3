// Appends JSON objects and arrays to text, member by member.
#ifndef NUTHATCH_PIPELINE_JSON_OBJECT_H_
#define NUTHATCH_PIPELINE_JSON_OBJECT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "pipeline/json_writer.h"

namespace nuthatch {

// From its construction to its destruction: one at a time writes to a text, the innermost.
class JsonObject {
 public:
  explicit JsonObject(std::string* out) : out_(out) { out_->push_back('{'); }
  JsonObject(const JsonObject&) = delete;
  JsonObject& operator=(const JsonObject&) = delete;
  ~JsonObject() { out_->push_back('}'); }

  // Begins a member, whose value the caller appends. Names need no escapes.
  std::string* Member(std::string_view name) {
    if (!first_) out_->push_back(',');
    first_ = false;
    out_->push_back('"');
    out_->append(name);
    out_->append("\":");
    return out_;
  }
  void Text(std::string_view name, std::string_view text) { AppendJsonString(text, Member(name)); }
  void TextOrNull(std::string_view name, std::string_view text) {
    text.empty() ? Null(name) : Text(name, text);
  }
  void Number(std::string_view name, uint64_t number) { AppendJsonNumber(number, Member(name)); }
  void Bool(std::string_view name, bool value) { Member(name)->append(value ? "true" : "false"); }
  void Null(std::string_view name) { Member(name)->append("null"); }

  // With a function that appends the value of an item.
  template <typename Items, typename AppendItem>
  void Array(std::string_view name, const Items& items, AppendItem append) {
    Member(name)->push_back('[');
    bool first = true;
    for (const auto& item : items) {
      if (!first) out_->push_back(',');
      first = false;
      append(item, out_);
    }
    out_->push_back(']');
  }

 private:
  std::string* const out_;
  bool first_ = true;
};

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_JSON_OBJECT_H_
