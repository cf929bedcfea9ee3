// Writes the section MAPS for tests, by hand: what lib/standardize/encode.ts does for the vendors.
#ifndef NUTHATCH_TEST_TELEMETRY_MAPS_BUILDER_H_
#define NUTHATCH_TEST_TELEMETRY_MAPS_BUILDER_H_

#include <algorithm>
#include <cstdlib>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/byte_sink.h"
#include "telemetry/mappings.h"

namespace nuthatch {

struct Source;
using Path = std::vector<std::string>;

struct SourceArgument {
  SourceArgument(const char* literal) : literal(literal) {}             // NOLINT: as in a mapping
  SourceArgument(std::string literal) : literal(std::move(literal)) {}  // NOLINT
  SourceArgument(Source source);                                        // NOLINT
  std::string literal;
  std::shared_ptr<Source> source;
};

struct Source {
  Operation operation;
  std::vector<Path> paths;  // of field
  std::vector<SourceArgument> arguments;
};

inline SourceArgument::SourceArgument(Source source)
    : source(std::make_shared<Source>(std::move(source))) {}

// A dot goes one object deeper.
inline Source Field(std::initializer_list<std::string_view> paths) {
  Source field{Operation::kField, {}, {}};
  for (std::string_view path : paths) {
    Path& keys = field.paths.emplace_back();
    for (size_t dot; (dot = path.find('.')) != path.npos; path.remove_prefix(dot + 1)) {
      keys.emplace_back(path.substr(0, dot));
    }
    keys.emplace_back(path);
  }
  return field;
}
inline Source Field(std::string_view path) { return Field({path}); }
inline Source Apply(Operation operation, std::vector<SourceArgument> arguments) {
  return {operation, {}, std::move(arguments)};
}

struct TestCondition {
  Source source;
  std::vector<std::string> values;
};
struct TestRoute {
  EventType type;
  std::vector<TestCondition> when;
  std::vector<std::pair<PropertyId, Source>> set;
};
struct TestMapping {
  std::string name = "test";
  std::vector<std::vector<std::string>> recognise = {};  // keys at the top; none: every record
  std::vector<TestCondition> when = {};
  std::vector<std::string> absent = {};
  std::vector<TestCondition> escaped = {};
  std::vector<TestRoute> routes = {};
  Source label = Apply(Operation::kConstant, {"no route"});
};

class MapsBuilder {
 public:
  std::vector<uint8_t> Build(const std::vector<TestMapping>& mappings) {
    body_.U32(mappings.size());
    for (const TestMapping& mapping : mappings) WriteMapping(mapping);
    ByteSink out;
    out.U32(1);
    out.U32(paths_.size());
    for (const Path& path : paths_) {
      out.U8(path.size());
      for (const std::string& key : path) out.Text(key);
    }
    std::vector<uint8_t> bytes = out.bytes();
    bytes.insert(bytes.end(), body_.bytes().begin(), body_.bytes().end());
    return bytes;
  }

 private:
  uint32_t Slot(const Path& path) {
    const auto known = std::find(paths_.begin(), paths_.end(), path);
    if (known != paths_.end()) return static_cast<uint32_t>(known - paths_.begin());
    paths_.push_back(path);
    return static_cast<uint32_t>(paths_.size() - 1);
  }

  void WriteMapping(const TestMapping& mapping) {
    body_.Text(mapping.name);
    body_.U32(std::max<size_t>(mapping.recognise.size(), 1));
    if (mapping.recognise.empty()) body_.U32(0);
    for (const auto& keys : mapping.recognise) {
      body_.U32(keys.size());
      for (const std::string& key : keys) body_.U32(Slot({key}));
    }
    WriteConditions(mapping.when);
    WriteTexts(mapping.absent);
    WriteConditions(mapping.escaped);
    body_.U32(mapping.routes.size());
    for (const TestRoute& route : mapping.routes) {
      body_.U8(static_cast<size_t>(route.type));
      WriteConditions(route.when);
      body_.U32(route.set.size());
      for (const auto& [property, source] : route.set) {
        body_.U16(static_cast<size_t>(property));
        WriteSource(source);
      }
    }
    WriteSource(mapping.label);
  }

  void WriteConditions(const std::vector<TestCondition>& conditions) {
    body_.U32(conditions.size());
    for (const TestCondition& condition : conditions) {
      WriteSource(condition.source);
      WriteTexts(condition.values);
    }
  }

  void WriteTexts(const std::vector<std::string>& texts) {
    body_.U32(texts.size());
    for (const std::string& text : texts) body_.Text(text);
  }

  void WriteSource(const Source& source) {
    body_.U8(static_cast<size_t>(source.operation));
    if (source.operation == Operation::kField) {
      body_.U32(source.paths.size());
      for (const Path& path : source.paths) body_.U32(Slot(path));
      return;
    }
    body_.U32(source.arguments.size());
    for (const SourceArgument& argument : source.arguments) {
      body_.U8(argument.source ? 0 : 1);
      if (argument.source) {
        WriteSource(*argument.source);
      } else {
        body_.Text(argument.literal);
      }
    }
  }

  ByteSink body_;
  std::vector<Path> paths_;
};

inline std::shared_ptr<const Mappings> LoadMappings(const std::vector<TestMapping>& mappings) {
  auto loaded = std::make_shared<Mappings>();
  if (!ReadMappings(MapsBuilder().Build(mappings), loaded.get()).ok()) std::abort();
  return loaded;
}

}  // namespace nuthatch

#endif  // NUTHATCH_TEST_TELEMETRY_MAPS_BUILDER_H_
