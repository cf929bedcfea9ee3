import { quote } from '../describe.js'
import type { Span } from '../ruleset.js'
import type { Scope } from '../scope.js'

/** @param cycle names from the definition called again to itself. */
export function reportRecursion(scope: Scope, span: Span, cycle: readonly string[]): void {
  const calls = cycle.map((name) => `${name}?`)
  scope.report(
    'NUTHATCH_RECURSIVE_DEFINE',
    span,
    cycle.length > 2
      ? `${quote(calls[0] as string)} calls itself: ${calls.join(' -> ')}`
      : `${quote(calls[0] as string)} calls itself`,
    'a definition may use others, but none that leads back to it',
  )
}
