#include "image/version_resource.h"

#include <algorithm>
#include <string_view>

#include "base/load_bytes.h"
#include "base/utf16.h"

namespace nuthatch {
namespace {

constexpr uint32_t kVersionType = 16;
constexpr uint32_t kHighBit = 0x80000000;
constexpr size_t kLevels = 3;  // type, name, language
// The length of a version resource has 16 bits.
constexpr uint32_t kMaxVersionBytes = 0xFFFF;

struct ResourceData {
  uint32_t rva;
  uint32_t size;
};

class ResourceTree {
 public:
  explicit ResourceTree(ImageView* view)
      : view_(view), base_(view->headers().directory(Directory::kResource).address) {}

  // The first resource of a type, if there is any.
  std::optional<ResourceData> FindFirst(uint32_t type) {
    uint32_t above[kLevels] = {};  // offsets of the directories, that of the root first
    uint32_t entry = 0;
    for (size_t level = 0; level < kLevels; ++level) {
      if (!FindEntry(above[level], level == 0 ? std::optional(type) : std::nullopt, &entry))
        return std::nullopt;
      const bool is_directory = (entry & kHighBit) != 0;
      const uint32_t offset = entry & ~kHighBit;
      if (is_directory && std::find(above, above + level + 1, offset) != above + level + 1) {
        view_->anomalies()->Add(AnomalyKind::kResourceLoop);
        return std::nullopt;
      }
      if (is_directory != (level + 1 < kLevels)) return Malformed();
      if (is_directory) above[level + 1] = offset;
    }
    ResourceData data;
    if (!view_->ReadNumber(base_ + entry, &data.rva) ||
        !view_->ReadNumber(base_ + entry + 4, &data.size))
      return Malformed();
    return data;
  }

 private:
  std::nullopt_t Malformed() {
    view_->anomalies()->Add(AnomalyKind::kResourceTable);
    return std::nullopt;
  }

  // The first entry of a directory, or that with the number `id`.
  bool FindEntry(uint32_t directory, std::optional<uint32_t> id, uint32_t* entry) {
    uint16_t named = 0;
    uint16_t numbered = 0;
    if (!view_->ReadNumber(base_ + directory + 12, &named) ||
        !view_->ReadNumber(base_ + directory + 14, &numbered)) {
      Malformed();
      return false;
    }
    const size_t count = size_t{named} + numbered;
    if (count > kMaxResourceEntries)
      view_->anomalies()->Add(AnomalyKind::kResourceLimit, std::to_string(count));
    for (size_t i = 0; i < std::min(count, kMaxResourceEntries); ++i) {
      const uint64_t at = base_ + directory + 16 + i * 8;
      uint32_t name = 0;
      if (!view_->ReadNumber(at, &name) || !view_->ReadNumber(at + 4, entry)) {
        Malformed();
        return false;
      }
      if (!id || name == *id) return true;
    }
    return false;
  }

  ImageView* const view_;
  const uint64_t base_;
};

// A block of VS_VERSIONINFO; places are offsets in the resource.
struct Block {
  std::string key;
  size_t value = 0;
  size_t value_size = 0;  // as stated
  size_t children = 0;
  size_t end = 0;
};

class VersionParser {
 public:
  VersionParser(std::span<const uint8_t> bytes, VersionResource* version)
      : bytes_(bytes), version_(version) {}

  // False when something in it is not as it must be; what comes before has been read then.
  bool Parse() {
    const auto root = BlockAt(0, bytes_.size());
    if (!root || root->key != "VS_VERSION_INFO") return false;
    const bool fixed_ok = ParseFixed(*root);
    const bool strings_ok = ForEachChild(*root, [&](const Block& info) {
      return info.key != "StringFileInfo" ||
             ForEachChild(info, [&](const Block& table) { return ParseTable(table); });
    });
    return fixed_ok && strings_ok;
  }

 private:
  static size_t Align(size_t at) { return (at + 3) & ~size_t{3}; }

