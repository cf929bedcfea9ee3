import t from 'tap'
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

t.test('new and gone detectors', (t) => {
  const random = new Random(14)
  const more = { another: on('process_start', 'process_name', ['y']) }
  const [before, now] = [run({ random }), run({ random, plan: planOf(ruleSet(more)) })]
  t.match(compareProfiles(before, now), { newDetectors: ['another'], goneDetectors: [], dearerDetectors: [] })
  t.match(compareProfiles(now, before), { newDetectors: [], goneDetectors: ['another'] })
  t.end()
})
