#ifndef NUTHATCH_ETW_LAYOUT_SCHEMAS_H_
#define NUTHATCH_ETW_LAYOUT_SCHEMAS_H_

#include <memory>
#include <unordered_map>
#include <vector>

#include "base/immortal.h"
#include "etw/event_key.h"
#include "etw/event_schema.h"
#include "etw/layout_tables.h"

namespace nuthatch {

// The rows of the layout tables as schemas. Immutable, and one for all decoders.
class LayoutSchemas {
 public:
  static const LayoutSchemas& Instance();

  // That of the event's version, or of the newest one before it: newer ones only append. nullptr
  // for an event, or a version, that is older than what is known.
  const EventSchema* Find(const EventKey& key) const;

 private:
  struct Versioned {
    uint16_t version;
    std::shared_ptr<EventSchema> schema;
  };

  friend class Immortal<LayoutSchemas>;
  LayoutSchemas();
  void Add(const LayoutTable& table);
  void Add(const LayoutTable& table, const LayoutRow& row);
  static void Sort(std::vector<Versioned>* versions);

  // By key of version 0; in each, the oldest first.
  std::unordered_map<EventKey, std::vector<Versioned>, EventKeyHash> events_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_ETW_LAYOUT_SCHEMAS_H_
