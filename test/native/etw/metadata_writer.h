// Writes what merging adds to a trace: TRACE_EVENT_INFO and EVENT_MAP_INFO of tdh.h.
#ifndef NUTHATCH_TEST_ETW_METADATA_WRITER_H_
#define NUTHATCH_TEST_ETW_METADATA_WRITER_H_

#include <string_view>
#include <utility>
#include <vector>

#include "etw/etl_writer.h"

namespace nuthatch {

struct WrittenProperty {
  std::string_view name;
  uint16_t in = 8;   // TDH_INTYPE_…; of a struct its first member
  uint16_t out = 0;  // of a struct the number of its members
  std::string_view map = {};
  uint32_t flags = 0;   // of EVENT_PROPERTY_INFO
  uint16_t count = 1;   // or, by a flag, the property that has it
  uint16_t length = 0;  // the same
};

// Names follow what has fixed places, which refers to them.
class NamePool {
 public:
  explicit NamePool(size_t begin) : begin_(begin) {}
  uint32_t Add(std::string_view name) {
    if (name.empty()) return 0;
    const size_t at = begin_ + names_.bytes().size();
    for (const char c : name) names_.U16(static_cast<unsigned char>(c));
    names_.U16(0);
    return static_cast<uint32_t>(at);
  }
  const Bytes& bytes() const { return names_.bytes(); }

 private:
  const size_t begin_;
  ByteSink names_;
};

inline Bytes Metadata(uint8_t type, const Bytes& payload) {
  return ClassicRecord{.type = type,
                       .time = 3'000'000,
                       .guid = ParseGuid("bbccf6c1-6cd1-48c4-80ff-839482e37671"),
                       .payload = payload}
      .Write();
}

// `members`: of structs; they follow the properties of the event itself.
inline Bytes EventInfo(const Guid& provider, uint16_t id, uint8_t version,
                       const std::vector<WrittenProperty>& properties,
                       std::string_view provider_name = "Merged", size_t members = 0) {
  NamePool names(0x70 + 24 * properties.size());
  ByteSink sink;
  AppendGuid(provider, &sink);
  AppendGuid({}, &sink);
  sink.U16(id);
  sink.U8(version);
  for (int i = 0; i < 13; ++i) sink.U8(0);  // the rest of the descriptor
  sink.U32(0);                              // of an XML manifest
  sink.U32(names.Add(provider_name));
  for (int i = 0; i < 3; ++i) sink.U32(0);
  sink.U32(names.Add("Task "));
  for (int i = 0; i < 7; ++i) sink.U32(0);
  sink.U32(properties.size());
  sink.U32(properties.size() - members);
  sink.U32(0);
  for (const WrittenProperty& property : properties) {
    sink.U32(property.flags);
    sink.U32(names.Add(property.name));
    sink.U16(property.in);
    sink.U16(property.out);
    sink.U32(names.Add(property.map));
    sink.U16(property.count);
    sink.U16(property.length);
    sink.U32(0);
  }
  Append(names.bytes(), &sink);
  return Metadata(0x20, sink.bytes());
}

// `flag`: 1 of a value map, 2 of a bit map.
inline Bytes EventMap(const Guid& provider, std::string_view name, uint32_t flag,
                      const std::vector<std::pair<uint32_t, std::string_view>>& values) {
  NamePool names(16 + 8 * values.size());
  ByteSink sink;
  AppendGuid(provider, &sink);
  sink.U32(names.Add(name));
  sink.U32(flag);
  sink.U32(values.size());
  sink.U32(0);
  for (const auto& [value, text] : values) {
    sink.U32(names.Add(text));
    sink.U32(value);
  }
  Append(names.bytes(), &sink);
  return Metadata(0x21, sink.bytes());
}

}  // namespace nuthatch

#endif  // NUTHATCH_TEST_ETW_METADATA_WRITER_H_
