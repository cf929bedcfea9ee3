import { matchRows } from '../lib/language/matches.js'
import { eventTypeNames } from '../lib/schema/event-types.js'
import { schemaHash } from '../lib/schema/hash.js'
import { type MatchKind, matchKinds } from '../lib/schema/match-kinds.js'
import { type PropertyRow, properties, propertyNames } from '../lib/schema/properties.js'
import { operationNames } from '../lib/standardize/operations.js'

/** native/model/schema.h: the schema's ids and tables for C++. */
export function schemaHeader(): string {
  return `// Generated from lib/schema, lib/language/matches.ts and lib/standardize/operations.ts by
// \`npm run generate\`; do not edit.
#ifndef NUTHATCH_MODEL_SCHEMA_H_
#define NUTHATCH_MODEL_SCHEMA_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

// clang-format off
namespace nuthatch {

${ids()}
${tables()}
${accessors}
}  // namespace nuthatch
// clang-format on

#endif  // NUTHATCH_MODEL_SCHEMA_H_
`
}

const ids =
  (): string => `// Of everything that the numbers below depend on; a Plan with another hash is refused.
inline constexpr uint64_t kSchemaHash = 0x${schemaHash().toString(16).padStart(16, '0')};

enum class EventType : uint8_t {
${enumerators(eventTypeNames)}
};
inline constexpr size_t kEventTypeCount = ${eventTypeNames.length};

enum class PropertyKind : uint8_t { kString, kNumber, kBoolean, kIp };

enum class PropertyId : uint16_t {
${enumerators(propertyNames)}
};
inline constexpr size_t kPropertyCount = ${propertyNames.length};

// What a mapping can do to a value; lib/standardize/operations.ts says what each means.
enum class Operation : uint8_t {
${enumerators(operationNames)}
};
inline constexpr size_t kOperationCount = ${operationNames.length};

// What a term compares its property by; lib/schema/match-kinds.ts says what each means.
enum class MatchKind : uint8_t {
${enumerators(matchKinds)}
};
inline constexpr size_t kMatchKindCount = ${matchKinds.length};
`

const tables = (): string => `struct PropertyRow {
  std::string_view name;
  PropertyKind kind;
  bool many;                // may hold several values
  bool joined;              // kept in the process table and joined onto later events
  PropertyId derived_from;  // what it is computed from; itself when it is read from the record
  PropertyId signature_of;  // the path of the file whose signature it tells; itself if of none
  uint64_t on;              // bit n: event type n can have it
};

inline constexpr std::array<std::string_view, kEventTypeCount> kEventTypeNames = {
${eventTypeNames.map((name) => `    "${name}",`).join('\n')}
};

// As helpers are named: what a match is called, and its negation.
inline constexpr std::array<std::array<std::string_view, 2>, kMatchKindCount> kMatchNames = {{
${matchKinds.map(matchNames).join('\n')}
}};

inline constexpr std::array<PropertyRow, kPropertyCount> kPropertyRows = {{
${propertyNames.map(propertyRow).join('\n')}
}};
`

const accessors = `constexpr const PropertyRow& RowOf(PropertyId id) { return kPropertyRows[static_cast<size_t>(id)]; }
constexpr std::string_view EventTypeName(EventType type) { return kEventTypeNames[static_cast<size_t>(type)]; }
constexpr std::string_view MatchName(MatchKind kind, bool negated) { return kMatchNames[static_cast<size_t>(kind)][negated ? 1 : 0]; }
constexpr std::string_view PropertyName(PropertyId id) { return RowOf(id).name; }
constexpr PropertyKind KindOf(PropertyId id) { return RowOf(id).kind; }
constexpr bool PropertyIsMany(PropertyId id) { return RowOf(id).many; }
constexpr bool PropertyIsJoined(PropertyId id) { return RowOf(id).joined; }
constexpr bool PropertyIsDerived(PropertyId id) { return RowOf(id).derived_from != id; }
constexpr bool PropertyIsOfSignature(PropertyId id) { return RowOf(id).signature_of != id; }
constexpr bool PropertyIsOn(PropertyId id, EventType type) { return (RowOf(id).on >> static_cast<int>(type) & 1) != 0; }
`

const enumerators = (names: readonly string[]): string =>
  names.map((name, i) => `  ${constantName(name)} = ${i},`).join('\n')

/** process_start -> kProcessStart */
const constantName = (name: string): string =>
  `k${name.replace(/(?:^|_)([a-z0-9])/g, (_, first: string) => first.toUpperCase())}`

function propertyRow(name: keyof typeof properties): string {
  const row: PropertyRow = properties[name]
  const on = row.on.reduce((bits, type) => bits | (1n << BigInt(eventTypeNames.indexOf(type))), 0n)
  return (
    `    {"${name}", PropertyKind::${constantName(row.kind)}, ${row.many === true}, ${row.joined === true}, ` +
    `PropertyId::${constantName(row.derivedFrom ?? name)}, ` +
    `PropertyId::${constantName(row.signatureOf ?? name)}, 0x${on.toString(16)}},`
  )
}

/** The names of a match, as a row of the table. */
function matchNames(kind: MatchKind): string {
  const row = matchRows.find((row) => row.kind === kind || row.onNumber === kind)
  if (!row) throw new Error(`no helper has the match ${kind}`)
  return `    {"${row.name}", "${row.negative}"},`
}
