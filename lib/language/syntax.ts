import type { SyntaxTable } from '../binding.js'
import type { Place } from './edits.js'

/** Numbers a node in SyntaxTable.nodes: the members of SyntaxRow in native/language/syntax_table.h. */
export const SYNTAX_ROW_LENGTH = 8
const KIND = 0
const FIELD = 1
const START = 2
const END = 3
const ROW = 4
const COLUMN = 5
const FLAGS = 6
const SIZE = 7

const NAMED = 1
const ERROR = 2
const MISSING = 4
const EXTRA = 8
const HAS_ERROR = 16

export interface SyntaxNames {
  readonly kinds: readonly string[]
  readonly fields: readonly string[]
}

/** Why a file as a whole could not be parsed; `at` is a byte offset. */
export interface SyntaxFailure {
  readonly code: string
  /** What is wrong and, after a semicolon, what to do. */
  readonly message: string
  readonly at: number
}

/** The concrete syntax of one rule file; grammar/grammar.js has the kinds and fields of its nodes. */
export class SyntaxTree {
  readonly file: string
  /** UTF-8. */
  readonly source: Uint8Array
  /** Set when the file could not be parsed; `root` then has no children. */
  readonly failure: SyntaxFailure | null
  readonly root: SyntaxNode
  /** @internal */
  readonly nodes: Uint32Array
  /** @internal */
  readonly names: SyntaxNames
  /** Where a byte of `source` is in the file: elsewhere when `source` is an edited part of it. */
  readonly place: Place

  constructor(
    file: string,
    source: Uint8Array,
    table: SyntaxTable,
    names: SyntaxNames,
    place: Place = (at) => at,
  ) {
    this.file = file
    this.place = place
    this.source = source
    this.failure = table.failure
    this.names = names
    this.nodes = table.failure ? emptyFile(names) : table.nodes
    this.root = new SyntaxNode(this, 0)
  }

  /**
   * What is not in the language, in the order of the text: ERROR nodes (skipped text), missing nodes
   * (a token that should be there), missing_space and misplaced_newline nodes (no space after a
   * command word; a newline before an operator or comma); never one inside another.
   */
  errors(): SyntaxNode[] {
    const { nodes } = this
    const slips = ['missing_space', 'misplaced_newline'].map((kind) => this.names.kinds.indexOf(kind))
    const found: SyntaxNode[] = []
    for (let row = 0; row < nodes.length; ) {
      const isError = at(nodes, row + FLAGS) & (ERROR | MISSING)
      if (isError || slips.includes(at(nodes, row + KIND))) {
        found.push(new SyntaxNode(this, row))
        row += at(nodes, row + SIZE) * SYNTAX_ROW_LENGTH
      } else {
        row += SYNTAX_ROW_LENGTH
      }
    }
    return found
  }

  /** The node that `node`, which is not the root, is a child of. */
  parentOf(node: SyntaxNode): SyntaxNode {
    const { nodes } = this
    let parent = 0
    for (let row = SYNTAX_ROW_LENGTH; row < node.offset; ) {
      const end = row + at(nodes, row + SIZE) * SYNTAX_ROW_LENGTH
      const holds = end > node.offset
      if (holds) parent = row
      row = holds ? row + SYNTAX_ROW_LENGTH : end
    }
    return new SyntaxNode(this, parent)
  }
}

/** One node: a view on a row of its tree's table, made when asked for. */
export class SyntaxNode {
  readonly tree: SyntaxTree
  /** Where the row begins in the table: the node's identity. */
  readonly offset: number

  constructor(tree: SyntaxTree, offset: number) {
    this.tree = tree
    this.offset = offset
  }

  /** As in grammar.js; the text itself for a token without a name, such as `&&`. */
  get kind(): string {
    return this.tree.names.kinds[this.#number(KIND)] as string
  }

  /** The field of its parent that this node is, if any. */
  get field(): string | null {
    return this.tree.names.fields[this.#number(FIELD)] || null
  }

  /** In the file, as endByte. */
  get startByte(): number {
    return this.tree.place(this.#number(START))
  }

  get endByte(): number {
    const end = this.#number(END)
    return this.tree.place(end, end > this.#number(START))
  }

  /** From 0. */
  get row(): number {
    return this.#number(ROW)
  }

  /** From 0, in bytes. */
  get column(): number {
    return this.#number(COLUMN)
  }

  get isNamed(): boolean {
    return (this.#number(FLAGS) & NAMED) !== 0
  }

  /** Text that is not in the language and was skipped. */
  get isError(): boolean {
    return (this.#number(FLAGS) & ERROR) !== 0
  }

  /** A token that should be here, mostly empty; or a node that lacks a part without a node of its own. */
  get isMissing(): boolean {
    return (this.#number(FLAGS) & MISSING) !== 0
  }

  /** A comment. */
  get isExtra(): boolean {
    return (this.#number(FLAGS) & EXTRA) !== 0
  }

  /** Whether this node or one in it is an error or missing. */
  get hasError(): boolean {
    return (this.#number(FLAGS) & HAS_ERROR) !== 0
  }

  /** Of the tree's source. */
  get text(): string {
    const { source } = this.tree
    const start = this.#number(START)
    return Buffer.from(source.buffer, source.byteOffset + start, this.#number(END) - start).toString('utf8')
  }

  get children(): SyntaxNode[] {
    const { nodes } = this.tree
    const children: SyntaxNode[] = []
    const end = this.offset + this.#number(SIZE) * SYNTAX_ROW_LENGTH
    for (let row = this.offset + SYNTAX_ROW_LENGTH; row < end; ) {
      children.push(new SyntaxNode(this.tree, row))
      row += at(nodes, row + SIZE) * SYNTAX_ROW_LENGTH
    }
    return children
  }

  /** Without punctuation and comments. */
  get namedChildren(): SyntaxNode[] {
    return this.children.filter((child) => child.isNamed && !child.isExtra)
  }

  childForField(name: string): SyntaxNode | null {
    return this.childrenForField(name)[0] ?? null
  }

  childrenForField(name: string): SyntaxNode[] {
    return this.children.filter((child) => child.field === name)
  }

  #number(column: number): number {
    return at(this.tree.nodes, this.offset + column)
  }
}

const at = (numbers: Uint32Array, index: number): number => numbers[index] as number

function emptyFile(names: SyntaxNames): Uint32Array {
  const row = new Uint32Array(SYNTAX_ROW_LENGTH)
  row[KIND] = names.kinds.indexOf('source_file')
  row[FLAGS] = NAMED
  row[SIZE] = 1
  return row
}
