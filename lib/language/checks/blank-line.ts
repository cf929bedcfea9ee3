import type { LiteralContext } from '../literals.js'
import type { SyntaxNode } from '../syntax.js'

/**
 * Ruby refuses an empty line before the `)` of a parenthesis that stands right after a command word:
 * `match (a? ||\n b?\n\n)`. So do we, since every rule file is to be Ruby.
 */
export function checkBlankLine({ source, diagnostics }: LiteralContext, condition: SyntaxNode | null): void {
  let first = condition
  while (first?.kind === 'binary_expression') first = first.namedChildren[0] ?? null
  const inner = first?.kind === 'parenthesized_expression' ? first.namedChildren[0] : undefined
  if (!first || !inner || first.hasError) return
  const gap = source.slice(inner.endByte, first.endByte)
  if (gap.split('\n').length <= 2) return
  diagnostics.report(
    'NUTHATCH_SYNTAX_ERROR',
    source.span(first.endByte - 1, first.endByte),
    'Ruby allows no empty line and no comment line before this `)`',
    'put it on the line after the condition',
  )
}
