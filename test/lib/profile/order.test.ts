/** Trees in the order that was measured to be cheapest ask for fewer terms, and find the same. */
import { join } from 'node:path'
import t from 'tap'
import { compileRules } from '../../../lib/compile/compile.js'
import { estimates } from '../../../lib/compile/cost.js'
import { measuredCosts } from '../../../lib/compile/measured-costs.js'
import { termOf } from '../../../lib/compile/terms.js'
import { compile, type Detectors } from '../../../lib/index.js'
import type { Condition } from '../../../lib/language/ruleset.js'
import { encodeMappings } from '../../../lib/standardize/encode.js'
import { folder, skip } from '../../captures.js'
import { and, on, rules } from '../compile/rules.js'
import { planOf, profileOf, repeat } from './costs.js'

const name = on('process_start', 'process_name', ['a'])
const user = on('process_start', 'username', ['u'])
const termIn = (condition: Condition) => termOf((condition as Extract<Condition, { kind: 'test' }>).test)
const both = rules({ x: and(name, user), y: and(user, on('process_start', 'parent_name', ['p'])), z: name })

/** `samples` events, in which `a` was always true and dear, and `u` rare and cheap. */
const profileWith = (samples: number) =>
  profileOf(planOf(both), {
    events: 1000,
    node: () => ({ visits: 1000, passed: 500, times: repeat(5) }),
    term: (text) => ({ asked: samples, true: text === 'a' ? samples : samples / 100, lazy: [] }),
    pass: (property) => ({
      runs: 1000,
      resolve: repeat(0, samples),
      match: repeat(property === 'process_name' ? 9000 : 90, samples),
    }),
  })

t.test('many samples count, few hardly', (t) => {
  const many = measuredCosts(profileWith(100_000))
  t.ok(Math.abs(many.probability(termIn(name)) - 1) < 0.01)
  t.ok(Math.abs(many.cost(termIn(name)) - 9000) < 10)
  const few = measuredCosts(profileWith(1))
  t.ok(few.probability(termIn(name)) < 0.1, 'seen once, and true then')
  t.end()
})

t.test('terms that were never seen keep their order, in the measure of those that were', (t) => {
  const costs = measuredCosts(profileWith(100_000))
  const [cheap, dear] = [on('logon', 'local_ip', ['x']), on('logon', 'local_ip', ['x'], { match: 'matches' })]
  const ratio = costs.cost(termIn(dear)) / costs.cost(termIn(cheap))
  t.ok(Math.abs(ratio - estimates.cost(termIn(dear)) / estimates.cost(termIn(cheap))) < 1e-9)
  t.equal(costs.probability(termIn(cheap)), estimates.probability(termIn(cheap)))
  t.end()
})

t.test('the same profile gives the same Plan, whatever the order of the rules', (t) => {
  const costs = measuredCosts(profileWith(1000))
  const { plan } = compileRules(both, encodeMappings(), costs)
  t.same(compileRules({ detectors: [...both.detectors].reverse() }, encodeMappings(), costs).plan, plan)
  t.notSame(plan, planOf(both), 'it is another than without')
  t.end()
})

t.test('on recorded telemetry', { skip }, async (t) => {
  const run = async (detectors: Detectors) => {
    const evaluation = detectors.evaluate(join(folder, 'mde-60k.ndjson.zst'))
    const found: string[] = []
    for await (const batch of evaluation)
      for (const { detector, line } of batch) found.push(`${line} ${detector}`)
    return {
      found: found.sort(),
      asked: evaluation.summary.termsEvaluated,
      profile: evaluation.profile ?? undefined,
    }
  }
  const before = await run(await compile('examples/rules'))
  const after = await run(await compile('examples/rules', { profile: before.profile }))
  t.comment(`terms asked for: ${before.asked} as estimated, ${after.asked} as measured`)
  t.same(after.found, before.found)
  t.ok(after.asked < 0.7 * before.asked)
})
