import { isIP } from 'node:net'
import { shown } from './check-arguments.js'
import { derivedProblem } from './language/checks/example.js'
import { propertyNameProblem } from './language/checks/property.js'
import { nearestEventType } from './language/event-type-synonyms.js'
import { type EventTypeName, eventTypes } from './schema/event-types.js'
import { type PropertyKind, type PropertyName, type PropertyRow, propertyRow } from './schema/properties.js'

/**
 * What is wrong with an event that should be in standard form. Of an object its own enumerable properties
 * count, as in a spread.
 */
export function eventProblems(event: unknown): string[] {
  if (typeof event !== 'object' || event === null || Array.isArray(event))
    return [`an event is an object in standard form, not ${shown(event)}`]
  const { event_type: type, ...values }: Record<string, unknown> = { ...event }
  if (typeof type !== 'string' || !Object.hasOwn(eventTypes, type)) return [typeProblem(type)]
  return Object.entries(values)
    .map(([name, value]) => propertyProblem(type as EventTypeName, name, value))
    .filter((problem) => problem !== null)
}

function typeProblem(type: unknown): string {
  const near = typeof type === 'string' ? nearestEventType(type) : undefined
  const help = near ? `; did you mean \`${near}\`?` : ''
  return `event_type must be an event type of the schema, not ${shown(type)}${help}`
}

/** The same that holds for the examples of rules. */
function propertyProblem(type: EventTypeName, name: string, value: unknown): string | null {
  const problem = propertyNameProblem(name, type) ?? derivedProblem(name as PropertyName)
  if (problem !== null) return `${problem.message}; ${problem.help}`
  const row = propertyRow(name) as PropertyRow
  if (value === undefined || isPending(value) || fits[row.kind](value)) return null
  if (row.many && Array.isArray(value) && Array.from(value).every((one) => typeof one === 'string'))
    return null
  const wanted = row.many ? `${kindNames[row.kind]}, or an array of it` : kindNames[row.kind]
  const help = value === null ? '; leave it out when it is missing' : ''
  return `${name} must be ${wanted}, not ${shown(value)}${help}`
}

function isPending(value: unknown): boolean {
  if (typeof value !== 'object') return false
  const { pending, ...more } = { ...value } as { pending?: unknown }
  return pending === true && Object.keys(more).length === 0
}

const fits: Readonly<Record<PropertyKind, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: Number.isFinite,
  boolean: (value) => typeof value === 'boolean',
  ip: (value) => typeof value === 'string' && isIP(value) !== 0,
}

const kindNames: Readonly<Record<PropertyKind, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  ip: 'an IP address',
}
