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
  const readable = better(mended, mended.errors().flatMap(editsFor))
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

const VALUES = /^(string|symbol|integer|float|regex|true|false|nil)$/

/** Whether a value is skipped because no comma stands before the next one. */
export const lacksComma = (node: SyntaxNode): boolean =>
  node.isError && node.children.length === 1 && VALUES.test(node.children[0]?.kind ?? '')

function editsFor(node: SyntaxNode): Edit[] {
  const { tree, startByte, endByte } = node
  if (isMissingComma(node)) return comma(tree, startByte)
  if (!lacksComma(node)) return strayText(node)
  return tree.parentOf(node).kind === 'array' ? comma(tree, endByte) : []
}

export const isMissingComma = (node: SyntaxNode): boolean => node.isMissing && node.kind === ','

/** In the place of the space there. */
function comma({ source }: SyntaxTree, at: number): Edit[] {
  const place = [at, at - 1].find((place) => source[place] === SPACE)
  return place === undefined ? [] : [{ start: place, text: ',' }]
}

/** Some condition in the place of `length` bytes. */
const standIn = (start: number, length: number): Edit[] =>
  length < 'windows?'.length ? [] : [{ start, text: 'windows?'.padEnd(length) }]

/** A sign that belongs to nothing; and what a condition is compared with. */
const SIGNS = /^[)\]};?:]+/
const COMPARISON = /^(?:[=!]=|[=!]~|[<>]=?)\s*(?:'[^'\n]*'|"[^"\n]*"|[\w.]+)/

function strayText(node: SyntaxNode): Edit[] {
  const { children } = node
  if (children.length > 0) {
    return children.filter(({ isError }) => isError || children.length === 1).flatMap(strayText)
  }
  const { tree, startByte: start } = node
  const before = Buffer.from(tree.source.subarray(Math.max(0, start - 80), start)).toString('latin1')
  const [comparison] = COMPARISON.exec(textAfter(node)) ?? []
  const [name] = /(?<![\w:])[a-z_]\w*\s*$/.exec(before) ?? []
  if (comparison && name) return standIn(start - name.length, name.length + comparison.length)
  const [text] = /[?)]\s*$/.test(before) && comparison ? [comparison] : (SIGNS.exec(textAfter(node)) ?? [])
  return text === undefined ? [] : [{ start, text: ' '.repeat(text.length) }]
}
