#include "image/imphash.h"

#include <algorithm>

#include "base/ascii.h"

namespace nuthatch {
namespace {

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), ToLowerAscii);
  return text;
}

// "kernel32.dll" as "kernel32".
std::string BaseName(const std::string& module) {
  std::string name = Lower(module);
  for (const char* extension : {".dll", ".ocx", ".sys"}) {
    if (name.ends_with(extension)) return name.substr(0, name.size() - 4);
  }
  return name;
}

}  // namespace

std::string ImphashText(std::span<const ImportedModule> imports) {
  std::string text;
  for (const ImportedModule& module : imports) {
    const std::string base = BaseName(module.name);
    for (const ImportedFunction& function : module.functions) {
      if (!text.empty()) text += ',';
      text += base + '.';
      text += function.name.empty() ? "ord" + std::to_string(function.ordinal.value_or(0))
                                    : Lower(function.name);
    }
  }
  return text;
}

}  // namespace nuthatch
