import type { LiteralContext } from '../literals.js'
import type { SyntaxNode } from '../syntax.js'

/** Rules are data: what Ruby would compute inside a string is refused. */
export function reportInterpolation({ source, diagnostics }: LiteralContext, node: SyntaxNode): void {
  diagnostics.report(
    'NUTHATCH_INTERPOLATION',
    source.span(node.startByte, node.endByte),
    `\`${node.text.slice(0, 2)}\` begins an interpolation: Ruby would run code there, and rules run none`,
    'for the characters themselves use single quotes, or write `\\#`',
  )
}
