import t, { type Test } from 'tap'
import { compareProfiles } from '../../../lib/profile/compare.js'
import type { Profile } from '../../../lib/profile/profile.js'
import type { PropertyName } from '../../../lib/schema/properties.js'
import { Random } from '../../oracle/random.js'
import { on, rules } from '../compile/rules.js'
import { planOf, profileOf, type Times } from './costs.js'

const properties = [
  'process_name',
  'process_path',
  'command_line',
  'parent_name',
  'parent_path',
  'username',
  'internal_name',
  'parent_command_line',
  'original_file_name',
  'deobfuscated_command_line',
] as const satisfies readonly PropertyName[]

const ruleSet = (more: Readonly<Record<string, ReturnType<typeof on>>> = {}) =>
  rules({
    ...Object.fromEntries(
      properties.map((property) => [`on-${property}`, on('process_start', property, ['x'])]),
    ),
    regex: on('process_start', 'username', ['^.{9}$'], { match: 'matches' }),
    ...more,
  })

const usual = planOf(ruleSet())

interface Machine {
  readonly random: Random
  /** How much slower than another. */
  readonly speed?: number
  readonly regexNs?: number
  readonly plan?: Uint8Array
}

/** A run that times are drawn for: most near their mean, a few many times that, as telemetry has them. */
function run({ random, speed = 1, regexNs = 100, plan = usual }: Machine): Profile {
  const times = (mean: number): Times =>
    Array.from({ length: 60 + random.below(20) }, () => {
      const tail = random.chance(0.03) ? 10 * random.next() : 0
      return speed * mean * (0.5 + random.next() + tail)
    })
  const ofProperty = new Map(properties.map((property, i) => [property as PropertyName, 50 + 60 * i]))
  return profileOf(plan, {
    events: 10_000,
    node: () => ({ visits: 10_000, passed: 10_000, times: times(8) }),
    term: (text) => ({ asked: 10_000, true: 100, lazy: text === 'x' ? [] : times(regexNs) }),
    pass: (property) => ({ runs: 10_000, resolve: times(30), match: times(ofProperty.get(property) ?? 50) }),
  })
}

t.test('two runs of the same: nothing has become dearer', (t) => {
  const random = new Random(11)
  const found: string[] = []
  for (let round = 0; round < 200; round++) {
    const { dearerDetectors, dearerTerms } = compareProfiles(run({ random }), run({ random }))
    found.push(...[...dearerDetectors, ...dearerTerms].map(({ name }) => name))
  }
  t.same(found, [])
  t.end()
})

t.test('nor on a machine half as fast', (t) => {
  const random = new Random(12)
  for (let round = 0; round < 50; round++) {
    const { drift, dearerDetectors } = compareProfiles(run({ random }), run({ random, speed: 2 }))
    t.ok(drift > 1.6 && drift < 2.4)
    t.same(dearerDetectors, [])
  }
  t.end()
})

t.test('a detector that has become dearer is named, with what it cost and costs', (t) => {
  const random = new Random(13)
  for (const speed of [1, 1.5]) {
    const { dearerDetectors, dearerTerms } = compareProfiles(
      run({ random }),
      run({ random, speed, regexNs: 400 }),
    )
    t.same(
      dearerDetectors.map(({ name }) => name),
      ['regex'],
    )
    t.same(
      dearerTerms.map(({ name }) => name),
      ['username matches "^.{9}$"'],
    )
    const [regex] = dearerTerms
    t.ok(regex && regex.now - regex.before > 200 * speed, JSON.stringify(regex))
    t.same(
      compareProfiles(run({ random, regexNs: 400 }), run({ random })).dearerDetectors,
      [],
      'cheaper is not dearer',
    )
  }
  t.end()
})

/** Forty detectors on command lines whose only business is to be innocent, and one that is changed. */
const changed = (
  awkward: ReturnType<typeof on>,
  others: Readonly<Record<string, ReturnType<typeof on>>> = {},
) =>
  planOf(
    ruleSet({
      ...Object.fromEntries(
        Array.from({ length: 40 }, (_, i) => [
          `innocent-${i}`,
          on('process_start', 'command_line', [`i${i}`]),
        ]),
      ),
      ...others,
      awkward,
    }),
  )
const command = (strings: readonly string[], options = {}) =>
  on('process_start', 'command_line', strings, options)
const rare = command(['qzxjvqq'], { match: 'matches' })

/** Its run: what its passes take more for it, what its patterns take, and what is found. */
interface Awkward {
  readonly plan: Uint8Array
  readonly scan?: number
  readonly patterns?: (random: Random) => number
  readonly lazy?: (random: Random) => number
  /** Of its strings, in each event. */
  readonly found?: number
}

function awkwardRun(random: Random, { plan, scan = 0, patterns, lazy, found = 0 }: Awkward): Profile {
  const count = 80
  const times = (mean: (random: Random) => number): Times =>
    Array.from({ length: count }, () => mean(random) * (0.5 + random.next()))
  const innocent = /^(x|i\d+)$/
  return profileOf(plan, {
    events: 10_000,
    node: () => ({ visits: 10_000, passed: 10_000, times: times(() => 8) }),
    term: (text) =>
      innocent.test(text) || text === '^.{9}$'
        ? { asked: 100, true: 100, lazy: [], found: count / 40 }
        : {
            asked: 10_000,
            true: 100,
            lazy: lazy ? times(lazy) : [],
            ...(patterns && { patterns: times(patterns) }),
            found: found * count,
          },
    pass: (property) => ({
      runs: 10_000,
      resolve: times(() => 30),
      match: times(() => (property === 'command_line' ? 600 + scan : 60)),
    }),
  })
}

