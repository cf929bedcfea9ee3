// Any literals in any text: the filter, the automaton and a plain search agree.
#include "evaluate/literal_set.h"

#include <algorithm>
#include <cstdlib>
#include <set>

namespace {

// Strings, each with its length in a byte before it; the last one is what is left.
std::vector<std::string> Split(const uint8_t* data, size_t size) {
  std::vector<std::string> strings;
  while (size > 0) {
    const size_t length = std::min<size_t>(data[0] % 24, size - 1);
    strings.emplace_back(reinterpret_cast<const char*>(data + 1), length);
    data += length + 1;
    size -= length + 1;
  }
  return strings;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const size_t text_size = std::min<size_t>(size - 1, data[0] * 8u);
  const std::string padded =
      std::string(reinterpret_cast<const char*>(data + 1), text_size) +
      std::string(nuthatch::LiteralSet::kPadding, static_cast<char>(data[1]));
  const std::string_view text(padded.data(), text_size);
  const std::vector<std::string> strings = Split(data + 1 + text_size, size - 1 - text_size);
  std::set<std::string> distinct(strings.begin(), strings.end());
  distinct.erase("");
  const std::vector<std::string> literals(distinct.begin(), distinct.end());
  const nuthatch::LiteralSet set(literals);

  std::vector<uint32_t> expected;
  for (uint32_t i = 0; i < literals.size(); ++i) {
    if (text.find(literals[i]) != std::string_view::npos) expected.push_back(i);
  }
  nuthatch::StampSet seen;
  std::vector<uint32_t> found;
  set.Find(text, &seen, &found);
  std::sort(found.begin(), found.end());
  if (found != expected) std::abort();
  found.clear();
  set.FindByAutomaton(text, &seen, &found);
  std::sort(found.begin(), found.end());
  if (found != expected) std::abort();
  return 0;
}
