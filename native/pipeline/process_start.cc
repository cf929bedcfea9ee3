#include "pipeline/process_start.h"

#include <cstring>
#include <type_traits>

namespace nuthatch {
namespace {

// A command line has at most 32,767 UTF-16 units; longer texts are not joined.
constexpr uint32_t kLongestValue = uint32_t{128} << 10;

// In front of the values, which their texts follow.
struct Header {
  RouteId route;
  uint32_t values;
};
static_assert(std::is_trivially_copyable_v<FoundValue>);

}  // namespace

void KeepStart(const char* base, std::span<const FoundValue> found, RouteId route,
               const std::vector<uint8_t>& kept, std::string* out) {
  const auto keeps = [&](const FoundValue& value) {
    return kept[value.slot] != 0 && value.slice.length() <= kLongestValue;
  };
  Header header{route, 0};
  size_t text_size = 0;
  for (const FoundValue& value : found) {
    if (!keeps(value)) continue;
    ++header.values;
    text_size += value.slice.length();
  }
  const size_t begin = out->size();
  const size_t head_size = sizeof(header) + header.values * sizeof(FoundValue);
  out->resize(begin + head_size + text_size);
  char* at = out->data() + begin;
  char* const texts = at + head_size;
  std::memcpy(at, &header, sizeof(header));
  at += sizeof(header);
  uint32_t offset = 0;
  for (const FoundValue& value : found) {
    if (!keeps(value)) continue;
    FoundValue moved = value;
    moved.slice.offset = offset;
    std::memcpy(at, &moved, sizeof(moved));
    at += sizeof(moved);
    std::memcpy(texts + offset, base + value.slice.offset, value.slice.length());
    offset += value.slice.length();
  }
}

void ProcessStart::Begin(std::optional<std::string_view> start, Arena* arena) {
  known_ = start.has_value();
  if (!known_) return;
  Header header;
  std::memcpy(&header, start->data(), sizeof(header));
  found_.resize(header.values);
  const char* const values = start->data() + sizeof(header);
  const size_t size = header.values * sizeof(FoundValue);
  if (size > 0) std::memcpy(found_.data(), values, size);
  record_.Begin(values + size, found_, arena);
  record_.SetRoute(header.route);
}

}  // namespace nuthatch
