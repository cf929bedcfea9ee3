// Writes PE files of every shape that the format allows, and of some that it does not. Layouts:
// Microsoft's "PE Format".
#ifndef NUTHATCH_TEST_IMAGE_PE_WRITER_H_
#define NUTHATCH_TEST_IMAGE_PE_WRITER_H_

#include <algorithm>
#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "image/image.h"
#include "support/byte_sink.h"

namespace nuthatch {

using Bytes = std::vector<uint8_t>;

inline void AppendTo(Bytes* bytes, const Bytes& more) {
  bytes->insert(bytes->end(), more.begin(), more.end());
}

inline void PutAt(Bytes* bytes, size_t at, uint64_t value, size_t size) {
  for (size_t i = 0; i < size; ++i) bytes->at(at + i) = static_cast<uint8_t>(value >> (8 * i));
}

inline Bytes NulTerminated(std::string_view text) {
  Bytes bytes(text.begin(), text.end());
  bytes.push_back(0);
  return bytes;
}

// An image with one section, .data at kBase, into which tables are put, and any others.
class PeWriter {
 public:
  static constexpr uint32_t kBase = 0x1000;
  static constexpr uint32_t kHeadersSize = 0x400;
  static constexpr uint64_t kImageBase = 0x10000000;

  // Fields of headers, to be changed before Write.
  uint16_t machine = kMachineX64;
  bool is_64_bit = true;
  uint32_t timestamp = 1'600'000'000;
  uint16_t characteristics = 0x2022;
  uint16_t dll_characteristics = kDynamicBase | kHighEntropyVa | kNxCompatible;
  uint32_t entry_point = 0;
  uint32_t section_alignment = 0x1000;
  uint32_t file_alignment = 0x200;
  uint32_t checksum = 0;
  uint32_t directory_count = 16;
  uint32_t pe_offset = 0x100;
  std::optional<uint16_t> optional_size;  // a lie
  std::optional<uint16_t> section_count;  // a lie
  uint32_t section_characteristics = kSectionReadable | kSectionWritable;
  Bytes rich;  // at 0x80
  std::vector<std::pair<Section, Bytes>> more_sections;
  Bytes overlay;

  static PeWriter Narrow() {
    PeWriter writer;
    writer.machine = kMachineX86;
    writer.is_64_bit = false;
    writer.dll_characteristics = kDynamicBase;
    return writer;
  }

  // Where the next bytes go.
  uint32_t Here() const { return kBase + static_cast<uint32_t>(data_.size()); }
  uint32_t Put(const Bytes& bytes) {
    while (data_.size() % 8 != 0) data_.push_back(0);
    const uint32_t rva = Here();
    AppendTo(&data_, bytes);
    return rva;
  }
  // What has been put.
  void Overwrite(uint32_t rva, const Bytes& bytes) {
    std::copy(bytes.begin(), bytes.end(), data_.begin() + (rva - kBase));
  }
  uint32_t PutText(std::string_view text) { return Put(NulTerminated(text)); }
  // Pointers of the image's width.
  uint32_t PutPointers(const std::vector<uint64_t>& values) {
    ByteSink sink;
    for (const uint64_t value : values) sink.Put(value, pointer_size());
    return Put(sink.bytes());
  }
  size_t pointer_size() const { return is_64_bit ? 8 : 4; }
  void Set(Directory index, uint32_t address, size_t size) {
    directories_[static_cast<size_t>(index)] = {address, static_cast<uint32_t>(size)};
  }
  // Where in the file an address of .data is.
  static uint32_t OffsetOf(uint32_t rva) { return rva - kBase + kHeadersSize; }
  size_t checksum_offset() const { return pe_offset + 24 + 64; }

  Bytes Write() const {
    ByteSink dos;
    dos.Append("MZ");
    dos.Zeros(58);
    dos.U32(pe_offset);
    Bytes file = dos.bytes();
    file.resize(0x80);
    AppendTo(&file, rich);
    file.resize(std::max<size_t>(file.size(), pe_offset + 0x200));
    const Bytes headers = Headers();
    file.resize(kHeadersSize);
    std::copy(headers.begin(), headers.end(), file.begin() + pe_offset);
    Bytes data = data_;
    data.resize(RawSize());
    AppendTo(&file, data);
    for (const auto& [section, bytes] : more_sections) AppendTo(&file, bytes);
    AppendTo(&file, overlay);
    return file;
  }

 private:
  size_t RawSize() const { return (data_.size() + 0x1FF) / 0x200 * 0x200; }
  size_t OptionalSize() const { return (is_64_bit ? 112 : 96) + 16 * 8; }

  Bytes Headers() const {
    ByteSink sink;
    sink.Append(std::string_view("PE\0\0", 4));
    sink.U16(machine);
    sink.U16(section_count.value_or(static_cast<uint16_t>(1 + more_sections.size())));
    sink.U32(timestamp);
    sink.Zeros(8);
    sink.U16(optional_size.value_or(static_cast<uint16_t>(OptionalSize())));
    sink.U16(characteristics);
    AppendOptional(&sink);
    Section data;
    data.name = ".data";
    data.virtual_address = kBase;
    data.virtual_size = static_cast<uint32_t>(RawSize());
    data.raw_size = static_cast<uint32_t>(RawSize());
    data.raw_offset = kHeadersSize;
    data.characteristics = section_characteristics;
    AppendSection(data, &sink);
    for (const auto& [section, bytes] : more_sections) AppendSection(section, &sink);
    return sink.bytes();
  }

  void AppendOptional(ByteSink* sink) const {
    uint32_t image_size = kBase + static_cast<uint32_t>((RawSize() + 0xFFF) / 0x1000 * 0x1000);
    for (const auto& [section, bytes] : more_sections)
      image_size = std::max(image_size, section.virtual_address + 0x1000);
    sink->U16(is_64_bit ? 0x20B : 0x10B);
    sink->U8(14);
    sink->U8(29);
    sink->Zeros(12);
    sink->U32(entry_point);
    sink->U32(0);
    if (is_64_bit) {
      sink->Put(kImageBase, 8);
    } else {
      sink->U32(0);
      sink->U32(kImageBase);
    }
    sink->U32(section_alignment);
    sink->U32(file_alignment);
    sink->U16(10);  // of Windows
    sink->Zeros(6);
    sink->U16(6);  // of the subsystem
    sink->Zeros(6);
    sink->U32(image_size);
    sink->U32(kHeadersSize);
    sink->U32(checksum);
    sink->U16(3);
    sink->U16(dll_characteristics);
    sink->Zeros(4 * pointer_size() + 4);
    sink->U32(directory_count);
    for (const DataDirectory& directory : directories_) {
      sink->U32(directory.address);
      sink->U32(directory.size);
    }
  }

  static void AppendSection(const Section& section, ByteSink* sink) {
    Bytes name(section.name.begin(), section.name.end());
    name.resize(8);
    for (const uint8_t byte : name) sink->U8(byte);
    sink->U32(section.virtual_size);
    sink->U32(section.virtual_address);
    sink->U32(section.raw_size);
    sink->U32(section.raw_offset);
    sink->Zeros(12);
    sink->U32(section.characteristics);
  }

  Bytes data_ = Bytes(16);
  std::array<DataDirectory, kDirectories> directories_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_TEST_IMAGE_PE_WRITER_H_
