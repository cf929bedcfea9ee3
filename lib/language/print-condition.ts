import type { MatchKind } from '../schema/match-kinds.js'
import { stringLiteral } from './describe.js'
import { type MatchForm, matchRows, operandKeywords } from './matches.js'
import type { Condition, Test } from './ruleset.js'

/** A condition in the language: definitions and named helpers written out. */
export function printCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'test':
      return printTest(condition.test)
    case 'not':
      return `!${inParentheses(condition.operand)}`
    default:
      return condition.operands.map(inParentheses).join(condition.kind === 'and' ? ' && ' : ' || ')
  }
}

const inParentheses = (operand: Condition): string =>
  operand.kind === 'and' || operand.kind === 'or' ? `(${printCondition(operand)})` : printCondition(operand)

function printTest({ event, property, match, all, negated, caseSensitive, strings, numbers }: Test): string {
  const row = matchRows.find(({ kind, onNumber }) => kind === match || onNumber === match)
  if (row === undefined) throw new Error(`no helper has the match ${match}`)
  const ending = !row.quantified || isSingle(strings, numbers, all) ? '' : all ? '_all' : '_any'
  const name = `${event ?? 'any'}_property_${negated ? row.negative : row.name}${ending}?`
  const form = { row, quantifier: ending === '' ? 'one' : all ? 'all' : 'any', negated } as const
  const operands = printOperands(form, match, strings.map(stringLiteral), numbers)
  return `${name}(property: ${property}${operands}${caseSensitive ? ', case_sensitive: true' : ''})`
}

const isSingle = (strings: readonly string[], numbers: readonly number[], all: boolean): boolean =>
  strings.length + numbers.length === 1 && !all

function printOperands(
  form: MatchForm,
  match: MatchKind,
  strings: string[],
  numbers: readonly number[],
): string {
  const { row, quantifier } = form
  const keywords = operandKeywords(form)
  if (row.operand === 'range') return keywords.map((keyword, i) => `, ${keyword}: ${numbers[i]}`).join('')
  const values = strings.length > 0 ? strings : numbers
  const many = quantifier !== 'one' || row.operand === 'subnet'
  const keyword = match === row.onNumber ? keywords[1] : keywords[0]
  return keyword === undefined ? '' : `, ${keyword}: ${many ? `[${values.join(', ')}]` : values[0]}`
}
