// The floor that the engine is measured against: simdjson's On-Demand front end reads the named
// fields of every record, and does nothing with them.
//
//   simdjson_fields FILE FIELD...     prints seconds, from the file's bytes to the fields' texts
//
// A field is a key of the record, or "properties.KEY" of its object `properties`. Like the engine
// it reads the file in blocks that fit a core's cache, on one thread.
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <vector>

#include "simdjson.h"

namespace {

using simdjson::ondemand::object;

// Keys by length, so that looking one up costs next to nothing.
class Keys {
 public:
  void Add(std::string_view key) { by_length_[key.size() % 64].push_back(key); }
  bool Has(std::string_view key) const {
    for (std::string_view each : by_length_[key.size() % 64]) {
      if (each == key) return true;
    }
    return false;
  }

 private:
  std::array<std::vector<std::string_view>, 64> by_length_;
};

size_t ReadFields(object fields, const Keys& keys, const Keys* inner) {
  size_t read = 0;
  for (auto field : fields) {
    std::string_view key;
    simdjson::ondemand::value value;
    if (field.escaped_key().get(key) || field.value().get(value)) return read;
    if (inner && key == "properties") {
      object nested;
      if (value.get_object().get(nested)) return read;
      read += ReadFields(nested, *inner, nullptr);
    } else if (keys.Has(key)) {
      std::string_view text;
      if (!value.get_string().get(text)) read += text.size();
    }
  }
  return read;
}

size_t ReadRecords(const char* lines, size_t size, simdjson::ondemand::parser* parser,
                   const Keys& outer, const Keys& inner) {
  simdjson::ondemand::document_stream records;
  if (parser->iterate_many(lines, size, size + 1).get(records)) std::_Exit(1);
  size_t read = 0;
  for (auto record : records) {
    object fields;
    if (!record.get_object().get(fields)) read += ReadFields(fields, outer, &inner);
  }
  return read;
}

size_t ReadFile(std::FILE* file, const Keys& outer, const Keys& inner) {
  constexpr size_t kBlock = size_t{256} << 10;
  std::vector<char> block(2 * kBlock + simdjson::SIMDJSON_PADDING);
  simdjson::ondemand::parser parser;
  size_t filled = 0;
  size_t read = 0;
  while (const size_t more = std::fread(block.data() + filled, 1, kBlock, file)) {
    filled += more;
    const size_t end = std::string_view(block.data(), filled).rfind('\n') + 1;
    if (end == 0) std::_Exit(1);  // a record longer than a block
    read += ReadRecords(block.data(), end, &parser, outer, inner);
    filled -= end;
    std::memmove(block.data(), block.data() + end, filled);
  }
  return read;
}

}  // namespace

int main(int argc, char** argv) {
  constexpr std::string_view kInner = "properties.";
  Keys outer;
  Keys inner;
  for (int i = 2; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (name.starts_with(kInner)) {
      inner.Add(name.substr(kInner.size()));
    } else {
      outer.Add(name);
    }
  }
  std::FILE* const file = argc < 3 ? nullptr : std::fopen(argv[1], "rb");
  if (file == nullptr) {
    std::fprintf(stderr, "usage: simdjson_fields FILE FIELD...\n");
    return 2;
  }
  std::setvbuf(file, nullptr, _IONBF, 0);
  const auto began = std::chrono::steady_clock::now();
  const size_t read = ReadFile(file, outer, inner);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::printf("%.6f\n", took.count());
  return read == 0 ? 1 : 0;
}
