import { type EventTypeName, eventTypes } from '../../schema/event-types.js'
import type { PropertyName } from '../../schema/properties.js'
import type { Call, Expression, KeywordArgument } from '../ast.js'
import { splitHelperName } from '../helpers.js'
import type { Scope } from '../scope.js'
import { listElements } from './list.js'
import { checkNumber } from './number.js'
import { checkPropertyName } from './property.js'
import { checkRegex } from './regex.js'
import { checkSubnet } from './subnet.js'
import { checkBoolean, checkText } from './value-kind.js'

type ValueCheck = (scope: Scope, value: Expression) => unknown

/** What the value of a keyword is, whatever helper it belongs to. */
const valueChecks: Readonly<Record<string, ValueCheck>> = {
  string: checkText,
  strings: each(checkText),
  number: checkNumber,
  numbers: each(checkNumber),
  pattern: checkRegex,
  patterns: each(checkRegex),
  subnets: each(checkSubnet),
  min: checkNumber,
  max: checkNumber,
  case_sensitive: checkBoolean,
}

/** Of a declared list only the name is looked up: its values are checked where it is used rightly. */
function each(check: ValueCheck): ValueCheck {
  return (scope, value) => {
    const list = listElements(scope, value)
    if (list?.declaration === null) for (const element of list.elements) check(scope, element)
  }
}

/** What can be said of the arguments of a helper that there is not. */
export function checkArgumentsOfUnknown(scope: Scope, { name, arguments: given }: Call): void {
  const [owner] = splitHelperName(name.text)
  const property = given.keywords.find(({ key }) => key.text === 'property')?.value
  if (property?.kind === 'identifier') {
    const event = Object.hasOwn(eventTypes, owner) ? (owner as EventTypeName) : null
    checkPropertyName(scope, { text: property.name, span: property.span }, event)
  }
  if (property) checkArgumentValues(scope, given.keywords, null)
  for (const value of given.positional) if (value.kind === 'symbol') listElements(scope, value)
}

/**
 * What can be said of values by their keywords alone. For a call with an error elsewhere, which must
 * not hide them.
 * @param property null when it is unknown; when it is known, it says better than the keyword whether
 *   text or a number is wanted.
 */
export function checkArgumentValues(
  scope: Scope,
  keywords: readonly KeywordArgument[],
  property: PropertyName | null,
): void {
  for (const { key, value } of keywords) {
    if (!Object.hasOwn(valueChecks, key.text)) continue
    if (property === null || !/^(string|number)s?$/.test(key.text)) valueChecks[key.text]?.(scope, value)
    else if (value.kind === 'symbol' && key.text.endsWith('s')) listElements(scope, value)
  }
}
