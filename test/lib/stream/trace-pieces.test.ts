/** A trace is what its lines of JSON are: `run trace.etl` finds what `etl trace.etl | run -` does. */
import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { compile, type Detection, openTrace, readTelemetry, type StandardEvent } from '../../../lib/index.js'
import { traceFolder, traces } from '../../captures.js'
import { openTraces } from '../etw/open-traces.js'
import { longTrace } from '../etw/traces.js'

const examples = new URL('../../../examples/traces/', import.meta.url).pathname
const seeds = new URL('../../fuzz/corpus/etl/', import.meta.url).pathname

/** Fires on every event, and shows the process that is joined to it, and its call stack. */
const detectors = await compile({
  files: {
    'all.rb': `any_property_exists?(property: event_time) &&
      any_property_does_not_equal?(property: command_line, string: 'none') &&
      any_property_does_not_equal?(property: callstack_summary, string: 'none') &&
      any_property_does_not_equal?(property: grandparent_name, string: 'none')`,
  },
})

/** Damage is told after all that is good. */
async function* linesOf(file: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const { ndjson } of openTrace({ file, stacks: true })) yield ndjson
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

const linux = { skip: process.platform !== 'linux' && 'it looks into /proc' }
for (const name of ['a.etl', 'a.etl.gz'])
  t.test(`${name} is closed as soon as nobody reads it`, linux, async (t) => {
    const trace = longTrace(3000)
    const folder = t.testdir({ [name]: name.endsWith('.gz') ? gzipSync(trace) : trace, temporary: {} })
    process.env.TMPDIR = join(folder, 'temporary')
    const file = join(folder, name)
    for await (const _ of openTrace({ file }).standardize());
    t.same(openTraces(), [], 'read to its end')
    for await (const _ of openTrace({ file }).standardize()) break
    t.same(openTraces(), [], 'the loop has been left')
    const evaluation = openTrace({ file }).standardize()
    for await (const _ of evaluation) evaluation.stop()
    t.same(openTraces(), [], 'stopped')
    const abort = new AbortController()
    const aborted = openTrace({ file, signal: abort.signal }).standardize()
    await aborted.next()
    t.equal(openTraces().length, 1)
    abort.abort(new Error('enough'))
    await t.rejects(aborted.next(), { message: 'enough' })
    t.same(openTraces(), [], 'aborted')
    for (const taken of [0, 1]) {
      const disposed = openTrace({ file })
      const next = disposed.standardize().next()
      if (taken > 0) await next
      while (openTraces().length === 0) await new Promise((resolve) => setTimeout(resolve, 1))
      await disposed[Symbol.asyncDispose]()
      t.same(openTraces(), [], 'disposed of')
      await next.catch(() => {})
    }
  })

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
