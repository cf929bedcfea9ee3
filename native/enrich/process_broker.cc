#include "enrich/process_broker.h"

#include <algorithm>

#include "base/ascii.h"

namespace nuthatch {
namespace {

constexpr std::string_view kLocalSystem = "S-1-5-18";

// A group of services in one svchost.exe, or one service alone in it (-s).
struct ServiceRow {
  std::string_view group;  // where the service is the only one of its group to start others
  std::string_view service;
  std::string_view broker;
  bool names_client_as_parent;
};
constexpr ServiceRow kServices[] = {
    {"DcomLaunch", "DcomLaunch", "dcom", false},
    {"WerSvcGroup", "WerSvc", "error_reporting", true},
    {"", "Appinfo", "uac", true},
    {"", "seclogon", "secondary_logon", true},
    {"", "Schedule", "task_scheduler", false},
};
// Has Appinfo, seclogon and Schedule where they are not alone (Windows 7, and little memory).
constexpr std::string_view kSharedGroup = "netsvcs";

struct ProgramRow {
  std::string_view file;  // in System32 or SysWOW64
  std::string_view argument;
  std::string_view broker;
};
constexpr ProgramRow kPrograms[] = {
    {"consent.exe", "", "uac"},
    {"dllhost.exe", "/Processid:", "dcom"},
    {"RuntimeBroker.exe", "", "runtime_broker"},
    {"services.exe", "", "service_control"},
    {"taskeng.exe", "", "task_scheduler"},  // Windows 7
    {"taskhost.exe", "", "task_scheduler"},
    {"taskhostex.exe", "", "task_scheduler"},  // Windows 8
    {"taskhostw.exe", "", "task_scheduler"},
    {"wbem\\scrcons.exe", "", "wmi"},
    {"wbem\\WmiPrvSE.exe", "", "wmi"},
    {"WerFault.exe", "", "error_reporting"},
    {"WerFaultSecure.exe", "", "error_reporting"},
    {"winrshost.exe", "", "winrm"},
    {"wsmprovhost.exe", "", "winrm"},
};

// What follows <drive>:\Windows\; empty of a path elsewhere.
std::string_view BelowWindows(std::string_view path) {
  constexpr std::string_view kFolder = ":\\Windows\\";
  if (path.empty() || !StartsWithIgnoringAsciiCase(path.substr(1), kFolder)) return {};
  return path.substr(1 + kFolder.size());
}

std::string_view InSystemFolder(std::string_view below_windows) {
  for (const std::string_view folder : {"System32\\", "SysWOW64\\"}) {
    if (StartsWithIgnoringAsciiCase(below_windows, folder))
      return below_windows.substr(folder.size());
  }
  return {};
}

// Not one below a device whose drive is not known, nor a mere name.
bool IsWin32Path(std::string_view path) {
  return path.starts_with("\\\\") || (path.size() > 2 && path[1] == ':');
}

// Takes the first word off the text; empty when there is none.
std::string_view TakeWord(std::string_view* text) {
  text->remove_prefix(std::min(text->find_first_not_of(' '), text->size()));
  const std::string_view word = text->substr(0, text->find(' '));
  text->remove_prefix(word.size());
  return word;
}

// The word after "-k" or the like; empty when there is none.
std::string_view Option(std::string_view command_line, std::string_view name) {
  for (std::string_view word = TakeWord(&command_line); !word.empty();
       word = TakeWord(&command_line)) {
    if (EqualIgnoringAsciiCase(word, name)) return TakeWord(&command_line);
  }
  return {};
}

bool HasWord(std::string_view command_line, std::string_view prefix) {
  for (std::string_view word = TakeWord(&command_line); !word.empty();
       word = TakeWord(&command_line)) {
    if (StartsWithIgnoringAsciiCase(word, prefix)) return true;
  }
  return false;
}

bool IsServiceHost(std::string_view in_system) {
  return EqualIgnoringAsciiCase(in_system, "svchost.exe");
}

const ServiceRow* ServiceOf(std::string_view command_line) {
  const std::string_view group = Option(command_line, "-k");
  const std::string_view service = Option(command_line, "-s");
  for (const ServiceRow& row : kServices) {
    const bool is = service.empty() ? EqualIgnoringAsciiCase(group, row.group)
                                    : EqualIgnoringAsciiCase(service, row.service);
    if (is && !group.empty()) return &row;
  }
  return nullptr;
}

}  // namespace

std::string_view BrokerOf(const ProcessFacts& process) {
  const std::string_view below = BelowWindows(process.path);
  const std::string_view file = InSystemFolder(below);
  if (IsServiceHost(file)) {
    const ServiceRow* const service = ServiceOf(process.command_line);
    return service == nullptr ? std::string_view() : service->broker;
  }
  for (const ProgramRow& row : kPrograms) {
    if (!EqualIgnoringAsciiCase(file, row.file)) continue;
    if (row.argument.empty() || HasWord(process.command_line, row.argument)) return row.broker;
  }
  // What COM has started serves whoever asks it to.
  const bool is_server = !below.empty() && HasWord(process.command_line, "-Embedding");
  return is_server ? "dcom" : std::string_view();
}

// Who may: Appinfo and seclogon name who asked for an elevated process, or for one of another user,
// and WerSvc names the process that crashed, as parents. They run as SYSTEM. A snapshot is a child
// of what it is a copy of, whoever takes it; WerFault does.
std::optional<bool> SpoofsParent(const ProcessFacts& creator, bool is_copy) {
  if (!IsWin32Path(creator.path)) return std::nullopt;
  const std::string_view file = InSystemFolder(BelowWindows(creator.path));
  if (!IsServiceHost(file)) return !is_copy || BrokerOf(creator) != "error_reporting";
  if (!creator.user_sid.empty() && creator.user_sid != kLocalSystem) return true;
  if (creator.command_line.empty()) return std::nullopt;
  const ServiceRow* const service = ServiceOf(creator.command_line);
  if (service != nullptr) return !service->names_client_as_parent;
  const bool is_shared = Option(creator.command_line, "-s").empty() &&
                         EqualIgnoringAsciiCase(Option(creator.command_line, "-k"), kSharedGroup);
  return !is_shared;
}

}  // namespace nuthatch
