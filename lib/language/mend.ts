import { parse } from './parse.js'
import type { SyntaxNode, SyntaxTree } from './syntax.js'

/** What people write for our operators, and ours in as many bytes, so that every place stays where it is. */
const OPERATORS: Readonly<Record<string, string>> = { and: ' &&', or: '||', not: '  !', '&': '&&', '|': '||' }

/** More are no slip of a person's, and parsing takes time. */
const MOST_SLIPS = 100

export interface MendedTree {
  /** In which words stand for the operators they are meant for. */
  readonly tree: SyntaxTree
  readonly words: readonly SyntaxNode[]
  /** The same without stray signs and comparisons, where the rest can be read then. */
  readonly readable: SyntaxTree
}

/** Slips are errors, but must not hide what is wrong with the conditions next to them. */
export function mend(tree: SyntaxTree): MendedTree {
  const words = tree.errors().flatMap(wordsIn)
  const mended = better(
    tree,
    words.flatMap((word) => operatorFor(word) ?? []),
  )
  const readable = better(mended, mended.errors().flatMap(strayText))
  return { tree: mended, words: mended === tree ? [] : words, readable }
}

/** Puts `text` in the place of as many bytes. */
interface Edit {
  readonly start: number
  readonly text: string
}

/** The tree of the edited text when it has fewer errors, else `tree`. */
function better(tree: SyntaxTree, edits: readonly Edit[]): SyntaxTree {
  if (edits.length === 0 || edits.length > MOST_SLIPS) return tree
  const source = Uint8Array.from(tree.source)
  for (const { start, text } of edits) source.set(Buffer.from(text), start)
  const edited = parse(source, tree.file)
  return edited.failure === null && edited.errors().length < tree.errors().length ? edited : tree
}

const textAfter = ({ tree, startByte }: SyntaxNode): string =>
  Buffer.from(tree.source.subarray(startByte, startByte + LONGEST_STRAY)).toString('latin1')

const LONGEST_STRAY = 200

function wordsIn(node: SyntaxNode): SyntaxNode[] {
  const isWord = node.endByte - node.startByte <= 3 && Object.hasOwn(OPERATORS, node.text)
  if (isWord) return operatorFor(node) ? [node] : []
  return node.children.flatMap(wordsIn)
}

/** One sign of two takes the space after or before it; without one there is no room for the other. */
function operatorFor({ text, startByte, tree }: SyntaxNode): Edit | null {
  const operator = OPERATORS[text] as string
  if (text.length === operator.length || tree.source[startByte + 1] === SPACE)
    return { start: startByte, text: operator }
  return tree.source[startByte - 1] === SPACE ? { start: startByte - 1, text: operator } : null
}

const SPACE = 0x20

/** A sign that belongs to nothing; and what a condition is compared with. */
const SIGNS = /^[)\]};?:]+/
const COMPARISON = /^(?:[=!]=|[=!]~|[<>]=?)\s*(?:'[^'\n]*'|"[^"\n]*"|[\w.]+)/

function strayText(node: SyntaxNode): Edit[] {
  const { children } = node
  if (children.length > 0) {
    return children.filter(({ isError }) => isError || children.length === 1).flatMap(strayText)
  }
  const { tree, startByte: start } = node
  const before = Buffer.from(tree.source.subarray(Math.max(0, start - 40), start)).toString('latin1')
  const stray = /[?)]\s*$/.test(before) ? COMPARISON.exec(textAfter(node)) : null
  const [text] = stray ?? SIGNS.exec(textAfter(node)) ?? []
  return text === undefined ? [] : [{ start, text: ' '.repeat(text.length) }]
}
