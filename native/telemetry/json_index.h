// Where the tokens of a JSON text are: simdjson's first stage (Langdale and Lemire, "Parsing
// Gigabytes of JSON per Second", 2019), chosen for the processor at run time. It also proves that
// the text is UTF-8 and that strings hold no control characters. It reads nothing beyond the text,
// so lines need no padding.
#ifndef NUTHATCH_TELEMETRY_JSON_INDEX_H_
#define NUTHATCH_TELEMETRY_JSON_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace nuthatch {

// Why a record is malformed. Both are literals; `code` is null when it is not.
struct JsonFault {
  const char* code = nullptr;
  const char* reason = "";
  bool ok() const { return code == nullptr; }
};

// Reused from text to text; one thread at a time.
class JsonIndex {
 public:
  JsonIndex();
  ~JsonIndex();
  JsonIndex(const JsonIndex&) = delete;
  JsonIndex& operator=(const JsonIndex&) = delete;

  // Finds the tokens of `text`: brackets, colons, commas, and the first bytes of strings and
  // scalars. Between a string's closing quote and the next token there is only white space.
  JsonFault Build(std::string_view text);

  // Of the last text that was good: at least one, ascending.
  std::span<const uint32_t> tokens() const { return tokens_; }

 private:
  struct Stage;
  std::unique_ptr<Stage> stage_;
  std::span<const uint32_t> tokens_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_TELEMETRY_JSON_INDEX_H_
