import type { Diagnostics } from '../diagnostics.js'
import type { SourceText } from '../source-text.js'
import type { SyntaxNode, SyntaxTree } from '../syntax.js'
import { findSlip, type SlipPlace } from './syntax-slips.js'

/** One slip can spoil much text: after these, more would hide the first, and errors of other kinds. */
const MOST_SYNTAX_ERRORS = 20

/** Reports what is not in the language, with the most likely slip behind it. */
export function checkSyntax(diagnostics: Diagnostics, source: SourceText, tree: SyntaxTree): void {
  const errors = tree.errors()
  let lastRow = -1
  for (const [index, node] of errors.entries()) {
    // What follows a slip on its line, and the end of a block whose beginning was one, is its doing.
    if (node.row === lastRow || (index > 0 && isBlockEnd(node))) continue
    lastRow = node.row
    if (index >= MOST_SYNTAX_ERRORS) {
      const span = source.span(node.startByte, node.startByte)
      const more = errors.length - index
      diagnostics.report(
        'NUTHATCH_SYNTAX_ERROR',
        span,
        `${more} more syntax errors from here on`,
        'correct the first ones',
      )
      return
    }
    const { start, end, message, help } = findSlip(placeOf(tree, source, node))
    diagnostics.report('NUTHATCH_SYNTAX_ERROR', source.span(start, end), message, help)
  }
}

const isBlockEnd = (node: SyntaxNode): boolean => node.isError && /^(end|\})\s*$/.test(node.text)

const placeOf = (tree: SyntaxTree, source: SourceText, node: SyntaxNode): SlipPlace => ({
  source,
  node,
  children: node.children,
  parent: tree.parentOf(node),
})
