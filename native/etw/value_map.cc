#include "etw/value_map.h"

#include <charconv>

namespace nuthatch {
namespace {

constexpr size_t kNodeBytes = 96;  // of a std::map, about

void AppendPart(std::string_view part, size_t begin, std::string* out) {
  if (out->size() > begin) *out += '|';
  *out += part;
}

}  // namespace

bool ValueMap::Append(uint64_t value, std::string* out) const {
  // Of bits, names of several together come after theirs.
  if (!bits || value == 0) {
    const auto exact = names.find(value);
    if (exact != names.end()) *out += exact->second;
    return exact != names.end();
  }
  const size_t begin = out->size();
  uint64_t left = value;
  for (const auto& [bit, name] : names) {
    if (bit == 0 || (left & bit) != bit) continue;
    AppendPart(name, begin, out);
    left &= ~bit;
  }
  if (left == value) return false;
  if (left != 0) {
    char digits[18] = "0x";
    AppendPart({digits, std::to_chars(digits + 2, digits + sizeof(digits), left, 16).ptr}, begin,
               out);
  }
  return true;
}

ValueMap* ValueMaps::Get(const Guid& provider, std::string_view name) {
  auto key = std::make_pair(provider, std::string(name));
  if (const auto known = maps_.find(key); known != maps_.end()) return &known->second;
  const size_t size = kNodeBytes + sizeof(key) + sizeof(ValueMap) + name.size();
  if (bytes_ + size > kMaxBytes) return nullptr;
  bytes_ += size;
  return &maps_.try_emplace(std::move(key)).first->second;
}

void ValueMaps::Learn(const Guid& provider, std::string_view name, ValueMap map) {
  ValueMap* place = Get(provider, name);
  if (place == nullptr || !place->names.empty()) return;
  size_t size = 0;
  for (const auto& [value, text] : map.names) size += kNodeBytes + text.size();
  if (bytes_ + size > kMaxBytes) return;
  bytes_ += size;
  *place = std::move(map);
}

}  // namespace nuthatch
