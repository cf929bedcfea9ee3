import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { compile, openTrace, type TraceEvent, type TraceOptions } from '../../lib/index.js'
import { native } from '../../lib/native.js'
import { exampleTrace, longTrace, stackTrace } from './etw/traces.js'

const folder = t.testdir({
  'a.etl': exampleTrace,
  'a.etl.gz': gzipSync(exampleTrace),
  'stacks.etl': stackTrace,
  'cut.etl': exampleTrace.subarray(0, -3000),
  'long.etl': longTrace(3000),
  'long.etl.gz': gzipSync(longTrace(3000)),
  'a.ndjson': '{"event_type":"process_start"}\n',
  temporary: {},
})
const file = (name: string) => join(folder, name)
const temporary = file('temporary')
process.env.TMPDIR = temporary

async function eventsOf(options: TraceOptions): Promise<TraceEvent[]> {
  const events: TraceEvent[] = []
  for await (const batch of openTrace(options)) events.push(...batch)
  return events
}

t.test('batches of events, in the order of time', async (t) => {
  const events = await eventsOf({ file: file('a.etl') })
  t.same(
    events.map(({ record }) => record),
    Array.from({ length: 16 }, (_, i) => i + 1),
  )
  t.match(events[0], { provider: 'EventTrace', event: 'Header', fields: { NumberOfProcessors: 4 } })
  t.match(events[9], {
    provider: 'Microsoft-Windows-DNS-Client',
    id: 3008,
    fields: { QueryName: 'files.example' },
  })
  t.same(await eventsOf({ file: file('a.etl.gz') }), events, 'compressed it is the same')
})

t.test('a batch has its lines, and how many they are', async (t) => {
  for await (const batch of openTrace({ file: file('a.etl') })) {
    t.equal(batch.length, batch.items.length)
    t.equal(Buffer.from(batch.ndjson).toString().split('\n').length, batch.length + 1)
  }
})

t.test('filters', async (t) => {
  const numbers = async (options: Omit<TraceOptions, 'file'>) =>
    (await eventsOf({ file: file('a.etl'), ...options })).map(({ record }) => record)
  t.same(await numbers({ providers: ['process'] }), [4, 6, 8, 16])
  t.same(await numbers({ providers: ['{1C95126E-7EEA-49A9-A3FE-A378B03DDB4D}'] }), [10])
  t.same(await numbers({ ids: [3008, 4104] }), [10, 12])
  t.same(await numbers({ pids: [5204], ids: [3] }), [6, 7])
  t.same(
    await numbers({ providers: [], ids: [], pids: [] }),
    Array.from({ length: 16 }, (_, i) => i + 1),
  )
})

t.test('as standard events, and for detectors', async (t) => {
  const rules = {
    files: { 'asked.rb': "dns_query_property_includes_any?(property: query_name, strings: ['files'])" },
  }
  const detectors = await compile(rules)
  await using trace = openTrace({ file: file('a.etl') })
  const found = []
  for await (const batch of detectors.evaluate(trace)) found.push(...batch)
  t.match(found, [{ detector: 'asked', source: file('a.etl'), line: 10, event: { process_pid: 6012 } }])
  const types = []
  for await (const batch of trace.standardize()) for (const { event_type } of batch) types.push(event_type)
  t.equal(types.length, 8, 'it can be read again')
  const some = openTrace({ file: file('a.etl'), pids: [1] })
  for await (const batch of detectors.evaluate(some)) t.equal(batch.length, 0, 'the filters hold there too')
})

t.test('what is no trace is an error, also for detectors', async (t) => {
  await t.rejects(eventsOf({ file: file('a.ndjson') }), { code: 'NUTHATCH_ETL_FORMAT' })
  await t.rejects(eventsOf({ file: file('nowhere.etl') }), { code: 'NUTHATCH_INPUT_NOT_FOUND' })
  await t.rejects(eventsOf({ file: folder }), {
    code: 'NUTHATCH_INPUT_FORMAT',
    message: /it is a folder: a trace is one/,
  })
  const evaluation = openTrace({ file: file('a.ndjson') }).standardize()
  await t.rejects(
    (async () => {
      for await (const _ of evaluation);
    })(),
    { code: 'NUTHATCH_INPUTS_FAILED', problems: [{ code: 'NUTHATCH_ETL_FORMAT' }] },
  )
})

