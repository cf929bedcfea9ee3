/**
 * Nuthatch's own form: `event_type`, and properties by their names, at the top level. This is what
 * `nuthatch standardize` prints, what rule examples are written in, and what other tools can produce.
 */
import { eventTypeNames } from '../schema/event-types.js'
import { type PropertyName, type PropertyRow, properties } from '../schema/properties.js'
import type { Assignments, Mapping, Source } from './mapping.js'
import { boolean, constant, field, first, ip, isOneOf, join, number } from './sources.js'

const readers: Record<PropertyRow['kind'], (x: Source) => Source> = { string: (x) => x, number, boolean, ip }

/** Derived properties are computed by the engine, whoever wrote the record. */
const byName: Assignments = Object.fromEntries(
  Object.entries<PropertyRow>(properties)
    .filter(([, row]) => row.derivedFrom === undefined)
    .map(([name, row]) => [name as PropertyName, readers[row.kind](field(name))]),
)

export const standard: Mapping = {
  name: 'standard',
  recognise: [[['event_type']]],
  absent: [''],
  common: { ...byName, source: first(field('source'), constant('standard')) },
  routes: eventTypeNames.map((event) => ({ event, when: [isOneOf(field('event_type'), event)], set: {} })),
  label: join(' ', constant('standard'), field('event_type')),
}
