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
  out->resize(sizeof(Header) + found.size() * sizeof(FoundValue));
  char* end = out->data() + sizeof(Header);
  uint32_t offset = 0;
  for (const FoundValue& value : found) {
    if (!keeps(value)) continue;
    FoundValue moved = value;
    moved.slice.offset = offset;
    offset += value.slice.length();
    std::memcpy(end, &moved, sizeof(moved));
    end += sizeof(moved);
  }
  const auto size = static_cast<size_t>(end - out->data());
  const Header header{route, static_cast<uint32_t>((size - sizeof(Header)) / sizeof(FoundValue))};
  std::memcpy(out->data(), &header, sizeof(header));
  out->resize(size);
  for (const FoundValue& value : found) {
    if (keeps(value)) out->append(base + value.slice.offset, value.slice.length());
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
