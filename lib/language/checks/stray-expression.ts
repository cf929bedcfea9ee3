import type { ExpressionDeclaration, RuleFile } from '../ast.js'
import type { Scope } from '../scope.js'

/**
 * The expression that makes a file a detector named after it. There may be one, and lists and
 * definitions beside it, but no detector.
 */
export function bareExpression(scope: Scope, { declarations }: RuleFile): ExpressionDeclaration | null {
  const expressions = declarations.filter((declaration) => declaration.kind === 'expression')
  const detectors = declarations.some((declaration) => declaration.kind === 'detector')
  const [first, ...more] = expressions
  for (const { span } of detectors ? expressions : more) {
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
  return detectors ? null : (first ?? null)
}
