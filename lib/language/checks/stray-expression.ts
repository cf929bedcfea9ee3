import type { ExpressionDeclaration, RuleFile } from '../ast.js'
import type { Scope } from '../scope.js'

export interface BareExpressions {
  /** What makes the file a detector named after it. */
  readonly detector: ExpressionDeclaration | null
  /** Those that have no place there. */
  readonly strays: readonly ExpressionDeclaration[]
}

/**
 * The expressions of a file outside its detectors. There may be one, and lists and definitions beside
 * it, but no detector.
 */
export function bareExpressions(scope: Scope, { declarations }: RuleFile): BareExpressions {
  const expressions = declarations.filter((declaration) => declaration.kind === 'expression')
  const detectors = declarations.some((declaration) => declaration.kind === 'detector')
  const strays = detectors ? expressions : expressions.slice(1)
  for (const { span } of strays) {
    scope.report(
      'NUTHATCH_STRAY_EXPRESSION',
      span,
      detectors
        ? 'an expression stands outside a detector'
        : 'a second expression: a line end ends the first',
      detectors
        ? "put it into one: `detector 'name' do … match … end`"
        : 'join the two with `&&` or `||` at the end of the line before',
    )
  }
  return { detector: detectors ? null : (expressions[0] ?? null), strays }
}
