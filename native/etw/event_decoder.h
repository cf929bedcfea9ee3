// Turns records into named, typed fields.
#ifndef NUTHATCH_ETW_EVENT_DECODER_H_
#define NUTHATCH_ETW_EVENT_DECODER_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "etw/decoded_event.h"
#include "etw/event_key.h"
#include "etw/payload_decoder.h"
#include "etw/stack_cache.h"
#include "etw/value_map.h"

namespace nuthatch {

// For one thread at a time. A record of an event that came before allocates nothing, unless it has
// more fields than any before it.
class EventDecoder {
 public:
  // What a trace can make this keep, whatever it says.
  static constexpr size_t kMaxLearnedBytes = size_t{32} << 20;
  static constexpr size_t kMaxPending = 256;  // manifests of which chunks are missing
  static constexpr size_t kMaxPendingBytes = size_t{8} << 20;
  static constexpr size_t kMaxFound = size_t{1} << 14;
  static constexpr size_t kMaxCachedBytes = size_t{8} << 20;

  EventDecoder();

  // Takes the schemas and names of values out of a record that has some, EventMetadata and
  // manifests of EventSource, and the stacks that others refer to. They may come after the events
  // that need them, so a first pass over a file finds them. What has been learned before stays. Of
  // other records nothing happens.
  void Learn(const EtwRecord& record);
  // The same without stacks; false when the record has no schema.
  bool LearnSchemas(const EtwRecord& record);
  // Of the providers whose schemas have been learned. They last until more is.
  std::map<Guid, std::string_view> ProviderNames() const;

  // Whom to ask for the TRACE_EVENT_INFO of an event of which nothing is known, once for each, and
  // for the EVENT_MAP_INFO of a name that is in it: false when there is none.
  struct Asking {
    std::function<bool(const EtwRecord&, std::vector<uint8_t>*)> info;
    std::function<bool(const EtwRecord&, const std::string& name, std::vector<uint8_t>*)> map;
  };
  void SetAsking(Asking ask) { ask_ = std::move(ask); }

  // What has been learned of stacks.
  const StackCache& stacks() const { return stacks_; }

  // What it returns lasts until the next call.
  const DecodedEvent& Decode(const EtwRecord& record);

 private:
  struct Found {
    const EventSchema* schema = nullptr;
    SchemaSource source = SchemaSource::kNone;
  };
  struct Learned {
    std::unique_ptr<const EventSchema> schema;
    SchemaSource source;
  };
  struct PendingManifest {
    uint16_t next = 0;  // chunk
    std::string text;
  };

  Found Find(const EtwRecord& record, const EventKey& key);
  Found Resolve(const EventKey& key) const;
  Found Ask(const EtwRecord& record, const EventKey& key);
  void AskForMaps(const EtwRecord& record);
  const Learned* FindLearned(const EventKey& key) const;
  const EventSchema& DecodePayload(const EventSchema& schema);
  const EventSchema* SelfDescribed(std::span<const uint8_t> item);
  void LearnChunk(const EtwRecord& record);
  bool Keep(const EventKey& key, EventSchema schema, SchemaSource source);

  std::unordered_map<EventKey, Learned, EventKeyHash> learned_;
  size_t learned_bytes_ = 0;
  std::unordered_map<EventKey, Found, EventKeyHash> found_;
  EventCache<Found> recent_;                            // of those
  std::unordered_set<EventKey, EventKeyHash> unknown_;  // asked for in vain
  // By the bytes of the item; nullptr for those that are malformed.
  std::unordered_map<std::string, std::unique_ptr<const EventSchema>, TextHash, std::equal_to<>>
      self_described_;
  size_t self_described_bytes_ = 0;
  std::map<std::pair<Guid, uint32_t>, PendingManifest> pending_;  // by provider and process
  size_t pending_bytes_ = 0;
  Asking ask_;
  std::vector<uint8_t> info_;
  std::vector<uint8_t> info_of_map_;
  ValueMaps maps_;
  StackCache stacks_;
  PayloadDecoder payload_decoder_;
  DecodedEvent event_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_ETW_EVENT_DECODER_H_
