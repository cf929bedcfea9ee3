import type { Span } from './ruleset.js'

/**
 * The abstract syntax of a rule file: what was written, decoded, but with no name looked up yet.
 * Text with syntax errors is `broken`, and the rest of its file is there all the same.
 */
export interface RuleFile {
  readonly file: string
  readonly declarations: readonly Declaration[]
  /** Names that a broken declaration most likely declares: not to be reported as unknown. */
  readonly brokenNames: ReadonlySet<string>
  /** Whether some text could not be read, so that a name may be used or declared there. */
  readonly broken: boolean
}

export type Declaration = ListDeclaration | DefineDeclaration | DetectorDeclaration | ExpressionDeclaration

export interface Name {
  readonly text: string
  readonly span: Span
}

export interface ListDeclaration {
  readonly kind: 'list'
  readonly name: Name
  readonly values: ArrayLiteral | Broken
  readonly span: Span
}

export interface DefineDeclaration {
  readonly kind: 'define'
  readonly name: Name
  readonly value: Expression
  readonly span: Span
}

export interface DetectorDeclaration {
  readonly kind: 'detector'
  readonly name: Name
  readonly metadata: readonly MetadataEntry[]
  readonly matches: readonly MatchClause[]
  readonly examples: readonly ExampleEntry[]
  /** Whether some of its entries may be missing here, or be others, because of syntax errors. */
  readonly broken: boolean
  readonly span: Span
}

/** An expression at the top level of a file. */
export interface ExpressionDeclaration {
  readonly kind: 'expression'
  readonly value: Expression
  /** Whether it may be another one than was meant, because of syntax errors. */
  readonly broken: boolean
  readonly span: Span
}

export interface MetadataEntry {
  readonly key: Name
  readonly values: readonly Expression[]
  readonly span: Span
}

export interface MatchClause {
  readonly condition: Expression
  readonly span: Span
}

export interface ExampleEntry {
  readonly kind: 'fires_on' | 'ignores'
  readonly label: StringLiteral | Broken
  readonly type: Name
  readonly arguments: Arguments
  readonly span: Span
}

/** `&&` and `||` chains are flat: `a && b && c` is one node with three operands. */
export type Expression =
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Expression[]; readonly span: Span }
  | { readonly kind: 'not'; readonly operand: Expression; readonly span: Span }
  | Call
  | Literal
  | Broken

export interface Call {
  readonly kind: 'call'
  /** With its question mark, if it has one. */
  readonly name: Name
  readonly arguments: Arguments
  readonly span: Span
}

export interface Arguments {
  readonly positional: readonly Expression[]
  readonly keywords: readonly KeywordArgument[]
}

export interface KeywordArgument {
  readonly key: Name
  readonly value: Expression
  readonly span: Span
}

export type Literal =
  | StringLiteral
  | ArrayLiteral
  | RegexLiteral
  | { readonly kind: 'number'; readonly value: number; readonly exact: boolean; readonly span: Span }
  | { readonly kind: 'symbol'; readonly name: string; readonly span: Span }
  | { readonly kind: 'identifier'; readonly name: string; readonly span: Span }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly span: Span }
  | { readonly kind: 'nil'; readonly span: Span }

export interface StringLiteral {
  readonly kind: 'string'
  readonly value: string
  readonly span: Span
}

export interface ArrayLiteral {
  readonly kind: 'array'
  readonly values: readonly Expression[]
  readonly span: Span
}

export interface RegexLiteral {
  readonly kind: 'regex'
  /** As between the slashes. */
  readonly pattern: string
  readonly patternSpan: Span
  /** Letters after the closing slash. */
  readonly flags: string
  readonly span: Span
}

/** Something with a syntax error or an error in a literal, which has been reported. */
export interface Broken {
  readonly kind: 'broken'
  readonly span: Span
}
