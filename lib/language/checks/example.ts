import { isIP } from 'node:net'
import { type EventTypeName, eventTypes } from '../../schema/event-types.js'
import { type PropertyName, type PropertyRow, properties } from '../../schema/properties.js'
import type { ExampleEntry, Expression, KeywordArgument } from '../ast.js'
import { quote } from '../describe.js'
import { nearestEventType } from '../event-type-synonyms.js'
import type { Example, PropertyValue, StandardEvent } from '../ruleset.js'
import type { Scope } from '../scope.js'
import { STAND_IN } from '../stand-in.js'
import { reportDuplicateArgument } from './arguments.js'
import { checkNumber } from './number.js'
import { checkPropertyName } from './property.js'
import { checkBoolean, checkText, reportWrongValue } from './value-kind.js'

/** The event of a `fires_on` or `ignores` entry; null when it has errors. */
export function checkExample(scope: Scope, entry: ExampleEntry): Example | null {
  const type = checkEventType(scope, entry)
  const values = entry.arguments.keywords.map((argument) => checkValue(scope, type, argument))
  for (const value of entry.arguments.positional) {
    reportWrongValue(scope, value, 'a property with its value', "write it as in `process_name: 'cmd.exe'`")
  }
  const unread = entry.arguments.positional.length > 0 || values.includes(null)
  if (type === null || unread || !checkOnce(scope, entry) || entry.label.kind === 'broken') return null
  const event = {
    event_type: type,
    // Nearly all detectors ask for it, and few authors think of giving it.
    platform: 'windows',
    ...Object.fromEntries(values as [PropertyName, PropertyValue][]),
  } as StandardEvent
  return { kind: entry.kind, label: entry.label.value, event, span: entry.span }
}

function checkEventType(scope: Scope, { type: { text, span } }: ExampleEntry): EventTypeName | null {
  if (Object.hasOwn(eventTypes, text)) return text as EventTypeName
  if (text === STAND_IN) return null
  const near = nearestEventType(text)
  const help = near ? `did you mean ${quote(near)}?` : 'docs/schema.md lists the event types'
  scope.report('NUTHATCH_UNKNOWN_EVENT_TYPE', span, `there is no event type ${quote(text)}`, help)
  return null
}

function checkOnce(scope: Scope, { arguments: { keywords } }: ExampleEntry): boolean {
  const seen = new Set<string>()
  for (const argument of keywords) {
    if (seen.has(argument.key.text)) reportDuplicateArgument(scope, argument)
    seen.add(argument.key.text)
  }
  return seen.size === keywords.length
}

/** @param type null when it is unknown; then any property will do. */
function checkValue(
  scope: Scope,
  type: EventTypeName | null,
  { key, value }: KeywordArgument,
): [PropertyName, PropertyValue] | null {
  const { property, isOnEvent } = checkPropertyName(scope, key, type)
  if (property === null || value.kind === 'broken') return null
  const problem = derivedProblem(property)
  if (problem !== null) {
    scope.report('NUTHATCH_DERIVED_PROPERTY', key.span, problem.message, problem.help)
    return null
  }
  const read = propertyValue(scope, properties[property], value)
  return read === null || !isOnEvent ? null : [property, read]
}

/** What is wrong with giving an event a property that the engine computes; null when it does not. */
export function derivedProblem(property: PropertyName): { message: string; help: string } | null {
  const { derivedFrom }: PropertyRow = properties[property]
  if (derivedFrom === undefined) return null
  const origin = quote(derivedFrom)
  return {
    message: `${quote(property)} is derived from ${origin}`,
    help: `write ${origin}: it follows from that`,
  }
}

function propertyValue(scope: Scope, row: PropertyRow, value: Expression): PropertyValue | null {
  if (value.kind === 'identifier' && value.name === 'pending') return { pending: true }
  if (value.kind === 'nil') {
    reportWrongValue(scope, value, 'a value', 'leave the property out: then it is missing')
    return null
  }
  if (value.kind === 'symbol' && value.name === 'pending') {
    reportWrongValue(
      scope,
      value,
      'a value',
      'write `pending`, without the colon, for what is still being found out',
    )
    return null
  }
  if (row.kind === 'number') return checkNumber(scope, value)
  if (row.kind === 'boolean') return checkBoolean(scope, value)
  if (value.kind === 'array' && row.many) return checkMany(scope, value.values)
  if (value.kind === 'array') {
    reportWrongValue(scope, value, 'one string', 'only properties of several values take an array')
    return null
  }
  return row.kind === 'ip' ? checkAddress(scope, value) : checkText(scope, value)
}

function checkMany(scope: Scope, values: readonly Expression[]): string[] | null {
  const texts = values.map((value) => checkText(scope, value))
  return texts.includes(null) ? null : (texts as string[])
}

function checkAddress(scope: Scope, value: Expression): string | null {
  const text = checkText(scope, value)
  if (text === null || isIP(text) !== 0) return text
  reportWrongValue(scope, value, 'an IP address', "write it as in `'203.0.113.7'`")
  return null
}
