// The floor that the engine is measured against: simdjson's On-Demand front end reads the named
// fields of every record, and does nothing with them.
//
//   simdjson_fields FILE FIELD...     prints bytes per second, once over the file
//
// A field is a key of the record, or "properties.KEY" of its object `properties`.
#include <array>
#include <chrono>
#include <cstdio>
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
  simdjson::padded_string json;
  if (argc < 3 || simdjson::padded_string::load(argv[1]).get(json)) {
    std::fprintf(stderr, "usage: simdjson_fields FILE FIELD...\n");
    return 2;
  }
  const auto began = std::chrono::steady_clock::now();
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document_stream records;
  if (parser.iterate_many(json, size_t{1} << 20).get(records)) return 1;
  size_t read = 0;
  for (auto record : records) {
    object fields;
    if (!record.get_object().get(fields)) read += ReadFields(fields, outer, &inner);
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::printf("%.0f\n", static_cast<double>(json.size()) / took.count());
  return read == 0 ? 1 : 0;
}
