import { grouped } from '../../grouped.js'
import type { Span } from '../ruleset.js'
import type { Scope } from '../scope.js'

/** Tests in one condition with its definitions written out: a few definitions that use each other make billions. */
export const maxTests = 100_000

export function checkConditionSize(scope: Scope, tests: number, span: Span): boolean {
  if (tests <= maxTests) return true
  scope.report(
    'NUTHATCH_CONDITION_TOO_LARGE',
    span,
    `with its definitions written out, this comes to more than ${grouped(maxTests)} tests`,
    'put the values into a list and use one `_any` helper',
  )
  return false
}
