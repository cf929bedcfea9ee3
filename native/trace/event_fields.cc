#include "trace/event_fields.h"

#include <algorithm>

#include "etw/value_text.h"

namespace nuthatch {
namespace {

struct SlotName {
  Slot slot;
  std::string_view name;
};

// The names of the kernel's MOF classes, and those of the manifests.
constexpr SlotName kNames[] = {
    {Slot::kProcessId, "ProcessId"},
    {Slot::kProcessId, "ProcessID"},
    {Slot::kProcessId, "PID"},
    {Slot::kParentId, "ParentId"},
    {Slot::kParentId, "ParentProcessID"},
    {Slot::kThreadId, "TThreadId"},
    {Slot::kThreadId, "ThreadID"},
    {Slot::kThreadId, "ThreadId"},
    {Slot::kThreadId, "TTID"},
    {Slot::kThreadId, "IssuingThreadId"},
    {Slot::kSession, "SessionId"},
    {Slot::kSession, "SessionID"},
    {Slot::kUserSid, "UserSID"},
    {Slot::kImageName, "ImageFileName"},
    {Slot::kCommandLine, "CommandLine"},
    {Slot::kCreateTime, "CreateTime"},
    {Slot::kSequence, "ProcessSequenceNumber"},
    {Slot::kParentSequence, "ParentProcessSequenceNumber"},
    {Slot::kMandatoryLabel, "MandatoryLabel"},
    {Slot::kImageBase, "ImageBase"},
    {Slot::kPath, "FileName"},
    {Slot::kPath, "OpenPath"},
    {Slot::kPath, "FilePath"},
    {Slot::kPath, "ImageName"},
    {Slot::kIrp, "IrpPtr"},
    {Slot::kIrp, "Irp"},
    {Slot::kFileObject, "FileObject"},
    {Slot::kFileKey, "FileKey"},
    {Slot::kCreateOptions, "CreateOptions"},
    {Slot::kExtraInformation, "ExtraInfo"},
    {Slot::kExtraInformation, "ExtraInformation"},
    {Slot::kStatus, "NtStatus"},
    {Slot::kStatus, "Status"},
    {Slot::kDisposition, "Disposition"},
    {Slot::kKey, "KeyHandle"},
    {Slot::kKey, "KeyObject"},
    {Slot::kBaseKey, "BaseObject"},
    {Slot::kKeyName, "KeyName"},
    {Slot::kBaseName, "BaseName"},
    {Slot::kRelativeName, "RelativeName"},
    {Slot::kValueName, "ValueName"},
    {Slot::kDataType, "Type"},
    {Slot::kData, "CapturedData"},
    {Slot::kLocalIp, "saddr"},
    {Slot::kRemoteIp, "daddr"},
    {Slot::kLocalPort, "sport"},
    {Slot::kRemotePort, "dport"},
    {Slot::kComputerName, "ComputerName"},
    {Slot::kWindowsFolder, "SystemWindowsDirectory"},
    {Slot::kNtPath, "NtPath"},
    {Slot::kDosPath, "DosPath"},
};

SlotPositions PositionsIn(const EventSchema& schema) {
  SlotPositions positions;
  positions.fill(kNoField);
  const size_t size = std::min<size_t>(schema.fields.size(), kNoField);
  for (size_t i = 0; i < size; ++i) {
    const FieldSchema& field = schema.fields[i];
    // An array of numbers is none.
    if (field.count.form != Extent::Form::kNone || field.in == InType::kStruct) continue;
    for (const SlotName& known : kNames) {
      if (field.name != known.name) continue;
      uint8_t& position = positions[static_cast<size_t>(known.slot)];
      if (position == kNoField) position = static_cast<uint8_t>(i);
    }
  }
  return positions;
}

}  // namespace

uint16_t EventFields::Port(Slot slot) const {
  const Span bytes = Bytes(slot);
  return bytes.size() == 2 ? static_cast<uint16_t>(bytes[0] << 8 | bytes[1]) : uint16_t{0};
}

void EventFields::Text(Slot slot, std::string* text) const {
  text->clear();
  if (const DecodedField* field = Find(slot)) AppendValue(*field->schema, field->data, text);
}

EventFields FieldFinder::FieldsOf(TraceKind kind, const DecodedEvent& event) {
  Last& last = last_[static_cast<size_t>(kind.event)][static_cast<size_t>(kind.source)];
  if (last.schema != event.schema) {
    const auto [known, added] = positions_.try_emplace(event.schema);
    if (added) known->second = PositionsIn(*event.schema);
    last = {event.schema, &known->second};
  }
  return {event, *last.positions};
}

}  // namespace nuthatch
