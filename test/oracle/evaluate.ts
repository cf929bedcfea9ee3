/**
 * The reference evaluator: what a detector means, said as plainly as possible. Plain recursion over
 * the checked conditions, one event at a time, nothing shared with the engine: case folding, regular
 * expressions and subnets are JavaScript's and Node's own. Slow on purpose.
 */
import { BlockList, isIP } from 'node:net'
import type { Condition, Detector, PropertyValue, StandardEvent, Test } from '../../lib/language/ruleset.js'

/** Kleene's three values; undefined is unknown. */
export type Truth = true | false | undefined

export interface Verdict {
  readonly fired: string[]
  readonly undecided: string[]
}

export function evaluateAll(detectors: readonly Detector[], event: StandardEvent): Verdict {
  const named = (truth: Truth) =>
    detectors.filter((detector) => evaluate(detector.condition, event) === truth).map((d) => d.name)
  return { fired: named(true), undecided: named(undefined) }
}

export function evaluate(condition: Condition, event: StandardEvent): Truth {
  switch (condition.kind) {
    case 'and': {
      const truths = condition.operands.map((operand) => evaluate(operand, event))
      return truths.includes(false) ? false : truths.includes(undefined) ? undefined : true
    }
    case 'or': {
      const truths = condition.operands.map((operand) => evaluate(operand, event))
      return truths.includes(true) ? true : truths.includes(undefined) ? undefined : false
    }
    case 'not':
      return not(evaluate(condition.operand, event))
    case 'test':
      return evaluateTest(condition.test, event)
  }
}

const not = (truth: Truth): Truth => (truth === undefined ? undefined : !truth)

function evaluateTest(test: Test, event: StandardEvent): Truth {
  if (test.event !== null && test.event !== event.event_type) return false
  const positive = isTrueOf(test, event[test.property])
  return test.negated ? not(positive) : positive
}

function isTrueOf(test: Test, value: PropertyValue | undefined): Truth {
  if (value === undefined) return false
  if (typeof value === 'object' && 'pending' in value) return undefined
  const values = Array.isArray(value) ? (value as readonly string[]) : [value as string | number | boolean]
  return values.some((one) => singleValueMatches(test, one))
}

export function singleValueMatches(test: Test, value: string | number | boolean): boolean {
  switch (test.match) {
    case 'exists':
      return true
    case 'is_true':
      return value === true
    case 'between':
      return (
        Number(value) >= (test.numbers[0] ?? Number.NaN) && Number(value) <= (test.numbers[1] ?? Number.NaN)
      )
    case 'number_equals':
      return quantified(test, test.numbers, (number) => value === number)
    case 'greater_than':
      return quantified(test, test.numbers, (number) => Number(value) > number)
    case 'less_than':
      return quantified(test, test.numbers, (number) => Number(value) < number)
    default:
      return quantified(test, test.strings, (pattern) => textMatches(test, pattern, String(value)))
  }
}

function quantified<T>(test: Test, patterns: readonly T[], matches: (pattern: T) => boolean): boolean {
  return test.all ? patterns.every(matches) : patterns.some(matches)
}

function textMatches(test: Test, pattern: string, text: string): boolean {
  const form = test.caseSensitive ? (x: string) => x : fold
  switch (test.match) {
    case 'equals':
      return form(text) === form(pattern)
    case 'includes':
      return form(text).includes(form(pattern))
    case 'starts_with':
      return form(text).startsWith(form(pattern))
    case 'ends_with':
      return form(text).endsWith(form(pattern))
    case 'matches':
      return textToRegExp(pattern).test(text)
    case 'in_subnet':
      return inSubnet(text, pattern)
    default:
      throw new Error(`no such match on text: ${test.match}`)
  }
}

const regExps = new Map<string, RegExp>()
const folded = new Map<string, string>()
const foldedCharacters = new Map<string, string>()

/** Made once; forgotten when there are too many to keep. */
function remembered<T>(known: Map<string, T>, key: string, make: (key: string) => T): T {
  const value = known.get(key) ?? make(key)
  if (known.size > 10_000) known.clear()
  known.set(key, value)
  return value
}

export const fold = (text: string): string =>
  remembered(folded, text, () => Array.from(text, foldCharacter).join(''))
const foldCharacter = (c: string): string => remembered(foldedCharacters, c, findFold)

/** One character for all that are the same to JavaScript's /iu: Unicode simple case folding, as in the language. */
function findFold(c: string): string {
  const same = new RegExp(`^\\u{${c.codePointAt(0)?.toString(16)}}$`, 'iu')
  const [lower, upper] = [c.toLowerCase(), c.toUpperCase()]
  const candidates = [c, lower, upper, lower.toUpperCase(), upper.toLowerCase()]
  return candidates.filter((candidate) => same.test(candidate)).sort()[0] as string
}

export const textToRegExp = (pattern: string): RegExp => remembered(regExps, pattern, toRegExp)

/** RE2's leading inline flags as JavaScript's; the rest of the pattern must mean the same in both. */
function toRegExp(pattern: string): RegExp {
  const inline = /^\(\?([ims]+)\)/.exec(pattern)
  return new RegExp(pattern.slice(inline?.[0].length ?? 0), `u${inline?.[1] ?? ''}`)
}

export function inSubnet(address: string, cidr: string): boolean {
  const [network = '', bits] = cidr.split('/')
  const family = isIP(network) === 4 ? 'ipv4' : 'ipv6'
  const list = new BlockList()
  list.addSubnet(network, Number(bits ?? (family === 'ipv4' ? 32 : 128)), family)
  return isIP(address) !== 0 && list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6')
}
