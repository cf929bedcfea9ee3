import type { Diagnostics } from '../diagnostics.js'
import type { Span } from '../ruleset.js'

/** Levels of parentheses, `!` and definitions in one condition; people need fewer than ten. */
export const maxNesting = 200

export function reportNesting(diagnostics: Diagnostics, span: Span): void {
  diagnostics.report(
    'NUTHATCH_NESTING_TOO_DEEP',
    span,
    `this is nested more than ${maxNesting} deep`,
    'leave out parentheses that are not needed, or use a list with an `_any` helper',
  )
}
