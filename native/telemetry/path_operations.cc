#include "telemetry/path_operations.h"

#include <charconv>
#include <cstdint>

#include "base/ascii.h"

namespace nuthatch {
namespace {

bool HasDrive(std::string_view path) {
  return path.size() >= 2 && IsAsciiLetter(path[0]) && path[1] == ':';
}

// Cuts `prefix`, in any case, from *text when a backslash or nothing follows it.
bool TakeKey(std::string_view* text, std::string_view prefix) {
  if (!StartsWithIgnoringAsciiCase(*text, prefix)) return false;
  const std::string_view rest = text->substr(prefix.size());
  if (!rest.empty() && rest[0] != '\\') return false;
  *text = rest;
  return true;
}

struct Root {
  std::string_view spelling;
  std::string_view name;
};
constexpr Root kRoots[] = {
    {"HKLM", "HKLM"},
    {"HKEY_LOCAL_MACHINE", "HKLM"},
    {"\\REGISTRY\\MACHINE", "HKLM"},
    {"HKU", "HKU"},
    {"HKEY_USERS", "HKU"},
    {"\\REGISTRY\\USER", "HKU"},
    {"HKCR", "HKCR"},
    {"HKEY_CLASSES_ROOT", "HKCR"},
    {"HKCU", "HKCU"},
    {"HKEY_CURRENT_USER", "HKCU"},
    {"HKCC", "HKCC"},
    {"HKEY_CURRENT_CONFIG", "HKCC"},
};

// Cuts "\SYSTEM\ControlSetNNN" from *path, which follows HKLM; gives "\SYSTEM\" as it is written.
std::string_view TakeControlSet(std::string_view* path) {
  constexpr std::string_view kSystem = "\\SYSTEM\\";
  constexpr std::string_view kControlSet = "ControlSet";
  if (!StartsWithIgnoringAsciiCase(*path, kSystem)) return {};
  std::string_view rest = path->substr(kSystem.size());
  if (!StartsWithIgnoringAsciiCase(rest, kControlSet)) return {};
  rest.remove_prefix(kControlSet.size());
  for (int i = 0; i < 3; ++i) {
    if (rest.empty() || !IsAsciiDigit(rest[0])) return {};
    rest.remove_prefix(1);
  }
  if (!rest.empty() && rest[0] != '\\') return {};
  const std::string_view system = path->substr(0, kSystem.size());
  *path = rest;
  return system;
}

std::string_view Join(std::string_view a, std::string_view b, std::string_view c,
                      std::string_view d, Arena* arena) {
  char* const text = arena->Allocate(a.size() + b.size() + c.size() + d.size());
  char* end = text;
  for (const std::string_view part : {a, b, c, d}) end += part.copy(end, part.size());
  return {text, static_cast<size_t>(end - text)};
}

// The number after 0x at the front of *text, of up to `max_digits` digits.
bool TakeHexadecimal(std::string_view* text, size_t max_digits, uint64_t* number) {
  if (!text->starts_with("0x")) return false;
  text->remove_prefix(2);
  const std::string_view digits = text->substr(0, max_digits);
  const char* const stop =
      std::from_chars(digits.data(), digits.data() + digits.size(), *number, 16).ptr;
  const auto size = static_cast<size_t>(stop - digits.data());
  text->remove_prefix(size);
  return size > 0;
}

// Whether `data` is all of "DWORD (0x…)", "QWORD (0x…)" or "QWORD (0x<high>-0x<low>)".
bool TakeNumber(std::string_view data, uint64_t* number) {
  const bool dword = data.starts_with("DWORD (");
  if (!dword && !data.starts_with("QWORD (")) return false;
  data.remove_prefix(7);
  std::string_view rest = data;
  if (TakeHexadecimal(&rest, dword ? 8 : 16, number) && rest == ")") return true;
  uint64_t low = 0;
  if (dword || !TakeHexadecimal(&data, 8, number) || !data.starts_with("-")) return false;
  data.remove_prefix(1);
  if (!TakeHexadecimal(&data, 8, &low) || data != ")") return false;
  *number = *number << 32 | low;
  return true;
}

}  // namespace

std::string_view Basename(std::string_view path, Arena*) {
  return path.substr(path.find_last_of("\\/") + 1);  // npos + 1 is 0
}

std::string_view NtPath(std::string_view path, Arena*) {
  constexpr size_t kPrefix = 4;
  const bool cut = path.starts_with("\\??\\") || path.starts_with("\\\\?\\");
  return cut && HasDrive(path.substr(kPrefix)) ? path.substr(kPrefix) : path;
}

std::string_view PlatformOf(std::string_view path, Arena*) {
  if (HasDrive(path) || path.find('\\') != path.npos) return "windows";
  for (const std::string_view folder :
       {"/Applications/", "/Library/", "/System/", "/Users/", "/Volumes/", "/private/"}) {
    if (path.starts_with(folder)) return "macos";
  }
  return path.starts_with('/') ? "linux" : "";
}

std::string_view RegistryPath(std::string_view path, Arena* arena) {
  for (const Root& root : kRoots) {
    std::string_view rest = path;
    if (!TakeKey(&rest, root.spelling)) continue;
    const std::string_view system = root.name == "HKLM" ? TakeControlSet(&rest) : "";
    if (system.empty() && path.starts_with(root.name)) return path;
    return Join(root.name, system, system.empty() ? "" : "CurrentControlSet", rest, arena);
  }
  return path;
}

std::string_view RegistryData(std::string_view data, Arena* arena) {
  uint64_t number = 0;
  if (!TakeNumber(data, &number)) return data;
  constexpr size_t kDigits = 20;
  char* const text = arena->Allocate(kDigits);
  const char* const end = std::to_chars(text, text + kDigits, number).ptr;
  return {text, static_cast<size_t>(end - text)};
}

}  // namespace nuthatch
