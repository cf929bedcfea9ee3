#include "etw/event_decoder.h"

#include "base/immortal.h"
#include "etw/event_info.h"
#include "etw/known_providers.h"
#include "etw/layout_schemas.h"
#include "etw/layout_text.h"
#include "etw/manifest.h"
#include "etw/provider_traits.h"
#include "etw/trace_logging.h"
#include "platform/random.h"

namespace nuthatch {
namespace {

// An event of EventSource's that is a piece of its manifest.
constexpr uint16_t kManifestId = 0xFFFE;
constexpr uint8_t kManifestOpcode = 0xFE;
constexpr size_t kChunkHead = 8;

constexpr uint16_t kStringOnly = 4;  // EVENT_HEADER_FLAG_STRING_ONLY

bool IsManifest(const EtwRecord& record) {
  return record.kind == HeaderKind::kEvent && record.id == kManifestId &&
         record.opcode == kManifestOpcode && record.payload.size() >= kChunkHead &&
         record.payload[0] == 1 && record.payload[3] == 0x5B;
}

EventSchema BuiltIn(const char* name, const char* fields) {
  EventSchema schema;
  schema.name = name;
  ParseLayout(fields, &schema.fields);
  return schema;
}

const EventSchema& ManifestSchema() {
  static const Immortal<EventSchema> schema(
      BuiltIn("ManifestData",
              "u8 Format, u8 MajorVersion, u8 MinorVersion, u8 Magic, u16 TotalChunks, "
              "u16 ChunkNumber, astr(*) Manifest"));
  return *schema;
}

const EventSchema& StringSchema() {
  static const Immortal<EventSchema> schema(BuiltIn("String", "wstr Message"));
  return *schema;
}

size_t MemoryOf(const EventSchema& schema) {
  size_t size = sizeof(schema) + schema.provider.size() + schema.name.size() + schema.task.size() +
                schema.opcode.size();
  for (const FieldSchema& field : schema.fields) size += sizeof(field) + field.name.size();
  return size;
}

}  // namespace

EventDecoder::EventDecoder()
    : learned_(/*bucket_count=*/64, EventKeyHash::Random()),
      found_(/*bucket_count=*/64, EventKeyHash::Random()),
      unknown_(/*bucket_count=*/64, EventKeyHash::Random()),
      self_described_(/*bucket_count=*/64, TextHash{{RandomWord(), RandomWord()}}) {}

void EventDecoder::Learn(const EtwRecord& record) {
  if (!LearnSchemas(record)) stacks_.Learn(record);
}

bool EventDecoder::LearnSchemas(const EtwRecord& record) {
  if (IsManifest(record)) {
    LearnChunk(record);
  } else if (record.provider == kEventMetadata && record.opcode == kEventInfo) {
    EventKey key;
    EventSchema schema;
    if (ReadEventInfo(record.payload, &maps_, &key, &schema))
      Keep(key, std::move(schema), SchemaSource::kTraceMetadata);
  } else if (record.provider == kEventMetadata && record.opcode == kEventMapInfo) {
    Guid provider;
    std::string name;
    ValueMap map;
    if (ReadEventMap(record.payload, &provider, &name, &map))
      maps_.Learn(provider, name, std::move(map));
  } else {
    return false;
  }
  return true;
}

std::map<Guid, std::string_view> EventDecoder::ProviderNames() const {
  std::map<Guid, std::string_view> names;
  for (const auto& [key, learned] : learned_) {
    if (!learned.schema->provider.empty())
      names.try_emplace(key.provider, learned.schema->provider);
  }
  return names;
}

// Chunks of a manifest come one after the other, from 0; anything else is left out until the next
// 0.
void EventDecoder::LearnChunk(const EtwRecord& record) {
  const auto total = LoadAt<uint16_t>(record.payload, 4);
  const auto number = LoadAt<uint16_t>(record.payload, 6);
  const auto bytes = record.payload.subspan(kChunkHead);
  const auto key = std::make_pair(record.provider, record.pid);
  if (pending_.size() == kMaxPending && !pending_.contains(key)) {
    pending_.clear();
    pending_bytes_ = 0;
  }
  const auto pending = pending_.try_emplace(key).first;
  PendingManifest& manifest = pending->second;
  const bool restarts = number == 0;
  if (restarts) {
    pending_bytes_ -= manifest.text.size();
    manifest = {};
  }
  const bool fits = number == manifest.next && pending_bytes_ + bytes.size() <= kMaxPendingBytes;
  if (fits) {
    manifest.text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    pending_bytes_ += bytes.size();
    if (++manifest.next < total) return;
    const auto take = [&](uint16_t id, uint8_t version, EventSchema schema) {
      return Keep({record.provider, id, version, kNoGroup, EventForm::kId}, std::move(schema),
                  SchemaSource::kEventSource);
    };
    ReadManifest(manifest.text, record.provider, &maps_, take);
  }
  pending_bytes_ -= manifest.text.size();
  pending_.erase(pending);
}

// False when there is no room for more.
bool EventDecoder::Keep(const EventKey& key, EventSchema schema, SchemaSource source) {
  const size_t size = MemoryOf(schema);
  if (learned_bytes_ + size > kMaxLearnedBytes) return false;
  if (learned_.contains(key)) return true;
  learned_bytes_ += size;
  learned_.emplace(key, Learned{std::make_unique<const EventSchema>(std::move(schema)), source});
  recent_.Clear();
  found_.clear();  // it may be the next best for later versions too
  return true;
}

const DecodedEvent& EventDecoder::Decode(const EtwRecord& record) {
  const EventKey key = KeyOf(record);
  const Found found = Find(record, key);
  event_ = DecodedEvent{};
  event_.record = &record;
  event_.source = found.source;
  event_.rest = record.payload;
  event_.stack = stacks_.Find(record);
  if (found.schema != nullptr) {
    const EventSchema& schema = DecodePayload(*found.schema);
    event_.schema = &schema;
    event_.provider = schema.provider;
    event_.name = schema.name;
    event_.task = schema.task;
    event_.opcode = schema.opcode;
  }
  if (event_.provider.empty()) event_.provider = ProviderNameIn(record.extended);
  if (event_.provider.empty()) {
    if (const char* name = KnownProviderName(record.provider)) event_.provider = name;
  }
  return event_;
}

// By `schema`, or that of the same version that fits the payload to its last byte.
const EventSchema& EventDecoder::DecodePayload(const EventSchema& schema) {
  const EtwRecord& record = *event_.record;
  const auto fits = [&](const EventSchema& candidate) {
    payload_decoder_.Decode(candidate, record.payload, record.pointer_size, &event_);
    return !event_.incomplete && event_.rest.empty();
  };
  for (const EventSchema* candidate = &schema; candidate != nullptr;
       candidate = candidate->other.get()) {
    if (fits(*candidate)) return *candidate;
  }
  if (schema.other != nullptr) fits(schema);
  return schema;
}

EventDecoder::Found EventDecoder::Find(const EtwRecord& record, const EventKey& key) {
  ExtendedItems items = record.extended;
  ExtendedItem item;
  while (items.Next(&item)) {
    if (item.type != ExtendedType::kSchema) continue;
    const EventSchema* schema = SelfDescribed(item.data);
    if (schema != nullptr) return {schema, SchemaSource::kSelfDescribing};
  }
  if (IsManifest(record)) return {&ManifestSchema(), SchemaSource::kEventSource};
  if (record.kind == HeaderKind::kEvent && (record.flags & kStringOnly) != 0)
    return {&StringSchema(), SchemaSource::kSelfDescribing};
  if (const Found* const recent = recent_.Find(key)) return *recent;
  auto known = found_.find(key);
  if (known == found_.end()) {
    Found found = Resolve(key);
    if (found.schema == nullptr && ask_.info) found = Ask(record, key);
    if (found_.size() == kMaxFound) found_.clear();
    known = found_.emplace(key, found).first;
  }
  recent_.Put(key, known->second);
  return known->second;
}

EventDecoder::Found EventDecoder::Ask(const EtwRecord& record, const EventKey& key) {
  if (key.form != EventForm::kId || unknown_.contains(key)) return {};
  EventKey told;
  EventSchema schema;
  if (!ask_.info(record, &info_) || !ReadEventInfo(info_, &maps_, &told, &schema) ||
      told.provider != key.provider || told.number != key.number) {
    if (unknown_.size() == kMaxFound) unknown_.clear();
    unknown_.insert(key);
    return {};
  }
  Keep(key, std::move(schema), SchemaSource::kTraceMetadata);
  AskForMaps(record);
  return Resolve(key);
}

// Of the event of which it has been asked.
void EventDecoder::AskForMaps(const EtwRecord& record) {
  for (const std::string& name : MapNamesOf(info_)) {
    const ValueMap* const known = maps_.Get(record.provider, name);
    std::string told;
    ValueMap map;
    if (known != nullptr && known->names.empty() && ask_.map(record, name, &info_of_map_) &&
        ReadMapInfo(info_of_map_, &told, &map))
      maps_.Learn(record.provider, name, std::move(map));
  }
}

// The newest layout that is not newer than the event: later versions append. Of the same version a
// table's comes first, for manifests err (Kernel-Network's connid).
EventDecoder::Found EventDecoder::Resolve(const EventKey& key) const {
  const EventSchema* table = LayoutSchemas::Instance().Find(key);
  if (table != nullptr && table->version == key.version) return {table, SchemaSource::kTables};
  const Learned* learned = FindLearned(key);
  if (learned != nullptr && (table == nullptr || learned->schema->version > table->version))
    return {learned->schema.get(), learned->source};
  if (table != nullptr) return {table, SchemaSource::kTables};
  return {};
}

// Of the event's version, or of the newest one before it.
const EventDecoder::Learned* EventDecoder::FindLearned(const EventKey& key) const {
  if (key.form != EventForm::kId) return nullptr;  // those have versions of 8 bits
  for (EventKey older = key;; --older.version) {
    const auto learned = learned_.find(older);
    if (learned != learned_.end()) return &learned->second;
    if (older.version == 0) return nullptr;
  }
}

const EventSchema* EventDecoder::SelfDescribed(std::span<const uint8_t> item) {
  const std::string_view text(reinterpret_cast<const char*>(item.data()), item.size());
  const auto known = self_described_.find(text);
  if (known != self_described_.end()) return known->second.get();
  auto schema = std::make_unique<EventSchema>();
  if (!ReadTraceLoggingSchema(item, schema.get())) schema = nullptr;
  const size_t size = text.size() + (schema == nullptr ? 0 : MemoryOf(*schema));
  if (self_described_bytes_ + size > kMaxCachedBytes) {
    self_described_.clear();
    self_described_bytes_ = 0;
  }
  self_described_bytes_ += size;
  return self_described_.emplace(text, std::move(schema)).first->second.get();
}

}  // namespace nuthatch
