import type * as ast from './ast.js'
import { checkBlankLine } from './checks/blank-line.js'
import { reportInterpolation } from './checks/interpolation.js'
import { maxNesting, reportNesting } from './checks/nesting.js'
import type { Diagnostics } from './diagnostics.js'
import type { Edit } from './edits.js'
import { decodeNumber, decodeText, decodeWord } from './literals.js'
import type { SourceText } from './source-text.js'
import { STAND_IN } from './stand-in.js'
import type { SyntaxNode, SyntaxTree } from './syntax.js'

/**
 * Makes the AST of a file, or of what it was most likely meant to be: then `edits` tell what is not as
 * it was written. Reports what is wrong with single literals, and nesting; syntax errors are mend.ts's,
 * and here only leave `broken` places.
 */
export function buildAst(
  tree: SyntaxTree,
  source: SourceText,
  diagnostics: Diagnostics,
  edits: readonly Edit[] = [],
): ast.RuleFile {
  return new AstBuilder(source, diagnostics, edits).file(tree)
}

class AstBuilder {
  readonly source: SourceText
  readonly diagnostics: Diagnostics
  readonly #edits: readonly Edit[]

  constructor(source: SourceText, diagnostics: Diagnostics, edits: readonly Edit[]) {
    this.#edits = edits
    this.source = source
    this.diagnostics = diagnostics
  }

  file({ root, failure }: SyntaxTree): ast.RuleFile {
    const declarations: ast.Declaration[] = []
    const isBroken = root.hasError || this.#edits.length > 0
    const { bytes } = this.source
    const brokenNames = new Set(isBroken ? declaredNames(this.source.slice(0, bytes.length)) : [])
    // Next to skipped text an expression is most likely a piece of something else.
    const pieces = root.isError || hasBrokenPart(root)
    for (const node of root.namedChildren) {
      const declaration = this.#declaration(node, pieces)
      if (declaration) declarations.push(declaration)
    }
    return { file: this.source.file, declarations, brokenNames, broken: isBroken || failure !== null }
  }

