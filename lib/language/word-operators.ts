import { parse } from './parse.js'
import type { SyntaxNode, SyntaxTree } from './syntax.js'

/** Ruby's words for operators, and ours in as many bytes, so that every place stays where it is. */
const OPERATORS: Readonly<Record<string, string>> = { and: ' &&', or: '||', not: '  !' }

/** More are no slip of a person's, and parsing takes time. */
const MOST_WORDS = 100

export interface MendedTree {
  readonly tree: SyntaxTree
  /** The words that `tree` takes for operators. */
  readonly words: readonly SyntaxNode[]
}

/**
 * Takes `and`, `or` and `not` for the operators they are meant for. They are errors, but must not hide
 * what is wrong with the conditions that they join.
 */
export function mendOperators(tree: SyntaxTree): MendedTree {
  const errors = tree.errors()
  const words = errors.flatMap(wordsIn)
  if (words.length === 0 || words.length > MOST_WORDS) return { tree, words: [] }
  const source = Uint8Array.from(tree.source)
  for (const { text, startByte } of words) source.set(Buffer.from(OPERATORS[text] as string), startByte)
  const mended = parse(source, tree.file)
  const better = mended.failure === null && mended.errors().length < errors.length
  return better ? { tree: mended, words } : { tree, words: [] }
}

function wordsIn(node: SyntaxNode): SyntaxNode[] {
  const length = node.endByte - node.startByte
  if (length <= 3 && Object.hasOwn(OPERATORS, node.text)) return [node]
  return node.children.flatMap(wordsIn)
}
