#include "trace/registry_joins.h"

#include "trace/registry_data.h"

namespace nuthatch {
namespace {

bool IsAbsolute(std::string_view path) { return path.starts_with('\\'); }

bool Succeeded(const EventFields& fields) {
  return static_cast<int32_t>(fields.Number32(FieldSlot::kStatus)) >= 0;
}

constexpr uint64_t kCreatedNew = 1;  // REG_CREATED_NEW_KEY

}  // namespace

// What is told first of a key is of the earliest one with that number: later ones are told of when
// they begin. So is that it ends, without a name.
void RegistryJoins::Learn(TraceKind kind, const EventFields& fields) {
  const uint64_t key = fields.Number(FieldSlot::kKey);
  if (key == 0 || keys_.Find(key) != nullptr) return;
  const bool opens = kind.source == TraceSource::kProvider &&
                     (kind.event == TraceEvent::kKeyCreate || kind.event == TraceEvent::kKeyOpen);
  text_.clear();
  if (opens) {
    if (!Succeeded(fields)) return;
    AppendOpened(fields, &text_);
  } else if (kind.source == TraceSource::kProvider || kind.event == TraceEvent::kKeyName ||
             kind.event == TraceEvent::kKeyNameEnd) {
    fields.Text(FieldSlot::kKeyName, &text_);
  } else {
    return;
  }
  keys_.Put(key, IsAbsolute(text_) ? std::string_view(text_) : std::string_view());
}

void RegistryJoins::Take(TraceKind kind, const EventFields& fields, bool says,
                         JoinedEvent* joined) {
  switch (kind.event) {
    case TraceEvent::kKeyName:
      fields.Text(FieldSlot::kKeyName, &joined->key_path);
      keys_.Put(fields.Number(FieldSlot::kKey), joined->key_path);
      return;
    case TraceEvent::kKeyNameEnd:
      AppendKey(fields.Number(FieldSlot::kKey), {}, &joined->key_path);
      keys_.Put(fields.Number(FieldSlot::kKey), {});
      return;
    case TraceEvent::kValueSet:
    case TraceEvent::kValueDelete:
    case TraceEvent::kValueUse:
      TakeValue(kind, fields, joined);
      break;
    default:
      TakeKey(kind, fields, joined);
  }
  if (!says || !Succeeded(fields)) joined->happened.reset();
}

void RegistryJoins::TakeKey(TraceKind kind, const EventFields& fields, JoinedEvent* joined) {
  const uint64_t key = fields.Number(FieldSlot::kKey);
  const bool opens = kind.event == TraceEvent::kKeyCreate || kind.event == TraceEvent::kKeyOpen;
  if (opens && kind.source == TraceSource::kProvider) {
    AppendOpened(fields, &joined->key_path);
    if (Succeeded(fields) && key != 0) keys_.Put(key, joined->key_path);
    if (fields.Number(FieldSlot::kDisposition) != kCreatedNew) return;
  } else {
    fields.Text(FieldSlot::kKeyName, &text_);
    AppendKey(key, text_, &joined->key_path);
  }
  if (kind.event == TraceEvent::kKeyCreate) joined->happened = EventType::kRegistryCreate;
  if (kind.event == TraceEvent::kKeyDelete) joined->happened = EventType::kRegistryDelete;
  if (kind.event == TraceEvent::kKeyClose) keys_.Put(key, {});
}

// Of the kernel logger's events the name is the value's.
void RegistryJoins::TakeValue(TraceKind kind, const EventFields& fields, JoinedEvent* joined) {
  const bool by_provider = kind.source == TraceSource::kProvider;
  text_.clear();
  if (by_provider) fields.Text(FieldSlot::kKeyName, &text_);
  AppendKey(fields.Number(FieldSlot::kKey), text_, &joined->key_path);
  joined->has_value = true;
  fields.Text(by_provider ? FieldSlot::kValueName : FieldSlot::kKeyName, &joined->value_name);
  if (kind.event == TraceEvent::kValueSet) {
    joined->happened = EventType::kRegistrySet;
    if (!fields.Has(FieldSlot::kDataType)) return;
    const uint32_t type = fields.Number32(FieldSlot::kDataType);
    joined->data_type = RegistryTypeName(type);
    AppendRegistryData(type, fields.Bytes(FieldSlot::kData), &joined->data);
  } else if (kind.event == TraceEvent::kValueDelete) {
    joined->happened = EventType::kRegistryDelete;
  }
}

// Kernel-Registry's: a base, by its name or else by its object, and a name relative to it.
void RegistryJoins::AppendOpened(const EventFields& fields, std::string* path) {
  fields.Text(FieldSlot::kBaseName, &base_);
  fields.Text(FieldSlot::kRelativeName, &relative_);
  if (IsAbsolute(base_) && !IsAbsolute(relative_)) {
    path->append(base_);
    AppendKey(0, relative_, path);
  } else {
    AppendKey(fields.Number(FieldSlot::kBaseKey), relative_, path);
  }
}

void RegistryJoins::AppendKey(uint64_t key, const std::string& name, std::string* path) const {
  if (!IsAbsolute(name)) {
    const RecentNames::Name* base = key == 0 ? nullptr : keys_.Find(key);
    if (base != nullptr) *path += base->text();
  }
  if (!path->empty() && !name.empty() && !path->ends_with('\\')) *path += '\\';
  *path += name;
}

}  // namespace nuthatch
