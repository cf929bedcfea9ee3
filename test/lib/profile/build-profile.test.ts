import t from 'tap'
import { compile, Detectors, type Profile } from '../../../lib/index.js'
import { isProfile } from '../../../lib/profile/is-profile.js'
import { and, on, or, rules } from '../compile/rules.js'
import { planOf, profileOf, repeat } from './costs.js'

const total = (list: readonly { readonly ns: number }[]): number => list.reduce((sum, { ns }) => sum + ns, 0)
const near = (actual: number | undefined, expected: number): boolean =>
  Math.abs((actual ?? Number.NaN) - expected) <= 1e-6 * Math.max(1, expected)

const name = on('process_start', 'process_name', ['a'])
const user = on('process_start', 'username', ['u'])

/** Each of 100 events: 10 ns for the root, 5 for each node, 30 for reading and 20 for matching a property. */
const even = (ruleSet: ReturnType<typeof rules>): Profile =>
  profileOf(planOf(ruleSet), {
    events: 100,
    node: (number) => ({
      visits: 100,
      passed: number === 0 ? 100 : 25,
      times: repeat(number === 0 ? 10 : 5),
    }),
    term: () => ({ asked: 100, true: 25, lazy: [] }),
    pass: () => ({ runs: 100, resolve: repeat(30), match: repeat(20) }),
  })

t.test('what one detector alone uses is its own, and would be saved without it', (t) => {
  const { detectors, terms, ns } = even(rules({ x: name, y: user }))
  t.ok(near(ns, 100 * (10 + 2 * 5 + 2 * 50)))
  for (const { ns, savedNs } of detectors) {
    t.ok(near(ns, 100 * (10 / 2 + 5 + 50)), 'half of the root, a node, a property')
    t.ok(near(savedNs, 100 * (5 + 50)), 'the root stays')
  }
  t.ok(terms.every(({ savedNs }) => near(savedNs, 100 * 50)))
  t.end()
})

t.test('what detectors share is shared out; nothing of it would be saved', (t) => {
  const other = on('process_start', 'process_name', ['b'])
  const { detectors, terms, properties, ns } = even(rules({ x: name, y: other }))
  t.ok(near(total(detectors), ns))
  t.ok(near(total(terms), total(properties)))
  t.same(
    properties.map(({ property, terms }) => [property, terms]),
    [['process_name', 2]],
  )
  for (const { ns, savedNs } of detectors) {
    t.ok(near(ns, 100 * (5 + 5 + 25)))
    t.ok(near(savedNs, 100 * 5), 'its node')
  }
  t.end()
})

t.test('a term that is asked one by one costs its detector, not the property', (t) => {
  const pattern = on('process_start', 'process_name', ['^.{3}$'], { match: 'matches' })
  const profile = profileOf(planOf(rules({ x: name, y: pattern })), {
    events: 100,
    node: () => ({ visits: 100, passed: 100, times: [] }),
    term: (text) => ({ asked: 100, true: 50, lazy: text === 'a' ? [] : repeat(700) }),
    pass: () => ({ runs: 100, resolve: repeat(30), match: repeat(20) }),
  })
  const [dearest] = profile.detectors
  t.match(dearest, { name: 'y', passRate: 1 })
  t.ok(near(dearest?.savedNs, 100 * 700))
  t.ok(near(total(profile.properties), 100 * 50))
  t.match(profile.terms[0], { passRate: 0.5, hitRate: 0.5, hitRateOf: 100, aloneNs: 750 })
  t.end()
})

t.test('patterns that the pass tries are their terms own, the rest goes by what is found', (t) => {
  const plan = planOf(
    rules({
      pattern: on('process_start', 'process_name', ['abc.*d'], { match: 'matches' }),
      common: on('process_start', 'process_name', ['often'], { match: 'includes' }),
      rare: on('process_start', 'process_name', ['rarely'], { match: 'includes' }),
    }),
  )
  const { terms, detectors, properties } = profileOf(plan, {
    events: 100,
    node: () => ({ visits: 100, passed: 100, times: [] }),
    term: (text) => ({
      asked: 100,
      true: 50,
      lazy: [],
      ...(text === 'abc.*d' && { patterns: repeat(700, 2) }),
      found: text === 'often' ? 100 : 0,
    }),
    pass: () => ({ runs: 100, resolve: [], match: repeat(60) }),
  })
  const ns = (text: string) => terms.find(({ term }) => term.includes(text))?.ns
  t.match(properties, [{ property: 'process_name' }])
  t.ok(near(properties[0]?.patternsNs, 100 * 140), 'tried in two of ten events')
  t.ok(near(ns('rarely'), 100 * 10), 'a third of half of the pass')
  t.ok(near(ns('often'), 100 * (10 + 30)), 'and the other half: found as often as a look through is worth')
  t.ok(near(ns('abc'), 100 * (10 + 140)))
  const [dearest] = detectors
  t.match(dearest, { name: 'pattern', savedNs: 14_000, own: { ns: 14_000 } })
  t.equal(dearest?.terms.length, 1)
  t.ok(near(total(detectors), total(properties)))
  t.end()
})

