// What the engine is measured against: simdjson's On-Demand front end reads the named fields of
// every record, and does nothing with them.
//
//   simdjson_fields names|pass FILE FIELD...   prints seconds by the wall clock and of
//                                              the processor, from the file's bytes to the texts
//
// A field is a key of the record, or "properties.KEY" of its object `properties`. With `names` each
// is asked for by its name, as simdjson's documentation does; with `pass` one pass goes over all
// keys of a record and looks each up among the wanted, which is the least that can be done. Like
// the engine it reads the file in blocks that fit a core's cache, on one thread.
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
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

struct Wanted {
  std::vector<std::string_view> names;
  Keys keys;
};

size_t SizeOf(simdjson::simdjson_result<simdjson::ondemand::value> value) {
  std::string_view text;
  return value.get_string().get(text) ? 0 : text.size();
}

size_t ReadPass(object fields, const Wanted& wanted, const Wanted* inner) {
  size_t read = 0;
  for (auto field : fields) {
    std::string_view key;
    if (field.escaped_key().get(key)) return read;
    simdjson::simdjson_result<simdjson::ondemand::value> value = field.value();
    if (inner && key == "properties") {
      object nested;
      if (value.get_object().get(nested)) return read;
      read += ReadPass(nested, *inner, nullptr);
    } else if (wanted.keys.Has(key)) {
      read += SizeOf(value);
    }
  }
  return read;
}

size_t ReadNames(object fields, const Wanted& wanted, const Wanted* inner) {
  size_t read = 0;
  for (const std::string_view name : wanted.names) read += SizeOf(fields[name]);
  object nested;
  if (inner && !fields["properties"].get_object().get(nested)) {
    read += ReadNames(nested, *inner, nullptr);
  }
  return read;
}

using ReadFields = size_t (*)(object fields, const Wanted& wanted, const Wanted* inner);

size_t ReadRecords(const char* lines, size_t size, simdjson::ondemand::parser* parser,
                   ReadFields read_fields, const Wanted& outer, const Wanted& inner) {
  simdjson::ondemand::document_stream records;
  if (parser->iterate_many(lines, size, size + 1).get(records)) std::_Exit(1);
  size_t read = 0;
  for (auto record : records) {
    object fields;
    if (!record.get_object().get(fields)) read += read_fields(fields, outer, &inner);
  }
  return read;
}

size_t ReadFile(std::FILE* file, ReadFields read_fields, const Wanted& outer, const Wanted& inner) {
  constexpr size_t kBlock = size_t{256} << 10;
  std::vector<char> block(2 * kBlock + simdjson::SIMDJSON_PADDING);
  simdjson::ondemand::parser parser;
  size_t filled = 0;
  size_t read = 0;
  while (const size_t more = std::fread(block.data() + filled, 1, kBlock, file)) {
    filled += more;
    const size_t end = std::string_view(block.data(), filled).rfind('\n') + 1;
    if (end == 0) std::_Exit(1);  // a record longer than a block
    read += ReadRecords(block.data(), end, &parser, read_fields, outer, inner);
    filled -= end;
    std::memmove(block.data(), block.data() + end, filled);
  }
  return read;
}

void Want(std::string_view name, Wanted* wanted) {
  wanted->names.push_back(name);
  wanted->keys.Add(name);
}

}  // namespace

int main(int argc, char** argv) {
  constexpr std::string_view kInner = "properties.";
  Wanted outer;
  Wanted inner;
  for (int i = 3; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (name.starts_with(kInner)) {
      Want(name.substr(kInner.size()), &inner);
    } else {
      Want(name, &outer);
    }
  }
  std::FILE* const file = argc < 4 ? nullptr : std::fopen(argv[2], "rb");
  if (file == nullptr) {
    std::fprintf(stderr, "usage: simdjson_fields names|pass FILE FIELD...\n");
    return 2;
  }
  const ReadFields read_fields = std::string_view(argv[1]) == "names" ? ReadNames : ReadPass;
  std::setvbuf(file, nullptr, _IONBF, 0);
  const auto began = std::chrono::steady_clock::now();
  const std::clock_t cpu_began = std::clock();
  const size_t read = ReadFile(file, read_fields, outer, inner);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  const std::clock_t cpu_took = std::clock() - cpu_began;
  std::printf("%.6f %.6f\n", took.count(), static_cast<double>(cpu_took) / CLOCKS_PER_SEC);
  return read == 0 ? 1 : 0;
}