  std::optional<Block> BlockAt(size_t at, size_t end) {
    constexpr size_t kHeadSize = 6;
    if (at > end || end - at < kHeadSize) return std::nullopt;
    const auto length = LoadAt<uint16_t>(bytes_, at);
    const auto value_length = LoadAt<uint16_t>(bytes_, at + 2);
    const bool is_text = LoadAt<uint16_t>(bytes_, at + 4) != 0;
    if (length < kHeadSize || length > end - at) return std::nullopt;
    Block block;
    block.end = at + length;
    size_t key_end = at + kHeadSize;
    while (key_end + 2 <= block.end && LoadAt<uint16_t>(bytes_, key_end) != 0) key_end += 2;
    block.key = Utf16ToUtf8(bytes_.subspan(at + kHeadSize, key_end - at - kHeadSize));
    block.value = std::min(Align(key_end + 2), block.end);
    block.value_size = is_text ? value_length * size_t{2} : value_length;
    block.children = std::min(Align(block.value + block.value_size), block.end);
    return block;
  }

  template <typename OnChild>
  bool ForEachChild(const Block& parent, OnChild on_child) {
    for (size_t at = parent.children; at < parent.end;) {
      const auto child = BlockAt(at, parent.end);
      if (!child) return IsPadding(at, parent.end);
      if (!on_child(*child)) return false;
      at = Align(child->end);
    }
    return true;
  }

  bool IsPadding(size_t at, size_t end) {
    const auto rest = bytes_.subspan(at, end - at);
    return std::all_of(rest.begin(), rest.end(), [](uint8_t byte) { return byte == 0; });
  }

  // False when there is something else in its place; there may be nothing.
  bool ParseFixed(const Block& root) {
    constexpr size_t kFixedSize = 52;
    constexpr uint32_t kSignature = 0xFEEF04BD;
    if (root.value_size == 0) return true;
    if (root.end - root.value < kFixedSize) return false;
    const auto field = [&](size_t index) {
      return LoadAt<uint32_t>(bytes_, root.value + index * 4);
    };
    if (field(0) != kSignature) return false;
    const auto version = [&](size_t index) {
      const uint32_t high = field(index);
      const uint32_t low = field(index + 1);
      return std::array{static_cast<uint16_t>(high >> 16), static_cast<uint16_t>(high),
                        static_cast<uint16_t>(low >> 16), static_cast<uint16_t>(low)};
    };
    version_->fixed = {version(2), version(4), field(6) & field(7), field(8), field(9)};
    return true;
  }

  bool ParseTable(const Block& table) {
    if (version_->languages.size() < kMaxVersionStrings) version_->languages.push_back(table.key);
    return ForEachChild(table, [&](const Block& string) {
      // The length that it states is of bytes or of characters, as the compiler pleases.
      const auto value = bytes_.subspan(string.value, string.end - string.value);
      auto& strings = version_->strings;
      const auto same = [&](const auto& other) { return other.first == string.key; };
      if (std::any_of(strings.begin(), strings.end(), same)) return true;
      if (strings.size() == kMaxVersionStrings) return false;
      strings.emplace_back(string.key, Utf16ToUtf8(value));
      return true;
    });
  }

  const std::span<const uint8_t> bytes_;
  VersionResource* const version_;
};

}  // namespace

std::optional<VersionResource> ReadVersionResource(ImageView* view) {
  if (view->headers().directory(Directory::kResource).address == 0) return std::nullopt;
  const auto data = ResourceTree(view).FindFirst(kVersionType);
  if (!data) return std::nullopt;
  std::vector<uint8_t> bytes(std::min(data->size, kMaxVersionBytes));
  VersionResource version;
  if (!view->ReadBytes(data->rva, bytes) || !VersionParser(bytes, &version).Parse())
    view->anomalies()->Add(AnomalyKind::kVersionResource);
  return version;
}

}  // namespace nuthatch
