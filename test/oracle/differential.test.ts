/**
 * The engine against the reference evaluator: random detectors over random events, which hold every
 * match type and missing, pending, multi-valued and non-ASCII values. Nothing may differ.
 * NUTHATCH_ORACLE_ROUNDS sets how many rule sets are tried, NUTHATCH_ORACLE_SEED the first seed.
 */
import t from 'tap'
import { compileRules } from '../../lib/compile/compile.js'
import { checkRules } from '../../lib/language/check.js'
import type { RuleSet, StandardEvent } from '../../lib/language/ruleset.js'
import { native } from '../../lib/native.js'
import { encodeMappings } from '../../lib/standardize/encode.js'
import { evaluateAll } from './evaluate.js'
import { Random, randomEvent, randomExpression } from './random.js'

const rounds = Number(process.env.NUTHATCH_ORACLE_ROUNDS ?? 40)
const firstSeed = Number(process.env.NUTHATCH_ORACLE_SEED ?? Date.now() % 1e9)
const detectorsARound = 40
const eventsARound = 800

interface Outcome {
  /** For each event, the names of the detectors that fired, sorted. */
  readonly fired: string[][]
  readonly undecided: number
}

function randomRules(random: Random): { text: string; ruleSet: RuleSet } {
  const text = Array.from(
    { length: detectorsARound },
    (_, i) => `detector 'd${i}' do\n  match ${randomExpression(random)}\nend\n`,
  ).join('')
  const { ruleSet, diagnostics } = checkRules([{ file: 'random.rb', source: text }])
  if (!ruleSet)
    throw new Error(
      diagnostics
        .filter((d) => d.severity === 'error')
        .map((d) => d.message)
        .join('\n'),
    )
  return { text, ruleSet }
}

async function byEngine(ruleSet: RuleSet, events: object[]): Promise<Outcome> {
  const plan = new native.Plan(compileRules(ruleSet, encodeMappings()).plan)
  const pipeline = new native.Pipeline(plan, {
    threads: 2,
    output: 'detections',
    maxRecordBytes: 1 << 20,
    processTableCapacity: 0,
    stopAtMalformed: false,
  })
  const source = pipeline.addSource('random')
  const block = Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(''))
  const result = await pipeline.submit(source, block)
  pipeline.close()
  if (result.events !== events.length)
    throw new Error(`${events.length - result.events} events were not read`)
  const fired = events.map((): string[] => [])
  for (const line of Buffer.from(result.output).toString().split('\n').filter(Boolean)) {
    const detection = JSON.parse(line) as { detector: string; line: number }
    fired[detection.line - 1]?.push(detection.detector)
  }
  return { fired: fired.map((names) => names.sort()), undecided: result.undecided }
}

function byOracle(ruleSet: RuleSet, events: object[]): Outcome {
  const verdicts = events.map((event) => evaluateAll(ruleSet.detectors, event as StandardEvent))
  return {
    fired: verdicts.map((verdict) => verdict.fired.sort()),
    undecided: verdicts.reduce((sum, verdict) => sum + verdict.undecided.length, 0),
  }
}

t.test(`random rules over random events, seeds from ${firstSeed}`, async (t) => {
  let fired = 0
  let undecided = 0
  for (let seed = firstSeed; seed < firstSeed + rounds; seed++) {
    const random = new Random(seed)
    const { text, ruleSet } = randomRules(random)
    const events = Array.from({ length: eventsARound }, () => randomEvent(random))
    const expected = byOracle(ruleSet, events)
    const actual = await byEngine(ruleSet, events)
    const differs = expected.fired.findIndex((names, i) => names.join() !== actual.fired[i]?.join())
    if (differs >= 0) {
      t.same(
        actual.fired[differs],
        expected.fired[differs],
        `seed ${seed}: ${JSON.stringify(events[differs])}`,
      )
      const names = new Set([...(expected.fired[differs] ?? []), ...(actual.fired[differs] ?? [])])
      t.comment(
        text
          .split(/(?=^detector )/m)
          .filter((rule) => [...names].some((n) => rule.startsWith(`detector '${n}' `)))
          .join(''),
      )
      return
    }
    if (actual.undecided !== expected.undecided)
      return t.equal(actual.undecided, expected.undecided, `undecided, seed ${seed}`)
    fired += expected.fired.flat().length
    undecided += expected.undecided
  }
  const comparisons = rounds * detectorsARound * eventsARound
  t.comment(`${comparisons} comparisons: ${fired} fired, ${undecided} undecided`)
  t.ok(
    fired > comparisons / 100 && undecided > comparisons / 1000,
    'the random rules fire, and hang, often enough to mean something',
  )
})
