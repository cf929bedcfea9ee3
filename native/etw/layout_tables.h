// Layouts that no trace describes, as rows of text: one for each layout, of one or more events and
// from one version on.
#ifndef NUTHATCH_ETW_LAYOUT_TABLES_H_
#define NUTHATCH_ETW_LAYOUT_TABLES_H_

#include <cstdint>
#include <span>

#include "base/guid.h"
#include "etw/event_key.h"

namespace nuthatch {

struct LayoutRow {
  const char* events;  // "1 Start, 2 End, 3": types or ids with their names, if they have one
  // The first that has this layout. Of several rows of an event and version, which builds of
  // Windows tell apart, the first that fits a payload to its last byte has it. What ends in
  // text fits many: it comes after shorter ones.
  uint16_t version;
  // "type Name, ?type Name": types as in layout_text.cc; ? where payloads may end.
  // type{Map}: a number with names, of LayoutMaps().
  // type[3], type[Name], type[*]: an array, by number, of an earlier field's number, or to the end.
  // type(3), type(Name), type(*): text or bytes of that length.
  const char* fields;
};

// Names of values: "0 Static, 1 Dynamic", or of bits.
struct LayoutMap {
  const char* name;
  bool bits;
  const char* names;
};

struct LayoutTable {
  Guid provider;  // zero for the class of `group`
  uint8_t group;
  EventForm form;
  std::span<const LayoutRow> rows;
};

// The kernel's groups, and what merging a trace adds.
std::span<const LayoutTable> KernelLayouts();
// Providers with manifests that Windows has and traces mostly do not.
std::span<const LayoutTable> ProviderLayouts();
std::span<const LayoutTable> SecurityLayouts();
std::span<const LayoutMap> LayoutMaps();

}  // namespace nuthatch

#endif  // NUTHATCH_ETW_LAYOUT_TABLES_H_
