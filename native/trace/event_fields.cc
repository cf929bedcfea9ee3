#include "trace/event_fields.h"

#include <algorithm>

#include "etw/value_text.h"

namespace nuthatch {
namespace {

struct SlotName {
  FieldSlot slot;
  std::string_view name;
};

// The names of the kernel's MOF classes, and those of the manifests.
constexpr SlotName kNames[] = {
    {FieldSlot::kProcessId, "ProcessId"},
    {FieldSlot::kProcessId, "ProcessID"},
    {FieldSlot::kProcessId, "PID"},
    {FieldSlot::kParentId, "ParentId"},
    {FieldSlot::kParentId, "ParentProcessID"},
    {FieldSlot::kThreadId, "TThreadId"},
    {FieldSlot::kThreadId, "ThreadID"},
    {FieldSlot::kThreadId, "ThreadId"},
    {FieldSlot::kThreadId, "TTID"},
    {FieldSlot::kThreadId, "IssuingThreadId"},
    {FieldSlot::kSession, "SessionId"},
    {FieldSlot::kSession, "SessionID"},
    {FieldSlot::kUserSid, "UserSID"},
    {FieldSlot::kImageName, "ImageFileName"},
    {FieldSlot::kCommandLine, "CommandLine"},
    {FieldSlot::kCreateTime, "CreateTime"},
    {FieldSlot::kSequence, "ProcessSequenceNumber"},
    {FieldSlot::kParentSequence, "ParentProcessSequenceNumber"},
    {FieldSlot::kMandatoryLabel, "MandatoryLabel"},
    {FieldSlot::kImageBase, "ImageBase"},
    {FieldSlot::kImageTimestamp, "TimeDateStamp"},
    {FieldSlot::kImageChecksum, "ImageChecksum"},
    {FieldSlot::kImageChecksum, "ImageCheckSum"},
    {FieldSlot::kImageSize, "ImageSize"},
    {FieldSlot::kPath, "FileName"},
    {FieldSlot::kPath, "OpenPath"},
    {FieldSlot::kPath, "FilePath"},
    {FieldSlot::kPath, "ImageName"},
    {FieldSlot::kIrp, "IrpPtr"},
    {FieldSlot::kIrp, "Irp"},
    {FieldSlot::kFileObject, "FileObject"},
    {FieldSlot::kFileKey, "FileKey"},
    {FieldSlot::kCreateOptions, "CreateOptions"},
    {FieldSlot::kExtraInformation, "ExtraInfo"},
    {FieldSlot::kExtraInformation, "ExtraInformation"},
    {FieldSlot::kStatus, "NtStatus"},
    {FieldSlot::kStatus, "Status"},
    {FieldSlot::kDisposition, "Disposition"},
    {FieldSlot::kKey, "KeyHandle"},
    {FieldSlot::kKey, "KeyObject"},
    {FieldSlot::kBaseKey, "BaseObject"},
    {FieldSlot::kKeyName, "KeyName"},
    {FieldSlot::kBaseName, "BaseName"},
    {FieldSlot::kRelativeName, "RelativeName"},
    {FieldSlot::kValueName, "ValueName"},
    {FieldSlot::kDataType, "Type"},
    {FieldSlot::kData, "CapturedData"},
    {FieldSlot::kLocalIp, "saddr"},
    {FieldSlot::kRemoteIp, "daddr"},
    {FieldSlot::kLocalPort, "sport"},
    {FieldSlot::kRemotePort, "dport"},
    {FieldSlot::kComputerName, "ComputerName"},
    {FieldSlot::kWindowsFolder, "SystemWindowsDirectory"},
    {FieldSlot::kNtPath, "NtPath"},
    {FieldSlot::kDosPath, "DosPath"},
    {FieldSlot::kInfoClass, "InfoClass"},
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

uint16_t EventFields::Port(FieldSlot slot) const {
  const Span bytes = Bytes(slot);
  return bytes.size() == 2 ? static_cast<uint16_t>(bytes[0] << 8 | bytes[1]) : uint16_t{0};
}

void EventFields::Text(FieldSlot slot, std::string* text) const {
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
