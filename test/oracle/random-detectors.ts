/**
 * Random conditions in the rule language. Their strings are those that the events of the same words
 * hold somewhere, or nearly so: most predicates are near misses.
 */
import type { Random } from './random.js'
import { randomPattern } from './random-patterns.js'
import {
  addresses,
  derivedNumbers,
  type EventName,
  eventNames,
  numbers,
  propertiesOf,
} from './random-properties.js'
import { denseString, pickFirst, randomString, type Words } from './random-words.js'

const subnets = [
  '10.0.0.0/8',
  '10.0.0.0/24',
  '192.168.3.4/32',
  '0.0.0.0/0',
  '::/0',
  '2001:db8::/32',
  'fe80::/10',
  '8.8.8.9/31',
]
const quote = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`
const listOf = (random: Random, make: () => string, sizes: readonly number[] = [1, 3, 8]): string =>
  `[${Array.from({ length: 1 + random.below(random.pick(sizes)) }, make).join(', ')}]`

/** An expression in the rule language. */
export function randomExpression(random: Random, words: Words, depth = 3): string {
  if (depth === 0 || random.chance(0.25)) return new Predicate(random, words).text()
  const one = () => randomExpression(random, words, depth - 1)
  const kind = random.below(5)
  if (kind === 0) return `!(${one()})`
  const operator = kind < 3 ? ' && ' : ' || '
  return `(${Array.from({ length: 2 + random.below(3) }, one).join(operator)})`
}

class Predicate {
  readonly #random: Random
  readonly #words: Words
  readonly #event: EventName

  constructor(random: Random, words: Words) {
    this.#random = random
    this.#words = words
    this.#event = random.pick(eventNames)
  }

  text(): string {
    const random = this.#random
    const heuristic = random.below(14)
    if (heuristic === 0) return `process_is_likely?(${quote(random.pick(['a', 'k', 'ß', 'ab']))})`
    if (heuristic === 1) return 'windows?'
    const { text, derivedText, number, ip, boolean } = propertiesOf(this.#event)
    if (random.chance(0.006)) return this.#dense(text)
    const kind = random.below(14)
    if (kind === 0)
      return this.#call('exists', 'does_not_exist', '', [
        ...text,
        ...derivedText,
        ...number,
        ...derivedNumbers,
        ...ip,
        ...boolean,
      ])
    if (kind === 1) return this.#inSubnets(ip.length > 0 && random.chance(0.8) ? ip : text)
    if (kind === 2 && boolean.length > 0) return this.#call('is_true', 'is_not_true', '', boolean)
    if (kind === 3 || kind === 4) return this.#onNumber(random.chance(0.3) ? derivedNumbers : number)
    if (kind === 5 && ip.length > 0) return this.#onText(ip, () => random.pick(addresses))
    return this.#onText(random.chance(0.2) ? derivedText : text, () => this.#string())
  }

  #call(match: string, negated: string, rest: string, properties: readonly string[]): string {
    const random = this.#random
    const owner = random.chance(0.1) ? 'any' : this.#event
    const name = random.chance(0.3) ? negated : match
    return `${owner}_property_${name}?(property: ${random.pick(properties)}${rest})`
  }

  #string(): string {
    return this.#random.chance(0.5)
      ? pickFirst(this.#random, this.#words.literals)
      : randomString(this.#random)
  }

  #inSubnets(properties: readonly string[]): string {
    const list = listOf(this.#random, () => quote(this.#random.pick(subnets)))
    return this.#call('in_any_subnet', 'is_not_in_any_subnet', `, subnets: ${list}`, properties)
  }

  #onNumber(properties: readonly string[]): string {
    const random = this.#random
    const some =
      properties === derivedNumbers ? ['0', '0.9', '1.7', '2.3', '3.1', '4.2', '7', '64', '255'] : numbers
    const number = () => random.pick(some)
    const [min, max] = [number(), number()].sort((a, b) => Number(a) - Number(b))
    switch (random.below(4)) {
      case 0:
        return this.#call('greater_than', 'is_not_greater_than', `, number: ${number()}`, properties)
      case 1:
        return this.#call('less_than', 'is_not_less_than', `, number: ${number()}`, properties)
      case 2:
        return this.#call('between', 'is_not_between', `, min: ${min}, max: ${max}`, properties)
      default:
        return this.#call(
          'equals_any',
          'does_not_equal_any',
          `, numbers: ${listOf(random, number, [1, 3, 8, 100])}`,
          properties,
        )
    }
  }

  #onText(properties: readonly string[], string: () => string): string {
    const random = this.#random
    const [match, negated] = random.pick([
      ['equals', 'does_not_equal'],
      ['includes', 'does_not_include'],
      ['starts_with', 'does_not_start_with'],
      ['ends_with', 'does_not_end_with'],
      ['matches', 'does_not_match'],
    ] as const)
    const quantifier = random.pick(['_any', '_all'])
    const given =
      match === 'matches'
        ? `patterns: ${listOf(random, () => quote(randomPattern(random, this.#words)), [1, 3, 5])}`
        : `strings: ${this.#strings(string)}${random.chance(0.25) ? ', case_sensitive: true' : ''}`
    return this.#call(match + quantifier, negated + quantifier, `, ${given}`, properties)
  }

  /** Rarely hundreds: large tables. */
  #strings(string: () => string): string {
    const sizes = this.#random.chance(0.01) ? [400] : [1, 3, 8]
    return listOf(this.#random, () => quote(string()), sizes)
  }

  /** So many on so few grams that the engine gives up comparing them one by one. */
  #dense(properties: readonly string[]): string {
    const random = this.#random
    const strings = Array.from({ length: 400 }, () => quote(denseString(random, 6 + random.below(5))))
    return this.#call(
      'includes_any',
      'does_not_include_any',
      `, strings: [${strings.join(', ')}]`,
      properties,
    )
  }
}
