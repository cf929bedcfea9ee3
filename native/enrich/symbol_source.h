// What is at an address of an image.
#ifndef NUTHATCH_ENRICH_SYMBOL_SOURCE_H_
#define NUTHATCH_ENRICH_SYMBOL_SOURCE_H_

#include <cstdint>
#include <string_view>

#include "enrich/image_map.h"

namespace nuthatch {

struct Symbol {
  std::string_view name;
  uint32_t offset = 0;  // of the address in what is named
};

class SymbolSource {
 public:
  virtual ~SymbolSource() = default;
  // False where no name is known, or not yet. `path` is the file's as Win32 has it. The name lasts
  // until the next call. For one thread at a time.
  virtual bool Find(const ImageFile& file, std::string_view path, uint32_t rva, Symbol* symbol) = 0;
};

}  // namespace nuthatch

#endif  // NUTHATCH_ENRICH_SYMBOL_SOURCE_H_
