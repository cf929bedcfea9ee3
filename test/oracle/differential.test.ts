/**
 * The engine against the reference evaluator: random detectors over random records, which hold every
 * match type and kind of property, and missing, pending, multi-valued, non-ASCII, empty and long
 * values. Nothing may differ, neither what fires nor the terms that are reported to have made it fire, in
 * whatever order random costs put the trees.
 * NUTHATCH_ORACLE_ROUNDS sets how many rule sets are tried, NUTHATCH_ORACLE_SEED the first seed.
 */
import { crc32 } from 'node:zlib'
import t from 'tap'
import type { PipelineOptions } from '../../lib/binding.js'
import { compileRules } from '../../lib/compile/compile.js'
import type { TermCosts } from '../../lib/compile/cost.js'
import { type Term, termKey } from '../../lib/compile/terms.js'
import { checkRules } from '../../lib/language/check.js'
import type { Condition, RuleSet, StandardEvent } from '../../lib/language/ruleset.js'
import { native } from '../../lib/native.js'
import { encodeMappings } from '../../lib/standardize/encode.js'
import { standard } from '../../lib/standardize/standard.js'
import { withDerived } from './derive.js'
import { evaluateAll } from './evaluate.js'
import { expectedMatches, reportedMatches } from './matched.js'
import { Random } from './random.js'
import { randomExpression } from './random-detectors.js'
import { randomRecord } from './random-events.js'
import { randomWords, type Words } from './random-words.js'
import { standardize } from './standardize.js'

const rounds = Number(process.env.NUTHATCH_ORACLE_ROUNDS ?? 40)
const firstSeed = Number(process.env.NUTHATCH_ORACLE_SEED ?? Date.now() % 1e9)
const detectorsARound = 40
const eventsARound = 800

interface Outcome {
  /** For each event, the names of the detectors that fired, sorted. */
  readonly fired: string[][]
  readonly undecided: number
}

function randomRules(random: Random, words: Words): { text: string; ruleSet: RuleSet } {
  const text = Array.from(
    { length: detectorsARound },
    (_, i) => `detector 'd${i}' do\n  match ${randomExpression(random, words)}\nend\n`,
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

/** What the engine gives for the lines of a block. */
async function run(ruleSet: RuleSet, output: PipelineOptions['output'], block: Buffer, costs?: TermCosts) {
  const plan = new native.Plan(compileRules(ruleSet, encodeMappings(), costs).plan)
  const pipeline = new native.Pipeline(plan, {
    threads: 2,
    output,
    maxRecordBytes: 1 << 20,
    processTableCapacity: 0,
    stopAtMalformed: false,
  })
  const result = await pipeline.submit(pipeline.addSource('random'), block)
  pipeline.close()
  if (result.events !== eventsARound) throw new Error(`${result.events} events were read`)
  return { lines: Buffer.from(result.output).toString().split('\n').filter(Boolean), result }
}

/** As profiles of other telemetry would have them: every other time the estimates, else numbers of no meaning. */
function randomCosts(seed: number): TermCosts | undefined {
  if (seed % 2 === 0) return undefined
  const number = (term: Term, what: string) => crc32(`${seed} ${what} ${termKey(term)}`) / 2 ** 32
  return { cost: (term) => 1000 * number(term, 'cost'), probability: (term) => number(term, 'probability') }
}

async function byEngine(
  ruleSet: RuleSet,
  block: Buffer,
  costs: TermCosts | undefined,
): Promise<Outcome & { readonly detections: readonly string[] }> {
  const { lines, result } = await run(ruleSet, 'detections', block, costs)
  const fired = Array.from({ length: eventsARound }, (): string[] => [])
  for (const line of lines) {
    const [, detector = '', at] = /^\{"detector":"(d\d+)".*?"line":(\d+)/.exec(line) ?? [] // quicker than JSON.parse
    fired[Number(at) - 1]?.push(detector)
  }
  return { fired: fired.map((names) => names.sort()), undecided: result.undecided, detections: lines }
}

/** The events as detectors see them. */
async function eventsOf(block: Buffer): Promise<StandardEvent[]> {
  const { lines } = await run({ detectors: [] }, 'derived-events', block)
  const records = block.toString().split('\n').filter(Boolean)
  return records.map((record, i) => {
    const outcome = standardize(record, [standard])
    if (!('event' in outcome)) throw new Error(`${record} is no event`)
    return withDerived(outcome.event, JSON.parse(lines[i] ?? '').deobfuscated_command_line)
  })
}

function byOracle(ruleSet: RuleSet, events: readonly StandardEvent[]): Outcome {
  const verdicts = events.map((event) => evaluateAll(ruleSet.detectors, event))
  return {
    fired: verdicts.map((verdict) => verdict.fired.sort()),
    undecided: verdicts.reduce((sum, verdict) => sum + verdict.undecided.length, 0),
  }
}

/** Of every fourth, which are enough: the first detection whose `matched` is not what the oracle says. */
function misreported(ruleSet: RuleSet, events: readonly StandardEvent[], detections: readonly string[]) {
  const conditions = new Map(ruleSet.detectors.map(({ name, condition }) => [name, condition]))
  for (const text of detections.filter((_, i) => i % 4 === 0)) {
    const { detector, line, matched } = JSON.parse(text)
    const event = events[line - 1] as StandardEvent
    const expected = expectedMatches(conditions.get(detector) as Condition, event)
    const reported = reportedMatches(matched, event)
    if (expected && expected.join() !== reported.join()) return { text, expected, reported }
  }
  return null
}

t.test(`random rules over random events, seeds from ${firstSeed}`, async (t) => {
  let fired = 0
  let undecided = 0
  for (let seed = firstSeed; seed < firstSeed + rounds; seed++) {
    const random = new Random(seed)
    const words = randomWords(random)
    const { text, ruleSet } = randomRules(random, words)
    const records = Array.from({ length: eventsARound }, () => randomRecord(random, words))
    const block = Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join(''))
    const events = await eventsOf(block)
    const expected = byOracle(ruleSet, events)
    const actual = await byEngine(ruleSet, block, randomCosts(seed))
    const differs = expected.fired.findIndex((names, i) => names.join() !== actual.fired[i]?.join())
    if (differs >= 0) {
      t.same(
        actual.fired[differs],
        expected.fired[differs],
        `seed ${seed}: ${JSON.stringify(records[differs])}`,
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
    const wrong = misreported(ruleSet, events, actual.detections)
    if (wrong) return t.same(wrong.reported, wrong.expected, `matched, seed ${seed}: ${wrong.text}`)
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
