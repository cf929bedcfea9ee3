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
  const char* events;  // "1 Start, 2 End": types or ids with their names
  uint16_t version;    // the first that has this layout
  // "type Name, ?type Name": types as in layout_text.cc; ? where payloads may end.
  // type[3], type[Name], type[*]: an array, by number, of an earlier field's number, or to the end.
  // type(3), type(Name), type(*): text or bytes of that length.
  const char* fields;
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

}  // namespace nuthatch

#endif  // NUTHATCH_ETW_LAYOUT_TABLES_H_
