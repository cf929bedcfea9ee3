import type { KeywordArgument } from '../ast.js'
import type { Scope } from '../scope.js'

/** A range that no number can be in. */
export function checkRange(
  scope: Scope,
  given: readonly KeywordArgument[],
  min: number,
  max: number,
): boolean {
  const [first] = given
  if (min <= max || first === undefined) return true
  scope.report(
    'NUTHATCH_EMPTY_RANGE',
    first.span,
    `no number is from ${min} to ${max}`,
    `write \`min: ${max}, max: ${min}\``,
  )
  return false
}
