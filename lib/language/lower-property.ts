import { type PropertyName, properties } from '../schema/properties.js'
import type { Call, KeywordArgument } from './ast.js'
import { bindArguments, reportMissingArgument } from './checks/arguments.js'
import { checkProperty } from './checks/property.js'
import { checkOperandKeyword, checkPropertyKind } from './checks/property-kind.js'
import { checkRange } from './checks/range.js'
import type { PropertyHelper } from './helpers.js'
import { type MatchForm, operandKeywords } from './matches.js'
import { OperandReader } from './operands.js'
import type { Condition } from './ruleset.js'
import type { Scope } from './scope.js'

type Bound = ReadonlyMap<string, KeywordArgument>

/**
 * The test that a `…_property_…?` call stands for; null when there are errors. All of them are reported:
 * each part of the call is looked at, whatever is wrong with the others.
 */
export function lowerPropertyCall(
  scope: Scope,
  call: Call,
  { event, form }: PropertyHelper,
): Condition | null {
  const { row, quantifier, negated } = form
  const options = row.operand === 'text' ? ['case_sensitive'] : []
  const {
    bound,
    given: keywords,
    fits,
  } = bindArguments(scope, call, ['property', ...operandKeywords(form), ...options])
  const { property, isOnEvent } = checkProperty(scope, call, event, bound.get('property'))
  const match = property && checkPropertyKind(scope, call, property, form)
  const keywordFits = property === null || match === null || checkOperandKeyword(scope, form, property, bound)
  const complete = !fits || !keywordFits || checkOperandsGiven(scope, call, form, property, bound)
  const sensitive = bound.get('case_sensitive')?.value
  const caseSensitive = sensitive?.kind === 'boolean' && sensitive.value
  const reader = new OperandReader(scope, { property, match: row.kind, caseSensitive })
  const values = reader.read(keywords)
  const given = operandKeywords(form).flatMap((keyword) => [values.get(keyword) ?? []])
  const operands = row.operand === 'range' ? given.flat() : (given.find(({ length }) => length > 0) ?? [])
  const good = row.operand !== 'range' || checkRange(scope, bound, operands)
  const complaint = !fits || !isOnEvent || !keywordFits || !complete || !good
  if (complaint || property === null || match === null || [...values.values()].includes(null)) return null
  const test = { event, property, match, all: quantifier === 'all', negated, caseSensitive, span: call.span }
  const numeric = typeof operands[0] === 'number'
  return {
    kind: 'test',
    test: {
      ...test,
      strings: numeric ? [] : (operands as readonly string[]),
      numbers: numeric ? (operands as readonly number[]) : [],
    },
  }
}

/** Whether there is something to compare with. A property that is not known does not say whether text or a number. */
function checkOperandsGiven(
  scope: Scope,
  call: Call,
  form: MatchForm,
  property: PropertyName | null,
  bound: Bound,
): boolean {
  const keywords = operandKeywords(form)
  const either = form.row.operand === 'text' && keywords.length > 1
  const numeric = property !== null && properties[property].kind === 'number'
  const wanted = either
    ? keywords.filter((keyword) => property === null || keyword.startsWith('number') === numeric)
    : keywords
  const missing = wanted.filter((keyword) => !bound.has(keyword))
  if (missing.length === 0 || (either && missing.length < wanted.length)) return true
  reportMissingArgument(scope, call, missing, either ? 'or' : 'and')
  return false
}
