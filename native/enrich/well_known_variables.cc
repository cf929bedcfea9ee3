#include "enrich/well_known_variables.h"

#include <algorithm>
#include <span>

namespace nuthatch {
namespace {

struct Variable {
  std::string_view name;
  std::string_view value;
};

// Windows 10 and 11, 64 bits, installed on C:.
constexpr Variable kEnvironment[] = {
    {"ALLUSERSPROFILE", "C:\\ProgramData"},
    {"CommonProgramFiles", "C:\\Program Files\\Common Files"},
    {"CommonProgramFiles(x86)", "C:\\Program Files (x86)\\Common Files"},
    {"CommonProgramW6432", "C:\\Program Files\\Common Files"},
    {"ComSpec", "C:\\Windows\\system32\\cmd.exe"},
    {"DriverData", "C:\\Windows\\System32\\Drivers\\DriverData"},
    {"HOMEDRIVE", "C:"},
    {"OS", "Windows_NT"},
    {"PATHEXT", ".COM;.EXE;.BAT;.CMD;.VBS;.VBE;.JS;.JSE;.WSF;.WSH;.MSC"},
    {"PROCESSOR_ARCHITECTURE", "AMD64"},
    {"ProgramData", "C:\\ProgramData"},
    {"ProgramFiles", "C:\\Program Files"},
    {"ProgramFiles(x86)", "C:\\Program Files (x86)"},
    {"ProgramW6432", "C:\\Program Files"},
    {"PSModulePath",
     "C:\\Program Files\\WindowsPowerShell\\Modules;"
     "C:\\Windows\\system32\\WindowsPowerShell\\v1.0\\Modules"},
    {"PUBLIC", "C:\\Users\\Public"},
    {"SystemDrive", "C:"},
    {"SystemRoot", "C:\\Windows"},
    {"windir", "C:\\Windows"},
};

constexpr Variable kPowershell[] = {
    {"PSHOME", "C:\\Windows\\System32\\WindowsPowerShell\\v1.0"},
    {"ShellId", "Microsoft.PowerShell"},
    {"VerbosePreference", "SilentlyContinue"},
};

std::string_view Find(std::span<const Variable> variables, std::string_view name) {
  for (const Variable& v : variables) {
    if (EqualsIgnoringCase(v.name, name)) return v.value;
  }
  return {};
}

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

}  // namespace

std::string_view EnvironmentVariable(std::string_view name) { return Find(kEnvironment, name); }
std::string_view PowershellVariable(std::string_view name) { return Find(kPowershell, name); }

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [](char x, char y) { return Lower(x) == Lower(y); });
}

bool StartsWithIgnoringCase(std::string_view text, std::string_view prefix) {
  return EqualsIgnoringCase(text.substr(0, prefix.size()), prefix);
}

}  // namespace nuthatch
