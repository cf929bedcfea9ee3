// Any bytes as a command line: bounded output, the original first.
#include "enrich/deobfuscate.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  nuthatch::Arena arena;
  const auto layers = nuthatch::Deobfuscate(line, &arena);
  size_t added = 0;
  for (const std::string_view layer : layers.subspan(1)) added += layer.size();
  if (layers[0] != line) std::abort();
  if (added > std::max(nuthatch::kMinDeobfuscationBudget, 4 * size)) std::abort();
  return 0;
}
