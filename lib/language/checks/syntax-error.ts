import { MOST_PER_FILE } from '../diagnostics.js'
import type { SourceText } from '../source-text.js'
import type { SyntaxNode, SyntaxTree } from '../syntax.js'
import type { Slip, SlipPlace } from './missing-token.js'
import { findSlip } from './syntax-slips.js'

/** What is not in the language, with the most likely slip behind it. */
export function slipsOf(tree: SyntaxTree, source: SourceText): Slip[] {
  const errors = tree.errors()
  const slips: Slip[] = []
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
    if (index >= MOST_PER_FILE) {
      const { startByte: start } = node
      const message = `more syntax errors from here on: ${errors.length - index}`
      return [...slips, { start, end: start, message, help: 'correct the first ones' }]
    }
    slips.push(findSlip(placeOf(tree, source, node)))
  }
  return slips
}

const isMissingComma = (node: SyntaxNode): boolean => node.isMissing && node.kind === ','

const isBlockEnd = (node: SyntaxNode): boolean => node.isError && /^(end|\})\s*$/.test(node.text)

const placeOf = (tree: SyntaxTree, source: SourceText, node: SyntaxNode): SlipPlace => ({
  source,
  node,
  children: node.children,
  parent: tree.parentOf(node),
})

const VALUES = /^(string|symbol|integer|float|regex|true|false|nil)$/

/** Whether a value is skipped because no comma stands before the next one. */
export const lacksComma = (node: SyntaxNode): boolean =>
  node.isError && node.children.length === 1 && VALUES.test(node.children[0]?.kind ?? '')
