import { type EventTypeName, eventTypeNames, eventTypes } from '../lib/schema/event-types.js'
import { type PropertyName, type PropertyRow, properties, propertyNames } from '../lib/schema/properties.js'
import { allMappings } from '../lib/standardize/all-mappings.js'
import { assignmentsOf } from '../lib/standardize/check.js'
import type { Mapping, OperationSource, Route, Source } from '../lib/standardize/mapping.js'
import { cell } from './markdown.js'
import { propertyExamples } from './property-examples.js'

const vendors = allMappings.filter(({ name, routes }) => name !== 'standard' && routes.length > 0)
const general = propertyNames.filter((name) => properties[name].on.length === eventTypeNames.length)

/** docs/schema.md: event types and properties, and which fields of which vendor they come from. */
export function schemaPage(): string {
  return `# Schema

<!-- Generated from lib/schema and lib/standardize by \`npm run generate\`; do not edit. -->

Every record becomes one event of one of these types, with the properties that its type can have. In rules, a
property of a type is tested with the type's helpers: \`process_start_property_includes_any?(property: command_line,
strings: ['-enc'])\`. \`nuthatch standardize FILE\` prints what your own records become.

The last column says where a value comes from: the source, and the names of its fields (of those that an event
has, the first counts). *Many*: there can be several values, and a test is true when it is for any of them.
*Joined*: when a record does not say it, it is looked up in the process table by \`process_guid\`. *Derived*: computed
from another property, when a rule asks for it; from its first value, where a record gives several for one that has one.
An empty text is no value: the property is missing. Examples are made up.

## Event types

| type | what happened | records |
|---|---|---|
${eventTypeNames.map((type) => `| [${type}](#${type}) | ${eventTypes[type].doc} | ${recordsOf(type)} |`).join('\n')}

## On every event type

\`process_*\` is the process that an event is about on process_start and process_end, and the process that acted on
every other type.

${propertyTable(general, eventTypeNames)}

${eventTypeNames.map(section).join('\n\n')}
`
}

function section(type: EventTypeName): string {
  const own = propertyNames.filter(
    (name) => !general.includes(name) && properties[name].on.some((on) => on === type),
  )
  const table = own.length === 0 ? 'Nothing more than every event type has.' : propertyTable(own, [type])
  return `## ${type}\n\n${eventTypes[type].doc}\n\n${table}`
}

/** "sysmon 1; security 4688": the first condition of a route says which records it takes. */
function recordsOf(type: EventTypeName): string {
  const bySource = vendors.flatMap(({ name, routes }) => {
    const values = routes.filter(({ event }) => event === type).flatMap(({ when }) => when[0]?.values ?? [])
    return values.length === 0 ? [] : [`${name} ${[...new Set(values)].join(', ')}`]
  })
  return bySource.join('; ')
}

function propertyTable(names: readonly PropertyName[], types: readonly EventTypeName[]): string {
  const rows = names.map((name) => {
    const row: PropertyRow = properties[name]
    return `| ${name} | ${kindOf(row)} | ${cell(row.doc)} | ${exampleOf(name)} | ${sourcesOf(name, types)} |`
  })
  return ['| property | kind | meaning | example | from |', '|---|---|---|---|---|', ...rows].join('\n')
}

const exampleOf = (name: PropertyName): string =>
  [propertyExamples[name]]
    .flat()
    .map((value) => `\`${cell(String(value))}\``)
    .join(', ')

const kindOf = (row: PropertyRow): string =>
  [row.kind, row.many && 'many', row.joined && 'joined'].filter(Boolean).join(', ')

function sourcesOf(property: PropertyName, types: readonly EventTypeName[]): string {
  const { derivedFrom } = properties[property] as PropertyRow
  if (derivedFrom !== undefined) return `derived from ${derivedFrom}`
  if (property === 'source') return ''
  const vendorsByFields = new Map<string, string[]>()
  for (const mapping of vendors) {
    const routes = mapping.routes.filter(({ event }) => types.includes(event))
    const fields = [...new Set(routes.flatMap((route) => fieldsOf(mapping, route, property)))].join(', ')
    if (fields !== '') vendorsByFields.set(fields, [...(vendorsByFields.get(fields) ?? []), mapping.name])
  }
  return [...vendorsByFields].map(([fields, names]) => `${names.join(', ')}: ${fields}`).join('; ')
}

function fieldsOf(mapping: Mapping, route: Route, property: PropertyName): string[] {
  const source = assignmentsOf(mapping, route)[property]
  return source === undefined ? [] : namesIn(source)
}

/** The names of the fields that a source reads; of a constant, its text. */
function namesIn(source: Source): string[] {
  if ('paths' in source) return [...new Set(source.paths.map((path) => `\`${path.at(-1)}\``))]
  if (source.operation === 'constant') return [`*${source.arguments[0]}*`]
  const keys = source.operation === 'json' ? [`.${source.arguments.slice(1).join('.')}`] : []
  const inner = valuesOf(source).flatMap(namesIn)
  return [...new Set(keys.length === 0 ? inner : inner.map((name) => name.replace(/`$/, `${keys[0]}\``)))]
}

/** The arguments that a value comes from: not what a select chooses by, nor the words a join puts between. */
function valuesOf({ operation, arguments: given }: OperationSource): Source[] {
  const sources = given.filter((argument) => typeof argument !== 'string')
  if (operation === 'select') return sources.slice(1)
  if (operation !== 'join' && operation !== 'join_all') return sources
  return sources.filter((source) => !('operation' in source) || source.operation !== 'constant')
}