const unchanged = changed(rare)

function awkwardOnly(t: Test, now: Awkward): void {
  const random = new Random(15)
  for (let round = 0; round < 20; round++) {
    const before = awkwardRun(random, { plan: unchanged })
    const { dearerDetectors, dearerTerms } = compareProfiles(before, awkwardRun(random, now))
    t.same(
      dearerDetectors.map(({ name }) => name),
      ['awkward'],
    )
    t.equal(dearerTerms.length, 1)
    t.notMatch(dearerTerms[0]?.name, /innocent|qzxjvqq/)
  }
  t.end()
}

t.test('a detector is named, and no other, when it was changed to', (t) => {
  const dear = changed(command(['[a-q][^u-z]{13}[x-z].*\\.exe'], { match: 'matches' }))
  t.test('a pattern that the pass tries nearly always', (t) =>
    awkwardOnly(t, { plan: dear, patterns: () => 1400, found: 1, scan: 30 }),
  )
  t.test('a much dearer one, which takes all caches with it', (t) =>
    awkwardOnly(t, {
      plan: dear,
      patterns: (random) => (random.chance(0.2) ? 20_000 : 0),
      found: 1,
      scan: 300,
    }),
  )
  t.test('a list of strings that are in every text', (t) => {
    const pairs = Array.from({ length: 676 }, (_, i) => ((i + 360) % 1296).toString(36))
    awkwardOnly(t, { plan: changed(command(pairs)), scan: 1500, found: 60 })
  })
  t.test('a list of which nothing is found, though it makes the pass dearer', (t) =>
    awkwardOnly(t, { plan: changed(command(['q', 'z'])), scan: 600 }),
  )
  t.test('a pattern that is asked by itself, and rarely takes long', (t) => {
    const lazy = (random: Random) => (random.chance(0.2) ? 7000 : 100)
    const plan = changed(command(['[a-q][^u-z]{13}[x-z]$'], { match: 'matches' }))
    awkwardOnly(t, { plan, lazy })
  })
  t.end()
})

t.test('a dearer pass of the same terms is a matter of its property', (t) => {
  const random = new Random(16)
  const plan = unchanged
  const compared = compareProfiles(awkwardRun(random, { plan }), awkwardRun(random, { plan, scan: 600 }))
  t.same(
    compared.dearerProperties.map(({ name }) => name),
    ['process_start command_line'],
  )
  t.same([...compared.dearerDetectors, ...compared.dearerTerms], [])
  t.end()
})

t.test('new and gone detectors', (t) => {
  const random = new Random(14)
  const more = { another: on('process_start', 'process_name', ['y']) }
  const [before, now] = [run({ random }), run({ random, plan: planOf(ruleSet(more)) })]
  t.match(compareProfiles(before, now), { newDetectors: ['another'], goneDetectors: [], dearerDetectors: [] })
  t.match(compareProfiles(now, before), { newDetectors: [], goneDetectors: ['another'] })
  t.end()
})

/** All but the root happens rarely, and was timed so many times. */
function rareRun(samples: number): Profile {
  const random = new Random(17)
  const times = (mean: number, count = 60): Times =>
    Array.from({ length: count }, () => mean * (0.9 + 0.2 * random.next()))
  return profileOf(usual, {
    events: 10_000,
    node: (number) =>
      number === 0
        ? { visits: 10_000, passed: 10_000, times: times(8) }
        : { visits: 800, passed: 800, times: times(2000, samples) },
    term: (text) =>
      text === 'x'
        ? { asked: 800, true: 100, lazy: [] }
        : { asked: 800, true: 100, lazy: times(2000, samples), lazyAsked: 800 },
    pass: () => ({ runs: 10_000, resolve: times(30), match: times(60) }),
  })
}

t.test('what was never timed is unknown, not free', (t) => {
  const never = rareRun(0)
  const own = (profile: Profile) => profile.detectors.find(({ name }) => name === 'regex')?.own
  t.match(own(never), { untimed: true, rarelyTimedNs: 0 })
  t.match(own(rareRun(6)), { untimed: false })
  t.ok((own(rareRun(6))?.rarelyTimedNs ?? 0) > 1e6)
  t.match(own(rareRun(60)), { untimed: false, rarelyTimedNs: 0 })
  const { dearerDetectors, dearerTerms, dearerProperties } = compareProfiles(never, rareRun(6))
  t.same([...dearerDetectors, ...dearerTerms, ...dearerProperties], [])
  t.end()
})

t.test('what never happened cost nothing', (t) => {
  const term = { asked: 0, true: 0, lazy: [] }
  const none = { runs: 0, resolve: [], match: [] }
  const profile = profileOf(usual, {
    events: 10_000,
    node: () => ({ visits: 0, passed: 0, times: [] }),
    term: () => term,
    pass: () => none,
  })
  for (const { own, untimed } of [...profile.detectors, ...profile.terms]) {
    t.equal(untimed, false)
    t.match(own, { ns: 0, untimed: false })
  }
  t.end()
})

t.test('only what the earlier run did not have is new', (t) => {
  const random = new Random(18)
  const before = awkwardRun(random, { plan: unchanged })
  const plan = changed(command(['[a-q][^u-z]{13}[x-z].*\\.exe'], { match: 'matches' }))
  const { dearerTerms, dearerDetectors } = compareProfiles(
    before,
    awkwardRun(random, { plan, patterns: () => 1400, found: 1 }),
  )
  t.same(
    dearerTerms.map(({ isNew }) => isNew),
    [true],
  )
  t.same(
    dearerDetectors.map(({ isNew }) => isNew),
    [false],
  )
  t.end()
})
