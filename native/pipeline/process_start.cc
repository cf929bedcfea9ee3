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

template <typename T>
void Append(const T& object, std::string* out) {
  out->append(reinterpret_cast<const char*>(&object), sizeof(T));
}

}  // namespace

void KeepStart(const char* base, std::span<const FoundValue> found, RouteId route,
               const std::vector<bool>& kept, std::string* out) {
  out->clear();
  Header header{route, 0};
  Append(header, out);
  uint32_t offset = 0;
  const auto keeps = [&](const FoundValue& value) {
    return kept[value.slot] && value.slice.length() <= kLongestValue;
  };
  for (const FoundValue& value : found) {
    if (!keeps(value)) continue;
    FoundValue moved = value;
    moved.slice.offset = offset;
    offset += value.slice.length();
    Append(moved, out);
    ++header.values;
  }
  std::memcpy(out->data(), &header, sizeof(header));
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