t.test('a definition is the same in whatever order trees ask, and another when the condition is', (t) => {
  const shared = on('process_start', 'parent_name', ['p'])
  const of = (condition: Parameters<typeof and>[0], more = {}) =>
    even(rules({ x: condition, ...more })).detectors.find(({ name }) => name === 'x')?.definition
  const definition = of(and(shared, name, user))
  t.equal(of(and(user, and(name, shared)), { y: and(user, shared), z: user }), definition)
  t.not(of(and(shared, or(name, user))), definition)
  t.not(of(and(shared, name)), definition)
  t.end()
})

t.test('the error is that of the mean', (t) => {
  const of = (times: readonly number[]) =>
    profileOf(planOf(rules({ x: name })), {
      events: 100,
      node: () => ({ visits: 100, passed: 100, times: [] }),
      term: () => ({ asked: 100, true: 50, lazy: [] }),
      pass: () => ({ runs: 100, resolve: times, match: [] }),
    }).properties[0]
  t.equal(of(repeat(30))?.error, 0)
  const spread = of([10, 20, 30, 40, 50])
  t.equal(spread?.ns, 3000)
  t.ok(near(spread?.error, 100 * Math.sqrt(1000 / (5 - 3) / 5)))
  t.equal(of([30])?.error, 3000, 'one sample may be wrong by all that it says')
  t.end()
})

t.test('where things stand in the tree', (t) => {
  const shared = on('process_start', 'parent_name', ['p'])
  const { detectors, terms } = even(
    rules({ x: and(shared, name), y: and(shared, user), z: on('logon', 'username', ['u']) }),
  )
  const places = Object.fromEntries(detectors.map(({ name, places }) => [name, places]))
  t.match(places.x, [{ eventType: 'process_start', depth: 2, under: 'parent_name equals "p"' }])
  t.match(places.z, [{ eventType: 'logon', depth: 1, under: null }])
  const place = terms.find(({ term }) => term === 'process_name equals "a"')
  t.match(place, { eventType: 'process_start', depth: 2, under: 'parent_name equals "p"' })
  t.end()
})

const text = `
detector 'shell' do
  match process_start_property_equals_any?(property: process_name, strings: ['sh', 'cmd.exe'])
end
detector 'encoded' do
  match process_start_property_includes?(property: command_line, string: '-enc') && process_start_property_exists?(property: username)
end`
const events = Array.from({ length: 2000 }, (_, i) => ({
  event_type: 'process_start',
  process_name: i % 4 === 0 ? 'sh' : 'x',
  command_line: `run ${i} ${i % 10 === 0 ? '-enc' : ''}`,
  ...(i % 20 === 0 && { username: 'u' }),
}))
async function* stream() {
  for (let i = 0; i < events.length; i += 100)
    yield Buffer.from(
      events
        .slice(i, i + 100)
        .map((event) => `${JSON.stringify(event)}\n`)
        .join(''),
    )
}
async function profileWith(detectors: Detectors, threads: number): Promise<Profile> {
  const evaluation = detectors.evaluate(stream(), { threads })
  t.equal(evaluation.profile, null, 'there is none before the end')
  for await (const _ of evaluation);
  return evaluation.profile as Profile
}
const counts = ({ detectors, terms, properties }: Profile) => ({
  detectors: detectors
    .map(({ name, evaluations, fired }) => ({ name, evaluations, fired }))
    .sort((a, b) => (a.name < b.name ? -1 : 1)),
  terms: terms
    .map(({ key, term, evaluations, true: found }) => ({ key, term, evaluations, found }))
    .sort((a, b) => (a.key < b.key ? -1 : 1)),
  properties: properties
    .map(({ property, evaluations, present }) => ({ property, evaluations, present }))
    .sort((a, b) => (a.property < b.property ? -1 : 1)),
})

t.test(
  'of an evaluation: exact counts on any number of threads, and of a Plan that was read back',
  async (t) => {
    const detectors = await compile({ files: { 'r.rb': text } })
    const one = await profileWith(detectors, 1)
    t.equal(one.events, 2000)
    const fired = Object.fromEntries(one.detectors.map(({ name, fired }) => [name, fired]))
    t.same(fired, { shell: 500, encoded: 100 })
    const found = Object.fromEntries(one.terms.map(({ term, true: found }) => [term, found]))
    t.equal(found['process_name equals any of "cmd.exe", "sh"'], 500)
    t.ok(one.properties.some(({ property, present }) => property === 'command_line' && present === 2000))
    t.same(counts(await profileWith(detectors, 3)), counts(one))
    t.same(counts(await profileWith(Detectors.fromPlan(detectors.plan), 2)), counts(one))
  },
)

t.test('it is itself after JSON; other things are no profiles', async (t) => {
  const profile = await profileWith(await compile({ files: { 'r.rb': text } }), 1)
  const json = JSON.parse(JSON.stringify(profile))
  t.same(json, profile)
  t.ok(isProfile(json))
  for (const wrong of [
    null,
    [],
    {},
    { ...json, version: json.version - 1 },
    { ...json, terms: [{}] },
    { ...json, events: -1 },
  ])
    t.notOk(isProfile(wrong))
  t.rejects(compile({ files: {} }, { profile: {} as Profile }), { code: 'NUTHATCH_INVALID_OPTION' })
})
