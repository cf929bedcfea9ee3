#include "image/image_view.h"

#include <algorithm>

namespace nuthatch {

std::span<const uint8_t> ImageView::Bytes(uint64_t offset) {
  const uint64_t begin = offset / kWindowSize * kWindowSize;
  const auto rest = [&](const Window& window) {
    const auto skip = static_cast<size_t>(offset - begin);
    return std::span(window.bytes).subspan(std::min(skip, window.bytes.size()));
  };
  for (const Window& window : windows_) {
    if (window.offset == begin) return rest(window);
  }
  if (offset >= headers_.file_size) return {};
  Window& window = windows_[next_window_++ % kWindows];
  window.offset = begin;
  window.bytes.resize(std::min<uint64_t>(kWindowSize, headers_.file_size - begin));
  const auto read = source_->ReadAt(begin, window.bytes);
  if (!read) failed_ = true;
  window.bytes.resize(read.value_or(0));
  return rest(window);
}

bool ImageView::ReadAt(uint64_t offset, std::span<uint8_t> out) {
  while (!out.empty()) {
    const auto bytes = Bytes(offset);
    if (bytes.empty()) return false;
    const size_t size = std::min(bytes.size(), out.size());
    std::copy_n(bytes.begin(), size, out.begin());
    out = out.subspan(size);
    offset += size;
  }
  return true;
}

// The loader rounds the place of a section in the file down to 512.
std::optional<ImageView::Mapped> ImageView::MapSection(const Section& section, uint64_t rva) const {
  const uint64_t size = std::max(section.virtual_size, section.raw_size);
  if (rva < section.virtual_address || rva - section.virtual_address >= size) return std::nullopt;
  const uint64_t inside = rva - section.virtual_address;
  const uint64_t begin =
      headers_.file_alignment >= 512 ? section.raw_offset / 512 * 512 : section.raw_offset;
  const uint64_t in_file = begin < headers_.file_size ? headers_.file_size - begin : 0;
  const uint64_t raw = std::min<uint64_t>(section.raw_size, in_file);
  const uint64_t rest = inside < raw ? raw - inside : 0;
  const bool truncated = raw < section.raw_size;
  return Mapped{begin + inside, rest, truncated ? 0 : size - inside - rest};
}

std::optional<ImageView::Mapped> ImageView::Map(uint64_t rva) {
  const bool flat = headers_.section_alignment < 4096;
  const uint64_t end =
      flat ? headers_.file_size : std::min<uint64_t>(headers_.headers_size, headers_.file_size);
  if (rva < end) return Mapped{rva, end - rva, 0};
  const auto& sections = headers_.sections;
  // Tables lie together, so the last section is most often the next one.
  if (last_section_ < sections.size()) {
    if (const auto mapped = MapSection(sections[last_section_], rva)) return mapped;
  }
  for (size_t i = 0; i < sections.size(); ++i) {
    const auto mapped = MapSection(sections[i], rva);
    if (!mapped) continue;
    last_section_ = i;
    return mapped;
  }
  return std::nullopt;
}

bool ImageView::ReadBytes(uint64_t rva, std::span<uint8_t> out) {
  const auto mapped = Map(rva);
  if (!mapped || mapped->size + mapped->zeros < out.size()) return false;
  const auto size = static_cast<size_t>(std::min<uint64_t>(mapped->size, out.size()));
  std::fill(out.begin() + static_cast<ptrdiff_t>(size), out.end(), uint8_t{0});
  return ReadAt(mapped->offset, out.first(size));
}

bool ImageView::ReadPointer(uint64_t rva, uint64_t* pointer) {
  *pointer = 0;
  return ReadBytes(rva, {reinterpret_cast<uint8_t*>(pointer), pointer_size()});
}

std::optional<std::string> ImageView::Text(uint64_t rva, size_t max) {
  const auto mapped = Map(rva);
  if (!mapped || mapped->size == 0) return std::nullopt;
  return TextAt(mapped->offset, static_cast<size_t>(std::min<uint64_t>(max, mapped->size)));
}

std::optional<std::string> ImageView::TextAt(uint64_t offset, size_t max) {
  if (text_bytes_ > kMaxTextBytes) {
    anomalies_->Add(AnomalyKind::kTextLimit);
    return std::nullopt;
  }
  std::string text;
  while (text.size() < max) {
    const auto there = Bytes(offset + text.size());
    if (there.empty()) break;
    const auto bytes = there.first(std::min(there.size(), max - text.size()));
    const auto nul = std::find(bytes.begin(), bytes.end(), uint8_t{0});
    text.append(bytes.begin(), nul);
    if (nul != bytes.end()) break;
  }
  // With what a string takes by itself.
  text_bytes_ += text.size() + sizeof(std::string);
  return text;
}

std::optional<uint32_t> ImageView::RvaOf(uint64_t address) const {
  if (address < headers_.image_base || address - headers_.image_base > UINT32_MAX)
    return std::nullopt;
  return static_cast<uint32_t>(address - headers_.image_base);
}

}  // namespace nuthatch
