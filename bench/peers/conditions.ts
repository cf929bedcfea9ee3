/** What engines that are written for share: the shape of generated rules, and what a test asks of a value. */
import { BlockList, isIP } from 'node:net'
import type { Condition, Detector, Test } from '../../lib/language/ruleset.js'
import type { EventTypeName } from '../../lib/schema/event-types.js'

/** Turns a condition into what an engine has for it, from the tests up. */
export function build<T>(
  condition: Condition,
  leaf: (test: Test) => T,
  gate: (kind: 'and' | 'or', operands: T[]) => T,
): T {
  if (condition.kind === 'test') return leaf(condition.test)
  if (condition.kind === 'not') throw new Error('peers cannot be given a negation')
  return gate(
    condition.kind,
    condition.operands.map((operand) => build(operand, leaf, gate)),
  )
}

/** The event type that a rule is about: the only one, as no peer has helpers that are false on other types. */
export function eventTypeOf({ name, condition }: Detector): EventTypeName {
  const tests = build<Test[]>(
    condition,
    (test) => [test],
    (_, operands) => operands.flat(),
  )
  const [type, ...others] = new Set(tests.flatMap(({ event }) => event ?? []))
  if (!type || others.length > 0 || tests.some(({ negated }) => negated))
    throw new Error(`peers cannot be given ${name}: it is of several event types, or negates`)
  return type
}

/** What a test asks for, folded as `holds` wants it. */
export const wantedBy = ({ match, strings }: Test): string[] =>
  match in comparisons ? strings.map((text) => text.toLowerCase()) : [...strings]

/** Written as one writes it at first: the value is folded anew for every test. */
export function holds(
  { match, all }: Pick<Test, 'match' | 'all'>,
  wanted: readonly string[],
  value: unknown,
): boolean {
  if (value === undefined) return false
  if (Array.isArray(value)) return value.some((one) => holds({ match, all }, wanted, one))
  const compare = comparisons[match]
  const text = compare ? String(value).toLowerCase() : String(value)
  const one = compare ?? others[match]
  if (!one) throw new Error(`no peer has ${match}`)
  return all ? wanted.every((w) => one(text, w)) : wanted.some((w) => one(text, w))
}

type Comparison = (text: string, wanted: string) => boolean
const comparisons: Readonly<Record<string, Comparison>> = {
  equals: (text, wanted) => text === wanted,
  includes: (text, wanted) => text.includes(wanted),
  starts_with: (text, wanted) => text.startsWith(wanted),
  ends_with: (text, wanted) => text.endsWith(wanted),
}
const others: Readonly<Record<string, Comparison>> = {
  matches: (text, pattern) => remembered(patterns, pattern, toRegExp).test(text),
  in_subnet: (text, subnet) =>
    isIP(text) !== 0 && remembered(subnets, subnet, toSubnet).check(text, isIP(text) === 4 ? 'ipv4' : 'ipv6'),
}
const patterns = new Map<string, RegExp>()
const subnets = new Map<string, BlockList>()

function remembered<T>(known: Map<string, T>, key: string, make: (key: string) => T): T {
  const value = known.get(key) ?? make(key)
  known.set(key, value)
  return value
}

/** RE2's leading flags are JavaScript's, elsewhere. */
function toRegExp(pattern: string): RegExp {
  const flags = /^\(\?([ims]+)\)/.exec(pattern)
  return new RegExp(pattern.slice(flags?.[0].length ?? 0), flags?.[1] ?? '')
}

function toSubnet(cidr: string): BlockList {
  const [network = '', bits] = cidr.split('/')
  const list = new BlockList()
  list.addSubnet(network, Number(bits), isIP(network) === 4 ? 'ipv4' : 'ipv6')
  return list
}
