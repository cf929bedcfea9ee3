/** A trace is what its lines of JSON are: `run trace.etl` finds what `etl trace.etl | run -` does. */
import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import t, { type Test } from 'tap'
import { compile, type Detection, openTrace, readTelemetry, type StandardEvent } from '../../../lib/index.js'
import { traceFolder, traces } from '../../captures.js'
import { longTrace } from '../etw/traces.js'

const examples = new URL('../../../examples/traces/', import.meta.url).pathname
const seeds = new URL('../../fuzz/corpus/etl/', import.meta.url).pathname

/** Fires on every event, and shows the process that is joined to it. */
const detectors = await compile({
  files: {
    'all.rb': `any_property_exists?(property: event_time) &&
      any_property_does_not_equal?(property: command_line, string: 'none') &&
      any_property_does_not_equal?(property: grandparent_name, string: 'none')`,
  },
})

/** Damage is told after all that is good. */
async function* linesOf(file: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const { ndjson } of openTrace({ file })) yield ndjson
  } catch {}
}

interface Outcome {
  readonly events: StandardEvent[]
  readonly detections: Omit<Detection, 'source'>[]
  readonly counts: readonly number[]
}

/** Of telemetry that is opened anew each time. */
async function outcomeOf(open: () => string | AsyncIterable<Uint8Array>, threads: number): Promise<Outcome> {
  const onProblem = () => {}
  const events: StandardEvent[] = []
  const standardized = readTelemetry(open(), { onProblem }).standardize({ derived: true, threads })
  for await (const batch of standardized) events.push(...batch)
  const detections: Omit<Detection, 'source'>[] = []
  const evaluation = detectors.evaluate(open(), { onProblem, threads })
  for await (const batch of evaluation)
    for (const { source: _, ...detection } of batch) detections.push(detection)
  const { lines, records, events: count, undecided, malformed } = evaluation.summary
  return { events, detections, counts: [lines, records, count, undecided, malformed] }
}

async function same(t: Test, file: string, threads = 1): Promise<Outcome> {
  const direct = await outcomeOf(() => file, threads)
  t.same(direct, await outcomeOf(() => linesOf(file), threads), basename(file))
  return direct
}

t.test('the example', async (t) => {
  const { events, detections } = await same(t, join(examples, 'workstation.etl'))
  t.equal(events.length, 8)
  t.equal(detections.length, 8)
})

t.test('many blocks, on several threads', async (t) => {
  const file = join(t.testdir({ 'long.etl': longTrace(3000) }), 'long.etl')
  const { events, detections } = await same(t, file, 3)
  t.ok(events.length > 5000, `${events.length} events`)
  t.equal(detections.length, events.length)
})

t.test('records of every kind', async (t) => {
  const isFile = (name: string) => !name.startsWith('records') // of which the fuzzer makes files
  for (const name of readdirSync(seeds).filter(isFile)) await same(t, join(seeds, name))
})

t.test('real traces', { skip: traces.length === 0 && `no traces at ${traceFolder}` }, async (t) => {
  for (const name of traces) await same(t, join(traceFolder, name))
})
