import type { Expression } from '../ast.js'
import type { Scope } from '../scope.js'
import { reportWrongValue } from './value-kind.js'

/** A number that a double holds exactly; null for anything else. */
export function checkNumber(scope: Scope, value: Expression): number | null {
  if (value.kind !== 'number') {
    const digits = value.kind === 'string' && /^-?\d+(\.\d+)?$/.test(value.value)
    const help = digits ? `write it without quotes: \`${value.value}\`` : 'write digits, as in `4`'
    reportWrongValue(scope, value, 'a number', value.kind === 'array' ? arrayHelp : help)
    return null
  }
  if (value.exact) return value.value
  scope.report(
    'NUTHATCH_INEXACT_NUMBER',
    value.span,
    `the number cannot be held exactly; it would become ${value.value}`,
    'integers up to 9007199254740991 can',
  )
  return null
}

const arrayHelp = 'for several numbers use the `_any` form of the helper'
