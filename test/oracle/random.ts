/**
 * Random rules and events for comparing the engine with the reference evaluator. Values come from a
 * few short strings with case, combining and folding traps, so that most predicates are near misses.
 */
export class Random {
  #state: number
  constructor(readonly seed: number) {
    this.#state = seed >>> 0
  }
  /** A number in [0, 1): mulberry32 (Tommy Ettinger). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  below(n: number): number {
    return Math.floor(this.next() * n)
  }
  chance(p: number): boolean {
    return this.next() < p
  }
  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T
  }
  some<T>(from: readonly T[], atLeast: number, atMost: number): T[] {
    return Array.from({ length: atLeast + this.below(atMost - atLeast + 1) }, () => this.pick(from))
  }
}

/** K is U+212A KELVIN SIGN, which folds to k; ẞ folds to ß; İ and ı fold to nothing else; ﬀ is no "ff". */
const pieces = [
  'a',
  'A',
  'b',
  'B',
  'k',
  '\u212a',
  'ß',
  '\u1e9e',
  'é',
  'É',
  'e\u0301',
  'İ',
  'ı',
  'i',
  'Σ',
  'σ',
  'ς',
  'ﬀ',
  '😀',
  '.',
  '\\',
  '-',
  ' ',
]

const strings = (random: Random): string => random.some(pieces, 1, random.pick([1, 2, 3, 5, 12])).join('')

/** Exposed properties: few, so that terms meet. */
const textProperties = ['process_name', 'command_line', 'parent_name', 'username'] as const
const numberProperties = ['process_pid', 'parent_pid'] as const
const typed = {
  process_start: { text: [...textProperties, 'process_path'], number: numberProperties, ip: [], boolean: [] },
  image_load: {
    text: [...textProperties, 'image_path', 'image_name'],
    number: numberProperties,
    ip: [],
    boolean: ['image_signed'],
  },
  network_connection: {
    text: [...textProperties, 'remote_host'],
    number: [...numberProperties, 'remote_port'],
    ip: ['remote_ip', 'local_ip'],
    boolean: [],
  },
  dns_query: {
    text: [...textProperties, 'query_name', 'query_results'],
    number: numberProperties,
    ip: [],
    boolean: [],
  },
} as const
type EventName = keyof typeof typed
const eventNames = Object.keys(typed) as EventName[]
const addresses = [
  '10.0.0.1',
  '10.0.1.1',
  '192.168.3.4',
  '8.8.8.8',
  '::1',
  'fe80::1',
  '2001:db8::5',
  '2001:db8:1::',
  '0.0.0.0',
  '255.255.255.255',
]
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
const patterns = [
  'a',
  '(?i)k',
  '^a.*b$',
  '(?i)^[a-b]+',
  'a{2,}',
  '(?s)a.b',
  '\\\\.?b',
  'ß|é',
  '(?i)σ',
  '(a|b)+k',
  '(?:)',
]

const quote = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`
const list = (random: Random, make: () => string): string =>
  `[${Array.from({ length: 1 + random.below(random.pick([1, 3, 8])) }, make).join(', ')}]`

/** An expression in the rule language. */
export function randomExpression(random: Random, depth = 3): string {
  if (depth === 0 || random.chance(0.25)) return randomPredicate(random)
  const one = () => randomExpression(random, depth - 1)
  const kind = random.below(5)
  if (kind === 0) return `!(${one()})`
  const operator = kind < 3 ? ' && ' : ' || '
  return `(${Array.from({ length: 2 + random.below(3) }, one).join(operator)})`
}

function randomPredicate(random: Random): string {
  const heuristic = random.below(14)
  if (heuristic === 0) return `process_is_likely?(${quote(random.pick(['a', 'k', 'ß', 'ab']))})`
  if (heuristic === 1) return 'windows?'
  const event = random.pick(eventNames)
  const owner = random.chance(0.1) ? 'any' : event
  const properties = typed[event]
  const kind = random.below(12)
  const call = (match: string, negated: string, rest: string, property: string) =>
    `${owner}_property_${random.chance(0.3) ? negated : match}?(property: ${property}${rest})`
  if (kind === 0) return call('exists', 'does_not_exist', '', random.pick(properties.text))
  if (kind === 1 && properties.ip.length > 0) {
    return call(
      'in_any_subnet',
      'is_not_in_any_subnet',
      `, subnets: ${list(random, () => quote(random.pick(subnets)))}`,
      random.pick(properties.ip),
    )
  }
  if (kind === 2 && properties.boolean.length > 0)
    return call('is_true', 'is_not_true', '', random.pick(properties.boolean))
  if (kind === 3 || kind === 4) return randomNumberPredicate(random, call, random.pick(properties.number))
  return randomTextPredicate(random, call, random.pick(properties.text))
}

type Call = (match: string, negated: string, rest: string, property: string) => string

function randomNumberPredicate(random: Random, call: Call, property: string): string {
  const number = () => String(random.below(6))
  switch (random.below(4)) {
    case 0:
      return call('greater_than', 'is_not_greater_than', `, number: ${number()}`, property)
    case 1:
      return call('less_than', 'is_not_less_than', `, number: ${number()}`, property)
    case 2:
      return call('between', 'is_not_between', `, min: 1, max: ${1 + random.below(5)}`, property)
    default:
      return call('equals_any', 'does_not_equal_any', `, numbers: ${list(random, number)}`, property)
  }
}

function randomTextPredicate(random: Random, call: Call, property: string): string {
  const [match, negated] = random.pick([
    ['equals', 'does_not_equal'],
    ['includes', 'does_not_include'],
    ['starts_with', 'does_not_start_with'],
    ['ends_with', 'does_not_end_with'],
    ['matches', 'does_not_match'],
  ] as const)
  const quantifier = random.pick(['_any', '_all'])
  const text = () => quote(strings(random))
  if (match === 'matches') {
    return call(
      match + quantifier,
      negated + quantifier,
      `, patterns: ${list(random, () => quote(random.pick(patterns)))}`,
      property,
    )
  }
  const sensitive = random.chance(0.25) ? ', case_sensitive: true' : ''
  return call(
    match + quantifier,
    negated + quantifier,
    `, strings: ${list(random, text)}${sensitive}`,
    property,
  )
}

/** An event in standard form; each property is missing, pending, or has one or several values. */
export function randomEvent(random: Random): Record<string, unknown> {
  const type = random.pick(eventNames)
  const properties = typed[type]
  const event: Record<string, unknown> = { event_type: type }
  const set = (name: string, value: () => unknown) => {
    if (random.chance(0.2)) return
    event[name] = random.chance(0.08) ? { pending: true } : value()
  }
  for (const name of properties.text) set(name, () => randomText(random, name))
  for (const name of properties.number) set(name, () => random.below(6))
  for (const name of properties.ip) set(name, () => random.pick(addresses))
  for (const name of properties.boolean) set(name, () => random.chance(0.5))
  set('platform', () => random.pick(['windows', 'linux', 'Windows']))
  set('original_file_name', () => random.pick(['a.exe', 'K.EXE', strings(random)]))
  return event
}

function randomText(random: Random, name: string): unknown {
  if (name === 'query_results' && random.chance(0.6))
    return random.some(['a', 'b'], 1, 4).map(() => strings(random))
  return random.chance(0.1) ? random.pick(['a.exe', 'ab.exe', 'C:\\x\\k.exe']) : strings(random)
}
