import { type PropertyName, type PropertyRow, properties } from '../schema/properties.js'
import type { Call, KeywordArgument } from './ast.js'
import { checkArgumentValues } from './checks/argument-values.js'
import { bindArguments, reportMissingArgument } from './checks/arguments.js'
import { checkProperty } from './checks/property.js'
import { checkOperandKeyword, checkPropertyKind } from './checks/property-kind.js'
import { checkRange } from './checks/range.js'
import { checkBoolean } from './checks/value-kind.js'
import type { PropertyHelper } from './helpers.js'
import { type MatchForm, operandKeywords } from './matches.js'
import { OperandReader } from './operands.js'
import type { Condition, Test } from './ruleset.js'
import type { Scope } from './scope.js'

type Bound = ReadonlyMap<string, KeywordArgument>
type Operands = { readonly strings: readonly string[]; readonly numbers: readonly number[] }

const NOTHING: Operands = { strings: [], numbers: [] }

/** The test that a `…_property_…?` call stands for; null when there are errors, which are reported. */
export function lowerPropertyCall(scope: Scope, call: Call, helper: PropertyHelper): Condition | null {
  const { event, form } = helper
  const comparesText = form.row.operand === 'text'
  const keywords = ['property', ...operandKeywords(form), ...(comparesText ? ['case_sensitive'] : [])]
  const { bound, fits } = bindArguments(scope, call, keywords)
  const property = checkProperty(scope, call, event, bound.get('property'))
  if (property === null && fits) checkOperandsGiven(scope, call, form, bound)
  const test = property && readTest(scope, call, helper, { property, bound, fits })
  if (test === null) checkArgumentValues(scope, call.arguments.keywords, property)
  return test && { kind: 'test', test }
}

/** What a call's keywords gave; `fits` is false when an argument was refused, so that none is to be called missing. */
interface Given {
  readonly property: PropertyName
  readonly bound: Bound
  readonly fits: boolean
}

function readTest(
  scope: Scope,
  call: Call,
  { event, form }: PropertyHelper,
  { property, bound, fits }: Given,
): Test | null {
  const match = checkPropertyKind(scope, call, property, form)
  if (match === null) return null
  const sensitive = bound.get('case_sensitive')
  const caseSensitive = sensitive ? checkBoolean(scope, sensitive.value) : false
  const reader = new OperandReader(scope, property, match, caseSensitive === true)
  const operands = new Operand(scope, call, form, properties[property], reader).read(bound, fits)
  if (!fits || operands === null || caseSensitive === null) return null
  const { negated, quantifier } = form
  return {
    event,
    property,
    match,
    all: quantifier === 'all',
    negated,
    caseSensitive,
    ...operands,
    span: call.span,
  }
}

/** Without the property: not where that decides whether `strings:` or `numbers:` is wanted. */
function checkOperandsGiven(scope: Scope, call: Call, form: MatchForm, bound: Bound): void {
  const missing = operandKeywords(form).filter((keyword) => !bound.has(keyword))
  if (missing.length > 0 && !form.row.onNumber) reportMissingArgument(scope, call, missing)
}

/** Reads what a property is compared with. */
class Operand {
  readonly #scope: Scope
  readonly #call: Call
  readonly #form: MatchForm
  readonly #row: PropertyRow
  readonly #reader: OperandReader

  constructor(scope: Scope, call: Call, form: MatchForm, row: PropertyRow, reader: OperandReader) {
    this.#scope = scope
    this.#call = call
    this.#form = form
    this.#row = row
    this.#reader = reader
  }

  read(bound: Bound, fits: boolean): Operands | null {
    const keywords = this.#keywords()
    if (!checkOperandKeyword(this.#scope, this.#form, this.#row, bound)) return null
    const given = keywords.flatMap((keyword) => bound.get(keyword) ?? [])
    if (given.length < keywords.length) {
      const missing = keywords.filter((keyword) => !bound.has(keyword))
      if (fits) reportMissingArgument(this.#scope, this.#call, missing)
      return null
    }
    if (this.#form.row.operand === 'range') return this.#range(given)
    const [first] = given
    return first === undefined ? NOTHING : this.#values(first)
  }

  #keywords(): readonly string[] {
    const keywords = operandKeywords(this.#form)
    if (this.#form.row.operand !== 'text') return keywords
    const numeric = this.#row.kind === 'number'
    return keywords.filter((keyword) => keyword.startsWith('number') === numeric)
  }

  #values({ value }: KeywordArgument): Operands | null {
    const { operand } = this.#form.row
    const many = this.#form.quantifier !== 'one' || operand === 'subnet'
    if (operand === 'number' || this.#row.kind === 'number') {
      const numbers = many ? this.#reader.numbers(value) : this.#reader.number(value)
      return numbers && { strings: [], numbers }
    }
    const strings = many ? this.#reader.texts(value) : this.#reader.text(value)
    return strings && { strings, numbers: [] }
  }

  #range(given: readonly KeywordArgument[]): Operands | null {
    const [min, max] = given.map(({ value }) => this.#reader.number(value)?.[0])
    if (min === undefined || max === undefined) return null
    const fine = checkRange(this.#scope, given, min, max)
    return fine ? { strings: [], numbers: [min, max] } : null
  }
}
