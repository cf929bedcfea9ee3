import type { SyntaxNode } from '../../lib/language/syntax.js'

/** A tree as nested arrays, `[what, …]`: the same for our parser and for Ruby's (ruby-tree.rb). */
export type Shape = string | Shape[]

/** Stands for a heredoc's text, which Ruby gives without its indentation. */
export const ANY_TEXT = ['string', '*']

export function shapeOf(node: SyntaxNode): Shape {
  const shape = shapes[node.kind]
  if (!shape) throw new Error(`no shape for ${node.kind}: ${node.text}`)
  return shape(node)
}

const shapes: Record<string, (node: SyntaxNode) => Shape> = {
  source_file: (node) => ['file', ...node.namedChildren.map(shapeOf)],
  list_declaration: (node) => command('list', node),
  define_declaration: (node) => command('define', node),
  match_clause: (node) => command('match', node),
  metadata_entry: (node) => command(text(node, 'key'), node),
  example_entry: (node) => command(text(node, 'kind'), node),
  detector_declaration: (node) => {
    const [name, ...body] = node.namedChildren.map(shapeOf)
    return ['block', ['command', 'detector', name as Shape], ...body]
  },
  event_literal: (node) => ['call', text(node, 'type'), ...argumentsOf(node)],
  call: (node) =>
    node.childForField('arguments') || text(node, 'name').endsWith('?')
      ? ['call', text(node, 'name'), ...argumentsOf(node)]
      : ['name', text(node, 'name')],
  identifier: (node) => ['name', node.text],
  binary_expression: (node) => [text(node, 'operator'), field(node, 'left'), field(node, 'right')],
  unary_expression: (node) => [text(node, 'operator'), field(node, 'operand')],
  parenthesized_expression: (node) => only(node),
  keyword_argument: (node) => ['pair', text(node, 'key'), field(node, 'value')],
  string: (node) => ['string', inner(node, 1)],
  heredoc: () => ANY_TEXT,
  symbol: (node) => ['symbol', /^:["']/.test(node.text) ? inner(node, 2) : node.text.slice(1)],
  integer: (node) => ['number', node.text],
  float: (node) => ['number', node.text],
  regex: (node) => [
    'regex',
    node.childForField('pattern')?.text ?? '',
    node.childForField('flags')?.text ?? '',
  ],
  array: (node) => ['array', ...node.namedChildren.map(shapeOf)],
  word_array: (node) => ['array', ...node.namedChildren.map((word) => ['string', word.text])],
  true: (node) => ['word', node.text],
  false: (node) => ['word', node.text],
  nil: (node) => ['word', node.text],
}

/** The children behind the command word, but for the word itself. */
const command = (word: string, node: SyntaxNode): Shape => [
  'command',
  word,
  ...node.namedChildren.filter((child) => !['key', 'kind'].includes(child.field ?? '')).map(shapeOf),
]

const argumentsOf = (node: SyntaxNode): Shape[] =>
  node.childForField('arguments')?.namedChildren.map(shapeOf) ?? []

const text = (node: SyntaxNode, name: string): string => node.childForField(name)?.text ?? ''

const field = (node: SyntaxNode, name: string): Shape => shapeOf(node.childForField(name) as SyntaxNode)

const only = (node: SyntaxNode): Shape => shapeOf(node.namedChildren[0] as SyntaxNode)

/** The text within quotes, the first of which has `open` characters. */
const inner = (node: SyntaxNode, open: number): string => node.text.slice(open, -1)