t.test('damage is told after all that is good', async (t) => {
  const trace = openTrace({ file: file('cut.etl') })
  let events = 0
  t.equal(trace.summary, null)
  await t.rejects(
    (async () => {
      for await (const batch of trace) events += batch.length
    })(),
    { code: 'NUTHATCH_INPUT_TRUNCATED' },
  )
  t.ok(events > 7 && events < 16)
  t.match(trace.summary, { faults: { total: 1, samples: [{ position: 8192, time: /^2022-06-18T04:26:5/ }] } })
})

t.test('a signal ends it, with its reason', async (t) => {
  await t.rejects(eventsOf({ file: file('a.etl'), signal: AbortSignal.abort(new Error('before')) }), {
    message: 'before',
  })
  for (const name of ['long.etl', 'long.etl.gz']) {
    const abort = new AbortController()
    const read = async () => {
      for await (const _ of openTrace({ file: file(name), signal: abort.signal }))
        abort.abort(new Error('enough'))
    }
    await t.rejects(read(), { message: 'enough' })
  }
  const abort = new AbortController()
  const evaluation = openTrace({ file: file('long.etl'), signal: abort.signal }).standardize()
  await t.rejects(
    (async () => {
      for await (const _ of evaluation) abort.abort(new Error('enough'))
    })(),
    { message: 'enough' },
  )
  t.same(readdirSync(temporary), [], 'nothing is left behind')
})

/** TraceBlocks that say when they are read. */
function watchSteps(t: Test, onStep: (steps: number) => void): () => number {
  const { TraceBlocks } = native
  let steps = 0
  class WatchedBlocks extends TraceBlocks {
    override next() {
      onStep(++steps)
      return super.next()
    }
  }
  Object.assign(native, { TraceBlocks: WatchedBlocks })
  t.teardown(() => Object.assign(native, { TraceBlocks }))
  return () => steps
}

t.test('a signal and `stop` end it before anything is found', async (t) => {
  let act = () => {}
  const steps = watchSteps(t, (step) => step === 2 && act())
  const abort = new AbortController()
  act = () => abort.abort(new Error('enough'))
  const aborted = openTrace({ file: file('long.etl'), pids: [1], signal: abort.signal }).standardize()
  await t.rejects(aborted.next(), { message: 'enough' })
  t.equal(steps(), 2, 'of more than three')
  const stopped = openTrace({ file: file('long.etl'), pids: [1] }).standardize()
  act = () => stopped.stop()
  const before = steps()
  watchSteps(t, (step) => step === 2 && act())
  t.same(await stopped.next(), { done: true, value: undefined })
  t.equal(steps() - before, 2)
})

t.test('how far it is can be seen before anything is found', async (t) => {
  const read: number[] = []
  const evaluation = openTrace({ file: file('long.etl'), pids: [1] }).standardize()
  const steps = watchSteps(t, () => read.push(evaluation.progress.read))
  for await (const batch of evaluation) t.equal(batch.length, 0)
  t.ok(steps() > 3)
  t.ok((read[3] as number) > 0, 'in the first pass')
  t.equal(evaluation.progress.read, evaluation.progress.total)
})

t.test('disposing of it waits for what standardizes it', async (t) => {
  for (const taken of [0, 1]) {
    const trace = openTrace({ file: file('long.etl.gz') })
    const evaluation = trace.standardize()
    for (let i = 0; i < taken; ++i) await evaluation.next()
    const next = evaluation.next()
    while (readdirSync(temporary).length === 0) await new Promise((resolve) => setTimeout(resolve, 1))
    await trace[Symbol.asyncDispose]()
    t.same(readdirSync(temporary), [])
    await next.catch(() => {})
    await t.rejects(trace.standardize().next(), { code: 'NUTHATCH_TRACE_CLOSED' })
  }
})

t.test('disposing of it ends what reads it, and removes its copy', async (t) => {
  const trace = openTrace({ file: file('long.etl.gz') })
  const iterator = trace[Symbol.asyncIterator]()
  await iterator.next()
  t.equal(readdirSync(temporary).length, 1)
  await trace[Symbol.asyncDispose]()
  t.same(readdirSync(temporary), [])
  t.same(await iterator.next(), { done: true, value: undefined })
  await t.rejects(
    (async () => {
      for await (const _ of trace);
    })(),
    { code: 'NUTHATCH_TRACE_CLOSED' },
  )
})

