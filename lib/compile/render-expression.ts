import { type ExpressionNode, isNegated, type Literal, not } from './expressions.js'
import type { Term } from './terms.js'

/** What expressions are read from: a Program, or a Plan that was read back. */
export interface ExpressionSource {
  readonly expressions: { node(literal: Literal): ExpressionNode }
  readonly costs: { order(operands: readonly Literal[]): readonly Literal[] }
}

/** Values of a term that are shown; the others are counted. */
const shownValues = 4

/** An expression as a person reads it, such as `process_name equals "a.exe" && …`, in the order in which it is asked. */
export function expressionText(
  literal: Literal,
  source: ExpressionSource,
  inside: 'and' | 'or' | null = null,
): string {
  const node = source.expressions.node(literal)
  if (node.kind === 'false') return isNegated(literal) ? 'true' : 'false'
  if (node.kind === 'term') return `${isNegated(literal) ? '!' : ''}${termText(node.term)}`
  const kind = isNegated(literal) ? 'or' : 'and'
  const ordered = source.costs.order(node.operands)
  const operands = ordered.map((operand) =>
    expressionText(kind === 'or' ? not(operand) : operand, source, kind),
  )
  const text = operands.join(kind === 'or' ? ' || ' : ' && ')
  return inside === null ? text : `(${text})`
}

/** The same as a value for JSON. */
export function expressionJson(literal: Literal, source: ExpressionSource): unknown {
  const node = source.expressions.node(literal)
  if (node.kind === 'false') return isNegated(literal)
  if (node.kind === 'term') return isNegated(literal) ? { not: termJson(node.term) } : termJson(node.term)
  const operands = source.costs.order(node.operands)
  return isNegated(literal)
    ? { or: operands.map((operand) => expressionJson(not(operand), source)) }
    : { and: operands.map((operand) => expressionJson(operand, source)) }
}

export function termText({ property, match, all, strings, numbers }: Term): string {
  const values = [...strings.map((text) => JSON.stringify(text)), ...numbers.map(String)]
  const hidden = values.length - shownValues
  const shown = hidden > 0 ? [...values.slice(0, shownValues), `… ${hidden} more`] : values
  const quantifier = values.length < 2 || match === 'between' ? '' : all ? ' all of' : ' any of'
  return `${property} ${match}${quantifier} ${shown.join(', ')}`.trimEnd()
}

function termJson({ property, match, all, caseSensitive, strings, numbers }: Term): unknown {
  return {
    property,
    match,
    ...(all && { all }),
    ...(caseSensitive && { case_sensitive: caseSensitive }),
    ...(strings.length > 0 && { strings }),
    ...(numbers.length > 0 && { numbers }),
  }
}