  #declaration(node: SyntaxNode, pieces: boolean): ast.Declaration | null {
    if (node.isError || node.isMissing) return null
    const span = this.#span(node)
    switch (node.kind) {
      case 'list_declaration':
      case 'define_declaration': {
        const name = node.childForField('name')
        if (name === null) return null
        const named = { name: this.#symbolName(name), span }
        if (node.kind === 'list_declaration')
          return { kind: 'list', ...named, values: this.#listValues(node) }
        return { kind: 'define', ...named, value: this.#field(node, 'value') }
      }
      case 'detector_declaration':
        return this.#detector(node)
      default:
        return pieces
          ? null
          : { kind: 'expression', value: this.#expression(node, 0), broken: this.#isGuessed(node), span }
    }
  }

  #listValues(node: SyntaxNode): ast.ArrayLiteral | ast.Broken {
    const values = this.#field(node, 'values')
    return values.kind === 'array' ? values : { kind: 'broken', span: values.span }
  }

  #detector(node: SyntaxNode): ast.DetectorDeclaration | null {
    const name = node.childForField('name')
    if (name === null) return null
    const text = this.#expression(name, 0)
    const metadata: ast.MetadataEntry[] = []
    const matches: ast.MatchClause[] = []
    const examples: ast.ExampleEntry[] = []
    const children = node.children
    for (const [index, child] of children.entries()) {
      if (child.kind === 'metadata_entry') metadata.push(this.#metadata(child))
      else if (child.kind === 'match_clause') {
        checkBlankLine(this, child.childForField('condition'))
        const condition = this.#isCutOff(child, children[index + 1]) ? null : child.childForField('condition')
        matches.push({ condition: this.#optional(condition, child), span: this.#span(child) })
      } else if (child.kind === 'example_entry') examples.push(...this.#example(child))
    }
    return {
      kind: 'detector',
      name: { text: text.kind === 'string' ? text.value : '', span: text.span },
      metadata,
      matches,
      examples,
      broken: node.hasError || text.kind !== 'string' || this.#isGuessed(node),
      span: this.#span(node),
    }
  }

  /** Whether some of it may not be as it was meant. */
  #isGuessed({ startByte, endByte }: SyntaxNode): boolean {
    return this.#edits.some(({ start, end, isGuess }) => isGuess && start <= endByte && end >= startByte)
  }

  #metadata(node: SyntaxNode): ast.MetadataEntry {
    const key = node.childForField('key')
    const values = node.childrenForField('values').map((value) => this.#expression(value, 0))
    const broken = node.hasError ? [{ kind: 'broken', span: this.#span(node) } as const] : []
    return { key: this.#name(key ?? node), values: [...values, ...broken], span: this.#span(node) }
  }

  #example(node: SyntaxNode): ast.ExampleEntry[] {
    const [kind, label, event] = node.namedChildren.filter((child) => child.kind !== 'missing_space')
    const [type, list] = event?.namedChildren ?? []
    if (!kind || !label || !type || node.hasError) return []
    const text = this.#expression(label, 0)
    return [
      {
        kind: this.text(kind) === 'ignores' ? 'ignores' : 'fires_on',
        label: text.kind === 'string' ? text : { kind: 'broken', span: text.span },
        type: this.#name(type),
        arguments: this.#arguments(list, 0),
        span: this.#span(node),
      },
    ]
  }

  #field(node: SyntaxNode, field: string): ast.Expression {
    return this.#optional(hasBrokenPart(node) ? null : node.childForField(field), node)
  }

  #optional(node: SyntaxNode | null, parent: SyntaxNode): ast.Expression {
    return node ? this.#expression(node, 0) : { kind: 'broken', span: this.#span(parent) }
  }

  /** Whether text that could not be read follows on the same line: most likely more of the same. */
  #isCutOff(node: SyntaxNode, next: SyntaxNode | undefined): boolean {
    if (hasBrokenPart(node)) return true
    return next?.isError === true && !this.source.slice(node.endByte, next.startByte).includes('\n')
  }

  /** `depth` counts what is nested; a chain of one operator is one level, however long. */
  #expression(node: SyntaxNode, depth: number): ast.Expression {
    const span = this.#span(node)
    if (node.hasError && (!gates.has(node.kind) || hasBrokenPart(node))) return { kind: 'broken', span }
    if (depth > maxNesting) {
      reportNesting(this.diagnostics, span)
      return { kind: 'broken', span }
    }
    switch (node.kind) {
      case 'binary_expression':
        return this.#chain(node, depth)
      case 'unary_expression':
        return {
          kind: 'not',
          operand: this.#expressions(node, depth + 1)[0] ?? { kind: 'broken', span },
          span,
        }
      case 'parenthesized_expression':
        return this.#expressions(node, depth + 1)[0] ?? { kind: 'broken', span }
      case 'call':
        return this.#isStandIn(node.namedChildren[0]) ? { kind: 'broken', span } : this.#call(node, depth)
      case 'array':
        return { kind: 'array', values: this.#expressions(node, depth + 1), span }
      default:
        return this.#literal(node)
    }
  }

  #expressions(node: SyntaxNode, depth: number): ast.Expression[] {
    return node.namedChildren.map((child) => this.#expression(child, depth))
  }

  #chain(node: SyntaxNode, depth: number): ast.Expression {
    const operator = operatorOf(node)
    const operands: SyntaxNode[] = []
    let left = node
    while (left.kind === 'binary_expression' && operatorOf(left) === operator) {
      const [first, second] = hasBrokenPart(left) ? [] : left.namedChildren
      if (first === undefined || second === undefined) break
      operands.push(second)
      left = first
    }
    operands.push(left)
    return {
      kind: operator === '&&' ? 'and' : 'or',
      operands: operands.reverse().map((operand) => this.#expression(operand, depth + 1)),
      span: this.#span(node),
    }
  }

  #call(node: SyntaxNode, depth: number): ast.Call {
    const [name = node, list] = node.namedChildren
    return {
      kind: 'call',
      name: this.#name(name),
      arguments: this.#arguments(list, depth + 1),
      span: this.#span(node),
    }
  }

  #isStandIn(name: SyntaxNode | undefined): boolean {
    return this.#edits.length > 0 && name?.text === STAND_IN
  }

  #arguments(node: SyntaxNode | undefined, depth: number): ast.Arguments {
    const positional: ast.Expression[] = []
    const keywords: ast.KeywordArgument[] = []
    for (const child of node?.namedChildren ?? []) {
      if (child.kind === 'keyword_argument') {
        const [key = child, value = child] = child.namedChildren
        if (this.#isStandIn(key)) {
          positional.push({ kind: 'broken', span: this.#span(child) })
          continue
        }
        keywords.push({
          key: this.#name(key),
          value: this.#expression(value, depth),
          span: this.#span(child),
        })
      } else positional.push(this.#expression(child, depth))
    }
    return { positional, keywords }
  }

  #literal(node: SyntaxNode): ast.Expression {
    const span = this.#span(node)
    switch (node.kind) {
      case 'string':
      case 'heredoc': {
        const value = decodeText(node, this)
        return value === null ? { kind: 'broken', span } : { kind: 'string', value, span }
      }
      case 'symbol':
        return { kind: 'symbol', name: this.#symbolName(node).text, span }
      case 'identifier':
        return this.#isStandIn(node)
          ? { kind: 'broken', span }
          : { kind: 'identifier', name: this.text(node), span }
      case 'integer':
      case 'float':
        return { kind: 'number', ...decodeNumber(this.text(node)), span }
      case 'regex':
        return this.#regex(node)
      case 'word_array':
        return { kind: 'array', values: this.#words(node), span }
      case 'true':
      case 'false':
        return { kind: 'boolean', value: node.kind === 'true', span }
      case 'nil':
        return { kind: 'nil', span }
      default:
        return { kind: 'broken', span }
    }
  }

  #regex(node: SyntaxNode): ast.Expression {
    const pattern = node.childForField('pattern')
    const interpolations = pattern?.namedChildren ?? []
    for (const interpolation of interpolations) reportInterpolation(this, interpolation)
    if (interpolations.length > 0) return { kind: 'broken', span: this.#span(node) }
    return {
      kind: 'regex',
      pattern: pattern?.text ?? '',
      flags: node.childForField('flags')?.text ?? '',
      span: this.#span(node),
      patternSpan: this.#span(pattern ?? node),
    }
  }

  #words(node: SyntaxNode): ast.StringLiteral[] {
    const opening = node.children[0]?.text ?? ''
    return node.namedChildren.map((word) => {
      return { kind: 'string', value: decodeWord(this.text(word), opening), span: this.#span(word) }
    })
  }

  #symbolName(node: SyntaxNode): ast.Name {
    const quoted = node.namedChildren.length > 0 || /^:["']/.test(node.text)
    return { text: quoted ? (decodeText(node, this) ?? '') : node.text.slice(1), span: this.#span(node) }
  }

  #name(node: SyntaxNode): ast.Name {
    return { text: this.text(node), span: this.#span(node) }
  }

  /** What the tree has there: not the file's own text where a slip was mended. */
  text(node: SyntaxNode): string {
    return this.#edits.length === 0 ? this.source.slice(node.startByte, node.endByte) : node.text
  }

  #span(node: SyntaxNode) {
    return this.source.span(node.startByte, node.endByte)
  }
}

/**
 * What is looked into although it holds an error. The rest is left alone: what tree-sitter made of
 * the pieces of a call would give errors that are not there.
 */
const gates: ReadonlySet<string> = new Set([
  'binary_expression',
  'unary_expression',
  'parenthesized_expression',
])

const hasBrokenPart = (node: SyntaxNode): boolean =>
  node.hasError && node.children.some((child) => child.isError || child.isMissing)

const operatorOf = (binary: SyntaxNode): string | undefined => binary.childForField('operator')?.kind

const declaredNames = (text: string): string[] =>
  [...text.matchAll(/\b(?:list|define)[ \t]*\(?:(\w+)/g)].map((match) => match[1] as string)
