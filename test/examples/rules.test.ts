import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import t from 'tap'
import { loadRules } from '../../lib/detectors.js'
import { compile, openTrace, readTelemetry, type StandardEvent } from '../../lib/index.js'
import type { Condition, Example, Span } from '../../lib/language/ruleset.js'
import { evaluate } from '../oracle/evaluate.js'

const folder = 'examples/rules'
const files = readdirSync(folder).map((name) => join(folder, name))
const ruby = spawnSync('ruby', ['--version'])

t.test('every rule file is valid Ruby', { skip: ruby.error ? 'ruby is not installed' : false }, async (t) => {
  for (const file of files) {
    const { status, stderr } = spawnSync('ruby', ['-c', file], { encoding: 'utf8' })
    t.equal(status, 0, `${file} ${stderr}`)
  }
})

t.test('the examples are at least 60 detectors without a warning', async (t) => {
  const detectors = await compile(folder)
  t.ok(detectors.detectors.length >= 60, `${detectors.detectors.length} detectors`)
  t.same(detectors.warnings, [])
})

t.test('every detector says what it fires on and what it ignores, and does so', async (t) => {
  const { ruleSet } = await loadRules(folder)
  const detectors = await compile(folder)
  for (const { name, attack, examples } of ruleSet.detectors) {
    t.ok(attack.length > 0, `${name} names its technique`)
    t.ok(
      examples.some(({ kind }) => kind === 'fires_on') && examples.some(({ kind }) => kind === 'ignores'),
      name,
    )
    for (const { kind, label, event } of examples) {
      const fired = await detectors.evaluateEvents(event)
      t.equal(
        fired.some(({ detector }) => detector === name),
        kind === 'fires_on',
        `${name} ${kind} ${label}`,
      )
    }
  }
})

t.test('what the example trace shows', async (t) => {
  const detectors = await compile(folder)
  await using trace = openTrace({ file: 'examples/traces/workstation.etl' })
  const found: string[] = []
  for await (const batch of detectors.evaluate(trace))
    for (const { detector, line } of batch) found.push(`${detector} ${line}`)
  t.same(found, [
    'office-starts-shell 8',
    'powershell-download-cradle 8',
    'powershell-encoded-command 8',
    'powershell-empire-stager-script 12',
    'run-key-with-script 14',
  ])
})

/** The helpers that stand in a condition as what makes it true: no `!` before them, no `does_not_` in them. */
function positiveTerms(condition: Condition): Condition[] {
  const terms = new Map<string, Condition[]>()
  const collect = (part: Condition): void => {
    if (part.kind === 'and' || part.kind === 'or') part.operands.forEach(collect)
    if (part.kind !== 'test' || part.test.negated) return
    // A helper such as process_is_likely? is several tests in the place of one call.
    const { file, start } = part.test.span
    terms.set(`${file}:${start}`, [...(terms.get(`${file}:${start}`) ?? []), part])
  }
  collect(condition)
  return [...terms.values()].map((operands) => ({ kind: 'or', operands }))
}

function spanOf(condition: Condition): Span {
  if (condition.kind === 'test') return condition.test.span
  return spanOf(condition.kind === 'not' ? condition.operand : (condition.operands[0] as Condition))
}

/** The events of examples, with what is derived from them. */
async function eventsOf(examples: readonly Example[]): Promise<StandardEvent[]> {
  const lines = Readable.from(examples.map(({ event }) => Buffer.from(`${JSON.stringify(event)}\n`)))
  const events: StandardEvent[] = []
  for await (const batch of readTelemetry(lines).standardize({ derived: true })) events.push(...batch)
  return events
}

t.test('every helper that makes a detector true does so in an example that it fires on', async (t) => {
  const { ruleSet } = await loadRules(folder)
  for (const { name, condition, examples } of ruleSet.detectors) {
    const events = await eventsOf(examples.filter(({ kind }) => kind === 'fires_on'))
    const idle = positiveTerms(condition).filter(
      (term) => !events.some((event) => evaluate(term, event) === true),
    )
    t.same(
      idle.map(spanOf).map(({ file, line, column }) => `${file}:${line}:${column}`),
      [],
      name,
    )
  }
})

t.test('what a detector ignores is near to what it fires on', async (t) => {
  const { ruleSet } = await loadRules(folder)
  for (const { name, condition, examples } of ruleSet.detectors) {
    const terms = positiveTerms(condition)
    const [firing, ignored] = await Promise.all(
      (['fires_on', 'ignores'] as const).map((kind) => eventsOf(examples.filter((e) => e.kind === kind))),
    )
    const types = new Set(firing?.map((event) => event.event_type))
    const far = ignored?.filter((event) => !types.has(event.event_type)) ?? []
    t.same(far, [], `${name}: of a type that it fires on`)
    // One of several alternatives makes it true at once: nothing that it ignores is half of it.
    if (condition.kind !== 'and') continue
    const near = ignored?.some((event) => terms.some((term) => evaluate(term, event) === true))
    t.ok(near, `${name}: an example that it ignores makes one of its ${terms.length} helpers true`)
  }
})