t.test('leaving the loop removes the copy', async (t) => {
  mkdirSync(temporary, { recursive: true })
  for await (const _ of openTrace({ file: file('long.etl.gz') })) break
  t.same(readdirSync(temporary), [])
})

t.test('`return` ends a call of `next` that is under way', async (t) => {
  const trace = openTrace({ file: file('long.etl.gz') })
  for (const copying of [false, true]) {
    const iterator = trace[Symbol.asyncIterator]()
    const next = iterator.next()
    while (copying && readdirSync(temporary).length === 0)
      await new Promise((resolve) => setTimeout(resolve, 1))
    t.same(await iterator.return(undefined), { done: true, value: undefined })
    t.same(await next, { done: true, value: undefined }, 'which has no batch')
    t.same(readdirSync(temporary), [])
  }
  t.equal(trace.summary, null)
  t.notOk((await trace[Symbol.asyncIterator]().next()).done, 'it can be read again')
})

t.test('who reads slowly slows the reading', async (t) => {
  const { TraceText } = native
  let steps = 0
  class CountedText extends TraceText {
    override next() {
      ++steps
      return super.next()
    }
  }
  Object.assign(native, { TraceText: CountedText })
  t.teardown(() => Object.assign(native, { TraceText }))
  const iterator = openTrace({ file: file('long.etl') })[Symbol.asyncIterator]()
  const first = await iterator.next()
  const before = steps
  t.ok(before > 1)
  await new Promise((resolve) => setTimeout(resolve, 200))
  t.equal(steps, before, 'one block is made ahead, and no further')
  t.notOk(first.done)
  await iterator.next()
  t.equal(steps, before + 1)
  await iterator.return(undefined)
})

t.test('arguments are looked at when they are given', async (t) => {
  const refused = (options: unknown, message: RegExp) =>
    t.throws(() => openTrace(options as TraceOptions), { message })
  refused({}, /file must be the path of a trace/)
  refused({ file: '' }, /file must be a path/)
  refused({ file: 'a', provider: ['b'] }, /did you mean `providers`/)
  refused({ file: 'a', providers: 'b' }, /providers must be an array of names or GUIDs/)
  refused({ file: 'a', ids: [65536] }, /ids must be an array of whole numbers from 0 to 65535/)
  refused({ file: 'a', pids: [-1] }, /pids must be/)
  refused({ file: 'a', signal: {} }, /signal must be an AbortSignal/)
  refused(null, /options must be an object/)
})

t.test('events have call stacks when they are asked for, and detectors when they ask', async (t) => {
  const stacked = await eventsOf({ file: file('stacks.etl'), stacks: true })
  t.match(
    stacked.find(({ callstack }) => callstack),
    { event: 'Load', callstack: { summary: 'unbacked|a.exe|ntdll.dll' } },
  )
  t.notOk((await eventsOf({ file: file('stacks.etl') })).some(({ callstack }) => callstack))
  t.throws(() => openTrace({ file: file('stacks.etl'), imageRoot: '.' }), { code: 'NUTHATCH_INVALID_OPTION' })

  const firedBy = async (term: string) => {
    const detectors = await compile({ files: { 'a.rb': term } })
    const trace = openTrace({ file: file('stacks.etl') })
    const evaluation = detectors.evaluate(trace)
    const events = []
    for await (const batch of evaluation) for (const { event } of batch) events.push(event)
    return { events, stacks: evaluation.summary.traces[0]?.stacks }
  }
  const asking = await firedBy('image_load_property_is_true?(property: evasion_direct_syscall)')
  t.match(asking.events, [{ event_type: 'image_load', callstack_final_user_module: 'unbacked' }])
  t.same(asking.stacks, { matched: 1, early: 0, late: 1, neverCame: 0, dropped: 0 })
  const other = await firedBy('image_load_property_exists?(property: image_path)')
  t.equal(other.events.length, 1)
  t.notOk(other.events[0]?.callstack_summary)
  t.equal(other.stacks, null)
})
