// The functions of an image by their addresses in it.
#ifndef NUTHATCH_ENRICH_SYMBOL_TABLE_H_
#define NUTHATCH_ENRICH_SYMBOL_TABLE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "enrich/symbol_source.h"

namespace nuthatch {

// Immutable once it is built, so shared by threads.
class SymbolTable {
 public:
  // In the order of `begin`.
  void Add(uint32_t begin, uint32_t end, std::string_view name) {
    functions_.push_back(
        {begin, end, static_cast<uint32_t>(names_.size()), static_cast<uint32_t>(name.size())});
    names_ += name;
  }
  size_t size() const { return functions_.size(); }
  size_t bytes() const { return functions_.size() * sizeof(Function) + names_.size(); }

  // False where `rva` is in none. The name lives as long as the table.
  bool Find(uint32_t rva, Symbol* symbol) const {
    const auto after =
        std::upper_bound(functions_.begin(), functions_.end(), rva,
                         [](uint32_t at, const Function& function) { return at < function.begin; });
    if (after == functions_.begin() || rva >= std::prev(after)->end) return false;
    const Function& function = *std::prev(after);
    *symbol = {std::string_view(names_).substr(function.name, function.name_size),
               rva - function.begin};
    return true;
  }

 private:
  struct Function {
    uint32_t begin;
    uint32_t end;
    uint32_t name;  // in names_
    uint32_t name_size;
  };
  std::vector<Function> functions_;
  std::string names_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_ENRICH_SYMBOL_TABLE_H_
