import type { Expression } from '../ast.js'
import { describe, stringLiteral } from '../describe.js'
import type { Scope } from '../scope.js'

/** The text of a string literal; null for any other value. */
export function checkText(scope: Scope, value: Expression): string | null {
  if (value.kind === 'string') return value.value
  reportWrongValue(scope, value, 'a string', stringHelp(value))
  return null
}

export function checkBoolean(scope: Scope, value: Expression): boolean | null {
  if (value.kind === 'boolean') return value.value
  reportWrongValue(scope, value, '`true` or `false`', 'write one of the two, without quotes')
  return null
}

export function reportWrongValue(scope: Scope, value: Expression, wanted: string, suggestion: string): void {
  if (value.kind === 'broken') return
  scope.report(
    'NUTHATCH_WRONG_VALUE',
    value.span,
    `${describe(value)} stands where ${wanted} is wanted`,
    suggestion,
  )
}

function stringHelp(value: Expression): string {
  switch (value.kind) {
    case 'identifier':
    case 'symbol':
      return `write \`${stringLiteral(value.name)}\``
    case 'number':
      return `write \`'${value.value}'\``
    case 'array':
      return 'for several values use the `_any` or `_all` form of the helper'
    case 'regex':
      return 'regular expressions are for the `matches` helpers'
    default:
      return "write text in quotes: `'…'`"
  }
}
