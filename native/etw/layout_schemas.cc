#include "etw/layout_schemas.h"

#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <string>
#include <string_view>

#include "etw/known_providers.h"
#include "etw/layout_text.h"

namespace nuthatch {

const LayoutSchemas& LayoutSchemas::Instance() {
  static const Immortal<LayoutSchemas> instance;
  return *instance;
}

LayoutSchemas::LayoutSchemas() : events_(/*bucket_count=*/512, EventKeyHash::Random()) {
  for (const auto tables : {KernelLayouts(), ProviderLayouts(), SecurityLayouts()}) {
    for (const LayoutTable& table : tables) Add(table);
  }
  for (auto& [key, versions] : events_) Sort(&versions);
}

// By version; of several layouts of one the first refers to the next.
void LayoutSchemas::Sort(std::vector<Versioned>* versions) {
  std::stable_sort(versions->begin(), versions->end(),
                   [](const Versioned& a, const Versioned& b) { return a.version < b.version; });
  for (size_t i = versions->size() - 1; i > 0; --i) {
    const Versioned& last = (*versions)[i];
    const Versioned& one_before = (*versions)[i - 1];
    if (last.version != one_before.version) continue;
    one_before.schema->other = last.schema;
    versions->erase(versions->begin() + static_cast<ptrdiff_t>(i));
  }
}

void LayoutSchemas::Add(const LayoutTable& table) {
  for (const LayoutRow& row : table.rows) Add(table, row);
}

void LayoutSchemas::Add(const LayoutTable& table, const LayoutRow& row) {
  const Guid& provider = table.group == kNoGroup ? table.provider : KernelClass(table.group);
  std::vector<FieldSchema> fields;
  [[maybe_unused]] const bool good = ParseLayout(row.fields, &fields);
  assert(good);
  // "1 Start, 2 End, 3": numbers decimal, or hexadecimal with 0x.
  for (const char* at = row.events; *at != '\0';) {
    char* name = nullptr;
    const auto number = static_cast<uint16_t>(std::strtoul(at, &name, 0));
    const std::string_view rest(*name == ' ' ? name + 1 : name);
    const std::string_view text = rest.substr(0, rest.find(','));
    auto schema = std::make_shared<EventSchema>();
    schema->provider = KnownProviderName(provider);
    schema->name = text;
    schema->version = row.version;
    schema->fields = fields;
    events_[{provider, number, 0, table.group, table.form}].push_back(
        {row.version, std::move(schema)});
    at = text.data() + text.size();
    while (*at == ',' || *at == ' ') ++at;
  }
}

const EventSchema* LayoutSchemas::Find(const EventKey& key) const {
  const auto event = events_.find({key.provider, key.number, 0, key.group, key.form});
  if (event == events_.end()) return nullptr;
  const auto& versions = event->second;
  auto after = std::upper_bound(
      versions.begin(), versions.end(), key.version,
      [](uint16_t version, const Versioned& other) { return version < other.version; });
  return after == versions.begin() ? nullptr : std::prev(after)->schema.get();
}

}  // namespace nuthatch
