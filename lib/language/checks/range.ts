import type { KeywordArgument } from '../ast.js'
import type { Value } from '../operands.js'
import type { Scope } from '../scope.js'

/** A range that no number can be in. */
export function checkRange(
  scope: Scope,
  bound: ReadonlyMap<string, KeywordArgument>,
  [min, max]: readonly Value[],
): boolean {
  const first = bound.get('min')
  if (min === undefined || max === undefined || min <= max || first === undefined) return true
  scope.report(
    'NUTHATCH_EMPTY_RANGE',
    first.span,
    `no number is from ${min} to ${max}`,
    `write \`min: ${max}, max: ${min}\``,
  )
  return false
}
