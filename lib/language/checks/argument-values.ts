import { type EventTypeName, eventTypes } from '../../schema/event-types.js'
import type { Call, Expression } from '../ast.js'
import { splitHelperName } from '../helpers.js'
import { OperandReader } from '../operands.js'
import type { Scope } from '../scope.js'
import { checkFileName } from './file-name.js'
import { listElements } from './list.js'
import { checkPropertyName } from './property.js'

/** What can be said of the arguments of a helper that there is not, which must not hide it. */
export function checkArgumentsOfUnknown(scope: Scope, { name, arguments: given }: Call): void {
  const [owner, match] = splitHelperName(name.text)
  const named = given.keywords.find(({ key }) => key.text === 'property')?.value
  const event = Object.hasOwn(eventTypes, owner) ? (owner as EventTypeName) : null
  const checked =
    named?.kind === 'identifier' && checkPropertyName(scope, { text: named.name, span: named.span }, event)
  const property = checked ? checked.property : null
  new OperandReader(scope, { property, match: null, caseSensitive: true }).read(given.keywords)
  checkPositional(scope, given.positional, match === undefined)
}

/** Lists are looked up; other values are names of programs, as only helpers for these take them. */
export function checkPositional(scope: Scope, values: readonly Expression[], areNames: boolean): void {
  for (const value of values) {
    if (value.kind === 'symbol') listElements(scope, value)
    else if (areNames) checkFileName(scope, value)
  }
}
