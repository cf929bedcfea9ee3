#include "trace/stated_processes.h"

#include <string_view>

#include "base/guid.h"

namespace nuthatch {
namespace {

struct Row {
  Guid provider;
  std::string_view actor;   // fields; empty where the process that writes the event is it
  std::string_view target;  // empty where there is none
};

// Sources: the manifests of Windows 10 and 11.
constexpr Row kRows[] = {
    {ParseGuid("1c95126e-7eea-49a9-a3fe-a378b03ddb4d"), "ClientPID", ""},        // DNS-Client
    {ParseGuid("1418ef04-b0b4-4623-bf7e-d74ab47bbdaa"), "ClientProcessId", ""},  // WMI-Activity
    // Kernel-Audit-API-Calls and Threat-Intelligence
    {ParseGuid("e02a841c-75a3-4fa7-afc8-ae09cf9b7f23"), "", "TargetProcessId"},
    {ParseGuid("f4e1897c-bb5d-5668-f1d8-040f4d8dd344"), "CallingProcessId", "TargetProcessId"},
};

void Take(const DecodedEvent& event, std::string_view name, JoinedProcess* process) {
  const DecodedField* const field = name.empty() ? nullptr : event.Find(name);
  if (field != nullptr && !field->array)
    process->pid = static_cast<uint32_t>(UnsignedOf(field->data));
}

}  // namespace

void TakeStatedProcesses(const DecodedEvent& event, JoinedEvent* joined) {
  for (const Row& row : kRows) {
    if (row.provider != event.record->provider) continue;
    Take(event, row.actor, &joined->process);
    Take(event, row.target, &joined->target);
  }
}

}  // namespace nuthatch
