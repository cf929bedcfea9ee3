import type { EventTypeName } from '../../schema/event-types.js'
import { type PropertyName, properties, propertyNames, propertyRow } from '../../schema/properties.js'
import type { Call, KeywordArgument, Name } from '../ast.js'
import { alternatives, describe, quote } from '../describe.js'
import { nearestName } from '../nearest-name.js'
import { propertySynonym } from '../property-synonyms.js'
import type { Scope } from '../scope.js'
import { reportMissingArgument } from './arguments.js'

export interface CheckedProperty {
  /** Null when there is none, or an unknown one. */
  readonly property: PropertyName | null
  readonly isOnEvent: boolean
}

const NONE: CheckedProperty = { property: null, isOnEvent: false }

/** The property that a helper is about. */
export function checkProperty(
  scope: Scope,
  call: Call,
  event: EventTypeName | null,
  argument: KeywordArgument | undefined,
): CheckedProperty {
  if (argument === undefined) {
    if (call.arguments.positional.length === 0) reportMissingArgument(scope, call, ['property'])
    return NONE
  }
  const { value } = argument
  if (value.kind === 'identifier')
    return checkPropertyName(scope, { text: value.name, span: value.span }, event)
  if (value.kind === 'broken') return NONE
  const name = value.kind === 'string' ? value.value : value.kind === 'symbol' ? value.name : 'command_line'
  scope.report(
    'NUTHATCH_WRONG_VALUE',
    value.span,
    `${describe(value)} stands where the name of a property is wanted`,
    `write ${quote(`property: ${name}`)}`,
  )
  return NONE
}

/** @param event null for any event type. */
export function checkPropertyName(
  scope: Scope,
  { text, span }: Name,
  event: EventTypeName | null,
): CheckedProperty {
  const problem = propertyNameProblem(text, event)
  if (problem) scope.report(problem.code, span, problem.message, problem.help)
  return { property: propertyRow(text) ? (text as PropertyName) : null, isOnEvent: problem === null }
}

/** What is wrong with a name as one of a property of an event; null when nothing is. */
export function propertyNameProblem(name: string, event: EventTypeName | null) {
  const row = propertyRow(name)
  if (row === undefined) {
    const code = 'NUTHATCH_UNKNOWN_PROPERTY'
    return { code, message: `there is no property ${quote(name)}`, help: nearestHelp(name, event) } as const
  }
  if (isOn(name as PropertyName, event)) return null
  const message = `${quote(event ?? 'any')} events have no property ${quote(name)}`
  return { code: 'NUTHATCH_PROPERTY_NOT_ON_EVENT', message, help: whereItIs(name as PropertyName) } as const
}

function nearestHelp(name: string, event: EventTypeName | null): string {
  const onEvent = propertyNames.filter((other) => isOn(other, event))
  const near = propertySynonym(name) ?? nearestName(name, onEvent) ?? nearestName(name, propertyNames)
  if (near === undefined) return 'docs/schema.md lists all properties'
  return `did you mean ${quote(near)}?${isOn(near, event) ? '' : ` ${whereItIs(near)}`}`
}

const whereItIs = (name: PropertyName): string =>
  `${quote(name)} is on ${alternatives(properties[name].on, 'and')}`

const isOn = (name: PropertyName, event: EventTypeName | null): boolean =>
  event === null || propertyRow(name)?.on.includes(event) === true
