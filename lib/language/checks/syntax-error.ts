import { type Diagnostics, MOST_PER_FILE } from '../diagnostics.js'
import { isMissingComma, lacksComma } from '../mend.js'
import type { SourceText } from '../source-text.js'
import type { SyntaxNode, SyntaxTree } from '../syntax.js'
import type { Slip, SlipPlace } from './missing-token.js'
import { findSlip, notAnOperator } from './syntax-slips.js'

const MOST_SYNTAX_ERRORS = MOST_PER_FILE

/**
 * Reports what is not in the language, with the most likely slip behind it.
 * @param words that the tree takes for operators, and that are none.
 */
export function checkSyntax(
  diagnostics: Diagnostics,
  source: SourceText,
  tree: SyntaxTree,
  words: readonly SyntaxNode[],
): void {
  const report = ({ start, end, message, help }: Slip) =>
    diagnostics.report('NUTHATCH_SYNTAX_ERROR', source.span(start, end), message, help)
  for (const word of words) report(notAnOperator(word))
  const errors = tree.errors()
  let lastRow = -1
  for (const [index, node] of errors.entries()) {
    // What follows a slip on its line, and the end of a block whose beginning was one, is its doing.
    // A token that is surely missing is a slip of its own.
    if (
      (node.row === lastRow && !isMissingComma(node) && !lacksComma(node)) ||
      (index > 0 && isBlockEnd(node))
    )
      continue
    lastRow = node.row
    if (index >= MOST_SYNTAX_ERRORS) {
      const { startByte: start } = node
      const message = `more syntax errors from here on: ${errors.length - index}`
      report({ start, end: start, message, help: 'correct the first ones' })
      return
    }
    report(findSlip(placeOf(tree, source, node)))
  }
}

const isBlockEnd = (node: SyntaxNode): boolean => node.isError && /^(end|\})\s*$/.test(node.text)

const placeOf = (tree: SyntaxTree, source: SourceText, node: SyntaxNode): SlipPlace => ({
  source,
  node,
  children: node.children,
  parent: tree.parentOf(node),
})
