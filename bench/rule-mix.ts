/** What generated rules are made of, read from their text: so it is the output that is measured. */

export interface RuleMix {
  readonly rules: number
  readonly terms: number
  readonly distinct: number
  /** Of all terms, by match; `includes_any` and `includes_all` are both `includes`. */
  readonly shares: ReadonlyMap<string, number>
  readonly medianLiteral: number
  readonly termsARule: readonly [least: number, most: number]
}

const term = /_property_(\w+)\?\(property: \w+, (?:strings|patterns|subnets): \[(.*)\]\)/g
const literal = /'((?:[^'\\]|\\.)*)'/g

export function measureRules(text: string): RuleMix {
  const bodies = text.split("detector '").slice(1)
  const sizes = bodies.map((body) => body.match(term)?.length ?? 0).sort((a, b) => a - b)
  const terms = [...text.matchAll(/\b\w+_property_.*\]\)/g)].map(([all]) => all)
  const counts = new Map<string, number>()
  const lengths: number[] = []
  for (const [, helper = '', list = ''] of text.matchAll(term)) {
    const match = helper.replace(/_(any|all|any_subnet)$/, '')
    counts.set(match, (counts.get(match) ?? 0) + 1)
    // Regular expressions are not in quotes, and a subnet is no literal.
    if (match === 'in') continue
    for (const [, quoted = ''] of list.matchAll(literal)) lengths.push(quoted.replace(/\\\\/g, '\\').length)
  }
  lengths.sort((a, b) => a - b)
  const shares = [...counts].map(([match, count]) => [match, count / terms.length] as const)
  return {
    rules: bodies.length,
    terms: terms.length,
    distinct: new Set(terms).size,
    shares: new Map(shares.sort(([, a], [, b]) => b - a)),
    medianLiteral: lengths[lengths.length >> 1] ?? 0,
    termsARule: [sizes[0] ?? 0, sizes.at(-1) ?? 0],
  }
}
