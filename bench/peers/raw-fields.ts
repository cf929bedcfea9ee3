/**
 * Where a source's records hold what rules look at, for engines that read records as they are. It is read off the
 * mapping: a property counts when it is a field's own text, or differs from it in nothing that generated rules look for.
 */
import type { EventTypeName } from '../../lib/schema/event-types.js'
import type { Assignments, Condition, Mapping, Source as Value } from '../../lib/standardize/mapping.js'
import { mde as mdeMapping } from '../../lib/standardize/mde.js'
import { sysmon as sysmonMapping } from '../../lib/standardize/sysmon.js'

export interface Source {
  readonly mapping: Mapping
  /** What rules ask for in place of a property that is made of two fields. */
  readonly instead: Readonly<Record<string, string>>
  /** Conditions that rules of every event type get, and those of some: they hold where the raw ones do. */
  readonly always: readonly string[]
  readonly narrowed: { readonly [E in EventTypeName]?: RawEvent & { readonly condition: string } }
}

/** The records of an event type: what their fields are one of, and the field of each property. */
export interface RawEvent {
  readonly when: Readonly<Record<string, readonly string[]>>
  readonly fields: Readonly<Record<string, string>>
}

export const mde: Source = {
  mapping: mdeMapping,
  instead: { registry_path: 'registry_key', remote_host: 'remote_url' },
  always: [],
  narrowed: {},
}

/** Of Windows event logs only Sysmon's: one event type is several kinds of records otherwise. */
export const sysmon: Source = {
  mapping: sysmonMapping,
  instead: {},
  always: [`any_property_equals?(property: source, string: 'sysmon')`],
  narrowed: {
    // Which side is remote hangs on who opened the connection.
    network_connection: {
      condition: `network_connection_property_equals?(property: direction, string: 'outbound')`,
      when: { Initiated: ['true'] },
      fields: { remote_ip: 'DestinationIp', remote_host: 'DestinationHostname' },
    },
  },
}

/** Null when the event type's records cannot be told by single fields. */
export function rawEvent({ mapping, narrowed }: Source, event: EventTypeName): RawEvent | null {
  const routes = mapping.routes.filter((route) => route.event === event)
  const [first] = routes
  if (!first) return null
  const conditions = routes.map((route) => whenOf([...(mapping.when ?? []), ...route.when]))
  const when = conditions.reduce(union)
  if (!isProduct(conditions, Object.keys(when))) return null
  const assigned = routes.map((route) => fieldsOf({ ...mapping.common, ...route.set }))
  const fields = Object.entries(assigned[0] ?? {}).filter(([property, field]) =>
    assigned.every((one) => one[property] === field),
  )
  return {
    when: { ...when, ...narrowed[event]?.when },
    fields: { ...Object.fromEntries(fields), ...narrowed[event]?.fields },
  }
}

/** Whether fields that are each one of some values say no more than the conditions together. */
function isProduct(
  conditions: readonly Record<string, readonly string[]>[],
  fields: readonly string[],
): boolean {
  const differ = fields.filter((field) => new Set(conditions.map((one) => one[field]?.join())).size > 1)
  return differ.length <= 1 && conditions.every((one) => Object.keys(one).length === fields.length)
}

function whenOf(conditions: readonly Condition[]): Record<string, readonly string[]> {
  return Object.fromEntries(conditions.map(({ source, values }) => [fieldOf(source) ?? '', values]))
}

function union(
  one: Record<string, readonly string[]>,
  other: Record<string, readonly string[]>,
): Record<string, readonly string[]> {
  const fields = Object.keys({ ...one, ...other })
  return Object.fromEntries(
    fields.map((field) => [field, [...new Set([...(one[field] ?? []), ...(other[field] ?? [])])]]),
  )
}

function fieldsOf(assignments: Assignments): Record<string, string> {
  const fields = Object.entries(assignments).map(([property, value]) => [property, fieldOf(value)] as const)
  return Object.fromEntries(fields.filter((row): row is [string, string] => row[1] !== null))
}

/** These change case, the beginning of a path, or how a number is written. */
const nearlySame: ReadonlySet<string> = new Set([
  'first',
  'lower',
  'nt_path',
  'ip',
  'registry',
  'registry_data',
])

function fieldOf(value: Value): string | null {
  if ('paths' in value) return value.paths[0]?.join('.') ?? null
  const [argument] = value.arguments
  return nearlySame.has(value.operation) && typeof argument === 'object' ? fieldOf(argument) : null
}
