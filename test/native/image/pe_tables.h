// Puts the tables that data directories lead to into an image.
#ifndef NUTHATCH_TEST_IMAGE_PE_TABLES_H_
#define NUTHATCH_TEST_IMAGE_PE_TABLES_H_

#include "base/guid.h"
#include "image/pe_writer.h"

namespace nuthatch {

// A name, or "#7" for an ordinal.
struct ImportsOf {
  std::string_view module;
  std::vector<std::string_view> functions;
};

inline uint32_t PutThunks(const ImportsOf& imports, PeWriter* writer) {
  std::vector<uint64_t> thunks;
  for (const std::string_view function : imports.functions) {
    if (function.starts_with('#')) {
      const auto ordinal = static_cast<uint64_t>(std::stoi(std::string(function.substr(1))));
      thunks.push_back(ordinal | uint64_t{1} << (writer->pointer_size() * 8 - 1));
    } else {
      Bytes hint = {0, 0};
      AppendTo(&hint, NulTerminated(function));
      thunks.push_back(writer->Put(hint));
    }
  }
  thunks.push_back(0);
  return writer->PutPointers(thunks);
}

inline void PutImports(const std::vector<ImportsOf>& modules, PeWriter* writer) {
  ByteSink table;
  for (const ImportsOf& module : modules) {
    const uint32_t thunks = PutThunks(module, writer);
    table.U32(thunks);
    table.Zeros(8);
    table.U32(writer->PutText(module.module));
    table.U32(thunks);
  }
  table.Zeros(8);
  table.Zeros(8);
  table.U32(0);
  writer->Set(Directory::kImport, writer->Put(table.bytes()), table.bytes().size());
}

// With addresses in the place of RVAs, as Visual C++ 6 wrote them, when `old`.
inline void PutDelayImports(const ImportsOf& module, bool old, PeWriter* writer) {
  const uint64_t base = old ? PeWriter::kImageBase : 0;
  ByteSink table;
  table.U32(old ? 0 : 1);
  table.U32(base + writer->PutText(module.module));
  table.Zeros(4);
  // Where addresses will be; of what is bound they are there already, and no names.
  table.U32(base + PutThunks({module.module, {"Bound"}}, writer));
  table.U32(base + PutThunks(module, writer));
  table.Zeros(12 + 32);
  writer->Set(Directory::kDelayImport, writer->Put(table.bytes()), table.bytes().size());
}

struct Export {
  std::string_view name;  // empty: by ordinal
  std::string_view forwarder;
  uint32_t rva = 0x1000;
};

// From ordinal 5 on; `names` and `functions` are lies about their number.
inline void PutExports(const std::vector<Export>& exports, PeWriter* writer,
                       std::optional<uint32_t> names = {}, std::optional<uint32_t> functions = {}) {
  const uint32_t begin = writer->Put(Bytes(40));
  ByteSink addresses;
  ByteSink name_list;
  ByteSink indexes;
  uint32_t named = 0;
  for (size_t i = 0; i < exports.size(); ++i) {
    const Export& each = exports[i];
    addresses.U32(each.forwarder.empty() ? each.rva : writer->PutText(each.forwarder));
    if (each.name.empty()) continue;
    name_list.U32(writer->PutText(each.name));
    indexes.U16(i);
    ++named;
  }
  ByteSink table;
  table.U32(0);
  table.U32(77);
  table.U32(0);
  table.U32(writer->PutText("old-name.dll"));
  table.U32(5);
  table.U32(functions.value_or(static_cast<uint32_t>(exports.size())));
  table.U32(names.value_or(named));
  table.U32(writer->Put(addresses.bytes()));
  table.U32(writer->Put(name_list.bytes()));
  table.U32(writer->Put(indexes.bytes()));
  writer->Overwrite(begin, table.bytes());
  writer->Set(Directory::kExport, begin, writer->Here() - begin);
}

// Of a debug directory: type and data.
using DebugData = std::pair<uint32_t, Bytes>;

inline void PutDebug(const std::vector<DebugData>& entries, PeWriter* writer) {
  ByteSink table;
  for (const auto& [type, data] : entries) {
    const uint32_t rva = writer->Put(data);
    table.U32(0);
    table.U32(5);
    table.U32(0);
    table.U32(type);
    table.U32(data.size());
    table.U32(rva);
    table.U32(PeWriter::OffsetOf(rva));
  }
  writer->Set(Directory::kDebug, writer->Put(table.bytes()), table.bytes().size());
}

inline Bytes Rsds(const Guid& guid, uint32_t age, std::string_view path) {
  ByteSink sink;
  sink.Append("RSDS");
  sink.Put(guid.low, 8);
  sink.Put(guid.high, 8);
  sink.U32(age);
  sink.Append(path);
  sink.U8(0);
  return sink.bytes();
}

// `fields`: offset and value, of the width of pointers but where that is 4.
inline void PutLoadConfig(uint32_t size, const std::vector<std::pair<size_t, uint64_t>>& fields,
                          PeWriter* writer) {
  Bytes config(size);
  PutAt(&config, 0, size, 4);
  for (const auto& [offset, value] : fields) PutAt(&config, offset, value, 4);
  writer->Set(Directory::kLoadConfig, writer->Put(config), size);
}

inline void PutTls(const std::vector<uint32_t>& callbacks, PeWriter* writer) {
  std::vector<uint64_t> list;
  for (const uint32_t rva : callbacks) list.push_back(PeWriter::kImageBase + rva);
  list.push_back(0);
  const uint64_t at = PeWriter::kImageBase + writer->PutPointers(list);
  writer->Set(Directory::kTls, writer->PutPointers({0, 0, 0, at, 0}), 40);
}

inline void PutClr(uint32_t flags, PeWriter* writer) {
  ByteSink root;
  root.Append("BSJB");
  root.Zeros(8);
  root.U32(12);
  root.Append(std::string_view("v4.0.30319\0\0", 12));
  const uint32_t metadata = writer->Put(root.bytes());
  ByteSink header;
  header.U32(72);
  header.U16(2);
  header.U16(5);
  header.U32(metadata);
  header.U32(root.bytes().size());
  header.U32(flags);
  header.U32(0x06000001);
  header.Zeros(48);
  writer->Set(Directory::kClr, writer->Put(header.bytes()), 72);
}

inline Bytes Utf16(std::string_view text) {
  Bytes bytes;
  for (const char c : text) bytes.insert(bytes.end(), {static_cast<uint8_t>(c), 0});
  bytes.insert(bytes.end(), {0, 0});
  return bytes;
}

// A block of VS_VERSIONINFO.
inline Bytes VersionBlock(std::string_view key, const Bytes& value, bool is_text,
                          const std::vector<Bytes>& children) {
  ByteSink head;
  head.U16(0);
  head.U16(is_text ? value.size() / 2 : value.size());
  head.U16(is_text ? 1 : 0);
  Bytes bytes = head.bytes();
  const auto align = [&] { bytes.resize((bytes.size() + 3) / 4 * 4); };
  AppendTo(&bytes, Utf16(key));
  align();
  AppendTo(&bytes, value);
  for (const Bytes& child : children) {
    align();
    AppendTo(&bytes, child);
  }
  PutAt(&bytes, 0, bytes.size(), 2);
  return bytes;
}

inline Bytes VersionInfo(const std::vector<std::pair<std::string_view, std::string_view>>& texts) {
  std::vector<Bytes> strings;
  for (const auto& [name, value] : texts)
    strings.push_back(VersionBlock(name, Utf16(value), true, {}));
  ByteSink fixed;
  for (const uint32_t number :
       {0xFEEF04BDu, 0x10000u, 0x10002u, 0x30004u, 0x50006u, 0x70008u, 0x3Fu, 0x1u, 0x40004u, 2u})
    fixed.U32(number);
  fixed.Zeros(8);
  fixed.U32(0);
  const Bytes table = VersionBlock("040904b0", {}, true, strings);
  const Bytes info = VersionBlock("StringFileInfo", {}, true, {table});
  return VersionBlock("VS_VERSION_INFO", fixed.bytes(), false, {info});
}

// What the tree of resources leads to in the end.
enum class ResourceEnd : uint8_t { kData, kLoop, kDirectory };

inline void PutResource(uint32_t type, const Bytes& data, PeWriter* writer,
                        ResourceEnd end = ResourceEnd::kData) {
  constexpr uint32_t kDirectoryBit = 0x80000000;
  const uint32_t rva = writer->Put(data);
  ByteSink tree;
  const auto directory = [&](uint32_t id, uint32_t entry) {
    tree.Zeros(8);
    tree.U32(0);
    tree.U16(0);
    tree.U16(1);
    tree.U32(id);
    tree.U32(entry);
  };
  directory(type, 24 | kDirectoryBit);
  directory(1, 48 | kDirectoryBit);
  const uint32_t last = end == ResourceEnd::kData   ? 72
                        : end == ResourceEnd::kLoop ? 24 | kDirectoryBit
                                                    : 72 | kDirectoryBit;
  directory(1033, last);
  tree.U32(rva);
  tree.U32(data.size());
  tree.Zeros(8);
  writer->Set(Directory::kResource, writer->Put(tree.bytes()), tree.bytes().size());
}

// The rich header of these tools, at 0x80, of a DOS header as PeWriter writes it.
inline Bytes RichHeaderOf(const std::vector<RichEntry>& entries, uint32_t pe_offset) {
  Bytes dos(0x80);
  dos[0] = 'M';
  dos[1] = 'Z';
  PutAt(&dos, 0x3C, pe_offset, 4);
  uint32_t key = 0x80;
  for (size_t i = 0; i < dos.size(); ++i) {
    if (i < 0x3C || i >= 0x40) key += std::rotl(uint32_t{dos[i]}, static_cast<int>(i % 32));
  }
  for (const auto& [product, build, count] : entries)
    key += std::rotl(uint32_t{product} << 16 | build, static_cast<int>(count % 32));
  ByteSink sink;
  sink.U32(0x536E6144 ^ key);
  for (int i = 0; i < 3; ++i) sink.U32(key);
  for (const auto& [product, build, count] : entries) {
    sink.U32((uint32_t{product} << 16 | build) ^ key);
    sink.U32(count ^ key);
  }
  sink.Append("Rich");
  sink.U32(key);
  return sink.bytes();
}

}  // namespace nuthatch

#endif  // NUTHATCH_TEST_IMAGE_PE_TABLES_H_
