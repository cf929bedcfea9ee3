import type { MatchKind } from '../../schema/match-kinds.js'
import {
  type PropertyKind,
  type PropertyName,
  type PropertyRow,
  properties,
} from '../../schema/properties.js'
import type { Call, KeywordArgument } from '../ast.js'
import { quote } from '../describe.js'
import { type MatchForm, matchRows, operandKeywords } from '../matches.js'
import type { Scope } from '../scope.js'

const KIND_NAMES: Readonly<Record<PropertyKind, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  ip: 'an IP address',
}

/** The match to perform on the property; null when the helper's match does not fit it. */
export function checkPropertyKind(
  scope: Scope,
  call: Call,
  property: PropertyName,
  form: MatchForm,
): MatchKind | null {
  const { row } = form
  const { kind }: PropertyRow = properties[property]
  if (row.on.includes(kind)) return kind === 'number' && row.onNumber ? row.onNumber : row.kind
  const fitting = matchRows.filter((other) => other.on.includes(kind)).map((other) => quote(other.name))
  scope.report(
    'NUTHATCH_PROPERTY_KIND',
    call.name.span,
    `${quote(row.name)} does not fit ${quote(property)}, which is ${KIND_NAMES[kind]}`,
    `matches that fit: ${fitting.join(', ')}`,
  )
  return null
}

/** `strings:` is for text and `numbers:` for numbers, where one helper does both. */
export function checkOperandKeyword(
  scope: Scope,
  form: MatchForm,
  property: PropertyName,
  bound: ReadonlyMap<string, KeywordArgument>,
): boolean {
  if (form.row.operand !== 'text') return true
  const { kind } = properties[property]
  const numeric = kind === 'number'
  const [right, wrong] = operandKeywords(form).toSorted((a) => (a.startsWith('number') === numeric ? -1 : 1))
  const argument = wrong === undefined ? undefined : bound.get(wrong)
  if (argument === undefined) return true
  scope.report(
    'NUTHATCH_PROPERTY_KIND',
    argument.key.span,
    `the property is ${KIND_NAMES[kind]}, and ${quote(`${wrong}:`)} does not fit it`,
    `write ${quote(`${right}:`)}`,
  )
  return false
}
