import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import t from 'tap'
import {
  compile,
  type DetectionBatch,
  type Detectors,
  type LiveOptions,
  type LiveStatistics,
  openTrace,
  type StandardEvent,
} from '../../../lib/index.js'
import { LiveTrace } from '../../../lib/live/live-trace.js'
import type { NativePlay } from '../../../lib/live/native-live.js'
import { exampleTrace, joinedTrace, longTrace, stackTrace } from '../etw/traces.js'

const folder = t.testdir({
  'a.etl': exampleTrace,
  'stacks.etl': stackTrace,
  'joined.etl': joinedTrace,
  'long.etl': longTrace(2000),
  'rules.rb': "dns_query_property_includes_any?(property: query_name, strings: ['files'])",
})
const file = join(folder, 'a.etl')
const long = join(folder, 'long.etl')

/** `recorded` is a session that has everything: what detectors do not ask for, too. */
const replayed = (options: LiveOptions = {}, play: Partial<NativePlay> = {}): LiveTrace =>
  new LiveTrace({ live: { attach: 'recorded', replay: { file }, ...options } }, play)

const detectors = (): Promise<Detectors> => compile(join(folder, 'rules.rb'))

async function eventsOf(trace: Pick<LiveTrace, 'standardize'>): Promise<StandardEvent[]> {
  const events: StandardEvent[] = []
  for await (const batch of trace.standardize()) events.push(...batch)
  return events
}

t.test('a replay gives the standard events of the recorded trace', async (t) => {
  const recorded: StandardEvent[] = []
  for await (const batch of openTrace({ file }).standardize()) recorded.push(...batch)
  t.ok(recorded.length >= 8)
  t.same(await eventsOf(replayed()), recorded)
})

t.test('and the same detections, but for the numbers of records', async (t) => {
  const rules = await compile('examples/rules')
  const namesOf = async (evaluation: AsyncIterable<DetectionBatch>) => {
    const found = []
    for await (const batch of evaluation)
      for (const { detector, event } of batch) found.push({ detector, event })
    return found
  }
  const recorded = await namesOf(rules.evaluate(openTrace({ file })))
  t.equal(recorded.length, 5)
  t.same(await namesOf(rules.evaluate(replayed())), recorded)
})

t.test('its events as they are', async (t) => {
  const providers = new Set()
  for await (const batch of replayed()) for (const { provider } of batch) providers.add(provider)
  t.ok(providers.has('Microsoft-Windows-DNS-Client'))
  t.ok(providers.has('Process'))
})

t.test('only what detectors can use is asked of the system', async (t) => {
  const evaluation = (await detectors()).evaluate(new LiveTrace({ live: { replay: { file } } }))
  let found = 0
  for await (const batch of evaluation) found += batch.length
  t.equal(found, 1)
  // DNS, the header, and what tells of processes: no files, threads, PowerShell.
  t.equal(evaluation.summary.records, 11)
})

t.test("of the kernel's logger, or of its providers in its place", async (t) => {
  const found = async (rule: string, kernelEvents: 'logger' | 'providers') => {
    const rules = await compile({ files: { 'a.rb': rule } })
    let detections = 0
    for await (const batch of rules.evaluate(new LiveTrace({ live: { kernelEvents, replay: { file } } })))
      detections += batch.length
    return detections
  }
  const started = 'process_start_property_exists?(property: process_name)'
  const set = 'registry_set_property_exists?(property: registry_key)'
  t.ok((await found(started, 'logger')) > 0)
  t.equal(await found(started, 'providers'), 0, 'Kernel-Process, of which there is nothing in this trace')
  t.equal(await found(set, 'logger'), 0)
  t.equal(await found(set, 'providers'), 1, 'Kernel-Registry')
})

t.test('changes of files too, where signatures are verified that a detector asks for', async (t) => {
  const recordsOf = async (rule: string, trust: { roots: string } | false) => {
    const rules = await compile({ files: { 'a.rb': rule } })
    const trace = new LiveTrace({ live: { replay: { file: join(folder, 'joined.etl') } } })
    const below = trust && { imageRoot: folder, trust }
    const evaluation = rules.evaluate(trace, below || { trust: false })
    for await (const _ of evaluation);
    return evaluation.summary.records
  }
  const roots = fileURLToPath(new URL('../../fixtures/authenticode/root.pem', import.meta.url))
  const without = await recordsOf('image_load_unsigned?', false)
  t.ok((await recordsOf('image_load_unsigned?', { roots })) > without)
  t.equal(
    await recordsOf("image_load_property_includes?(property: image_path, string: 'x')", { roots }),
    without,
  )
})

t.test('call stacks too, of the events of which a detector asks them', async (t) => {
  const stacksIn = async (rule: string) => {
    const trace = new LiveTrace({ live: { replay: { file: join(folder, 'stacks.etl') } } })
    const rules = await compile({ files: { 'a.rb': rule } })
    const evaluation = rules.evaluate(trace)
    const found: unknown[] = []
    for await (const batch of evaluation)
      for (const { event } of batch) found.push((event as { callstack_summary?: string }).callstack_summary)
    return found
  }
  // Within the first second of a session more images may be told of that ran before it: unknown, not unbacked.
  t.same(await stacksIn('image_load_property_exists?(property: callstack_summary)'), [
    'unknown|a.exe|ntdll.dll',
  ])
  // Windows is asked for none, and gives none.
  t.same(await stacksIn('image_load_property_exists?(property: image_path)'), [undefined])
})

t.test('what was lost rides on every batch', async (t) => {
  const trace = replayed({}, { losses: [{ at: 2, events: 7, buffers: 3 }] })
  let last: LiveStatistics | null = null
  for await (const { live } of (await detectors()).evaluate(trace)) last = live
  t.match(last, { eventsLost: 7, buffersLost: 3, dropped: 0, tooLarge: 0, raw: 0, incomplete: 0 })
})

t.test('and how long each stage takes', async (t) => {
  const evaluation = (await detectors()).evaluate(replayed({ replay: { file: long } }))
  for await (const _ of evaluation);
  const {
    stackWaitP50 = -1,
    stackWaitP99 = -1,
    evaluationP50 = -1,
    evaluationP99 = -1,
  } = evaluation.live ?? {}
  const { waitedP50 = -1, waitedP99 = -1, latencyP50 = -1, latencyP99 = -1 } = evaluation.live ?? {}
  for (const [median, most] of [
    [waitedP50, waitedP99],
    [stackWaitP50, stackWaitP99],
    [evaluationP50, evaluationP99],
    [latencyP50, latencyP99],
  ] as const)
    t.ok(0 <= median && median <= most)
  t.ok(latencyP99 > 0)
  t.ok(latencyP50 >= Math.max(waitedP50, stackWaitP50, evaluationP50), 'which is all of them')
})

t.test('records wait for older ones as long as is asked; what comes later is counted', async (t) => {
  const outOfOrder = async (inOrderWithin: number) => {
    const play = { stalls: [{ at: 9, milliseconds: 200 }], clockBackAt: 10, clockBack: 1e9 }
    const evaluation = (await detectors()).evaluate(replayed({ inOrderWithin }, play))
    for await (const _ of evaluation);
    return evaluation.live?.outOfOrder
  }
  t.equal(await outOfOrder(0), 1, 'the first after the clock was set back')
  t.equal(await outOfOrder(2000), 0)
})

t.test('a consumer that sleeps gets what came meanwhile in one batch', async (t) => {
  const trace = replayed({ replay: { file: long } })
  const evaluation = (await detectors()).evaluate(trace)
  let batches = 0
  let found = 0
  for await (const batch of evaluation) {
    ++batches
    found += batch.length
    if (batches === 1) await sleep(500)
  }
  t.equal(found, 2000)
  t.ok(batches < 10, `${batches} batches`)
  t.equal(evaluation.live?.dropped, 0)
})

t.test('whatever gives way, each record is evaluated once or counted', async (t) => {
  const rounds = 10_000
  const burst = join(folder, 'burst.etl')
  await writeFile(burst, longTrace(rounds))
  let recorded = 0
  for await (const { counts } of (await detectors()).evaluate(openTrace({ file: burst })))
    recorded += counts.records
  t.ok(recorded > rounds)
  for (const overflow of ['drop-oldest', 'drop-newest', 'spill'] as const) {
    const live = { replay: { file: burst }, overflow, spillFolder: folder, queueBytes: 1 << 20 }
    const evaluation = (await detectors()).evaluate(replayed(live))
    let records = 0
    let found = 0
    for await (const batch of evaluation) {
      if (records === 0) await sleep(300)
      records += batch.counts.records
      found += batch.length
    }
    const { queued, dropped, spilled } = evaluation.live as LiveStatistics
    t.equal(queued, recorded, `${overflow}: what came`)
    t.equal(records, queued - dropped, `${overflow}: is evaluated or counted`)
    t.ok(found <= rounds && found >= rounds - dropped, `${overflow}: ${found} detections`)
    t.equal(spilled > 0, overflow === 'spill', overflow)
  }
})

t.test('what there is no room for can go to a disk meanwhile', async (t) => {
  const evaluation = (await detectors()).evaluate(
    replayed({ replay: { file: long }, overflow: 'spill', spillFolder: folder }),
  )
  let found = 0
  for await (const batch of evaluation) found += batch.length
  t.equal(found, 2000)
  t.equal(evaluation.live?.dropped, 0)
  const nowhere = replayed({ overflow: 'spill', spillFolder: join(folder, 'none') })
  await t.rejects(eventsOf(nowhere), { code: 'NUTHATCH_LIVE_SPILL' })
})

t.test('as a Node stream', async (t) => {
  const evaluation = (await detectors()).evaluate(replayed({ replay: { file: long } }))
  let found = 0
  for await (const batch of Readable.from(evaluation)) found += batch.length
  t.equal(found, 2000)
})

t.test('a session that somebody stops ends it with an error, after what came before', async (t) => {
  const evaluation = (await detectors()).evaluate(replayed({ replay: { file: long } }, { killedAt: 5000 }))
  let records = 0
  const reading = async () => {
    for await (const batch of evaluation) records += batch.counts.records
  }
  await t.rejects(reading(), {
    code: 'NUTHATCH_INPUTS_FAILED',
    problems: [{ code: 'NUTHATCH_LIVE_ENDED', source: long }],
  })
  t.ok(records >= 5000)
})

t.test('problems are told of at once, and then nothing is thrown', async (t) => {
  const codes: string[] = []
  const onProblem = ({ code }: { code: string }) => codes.push(code)
  const trace = new LiveTrace(
    { live: { replay: { file }, restart: true } },
    {
      killedAt: 3,
      failures: [{ of: '1c95126e-7eea-49a9-a3fe-a378b03ddb4d', error: 5 }],
    },
  )
  for await (const _ of (await detectors()).evaluate(trace, { onProblem }));
  t.same(codes.sort().slice(0, 2), ['NUTHATCH_LIVE_ENDED', 'NUTHATCH_LIVE_PROVIDER'])
})

t.test('a session that cannot be had is an error', async (t) => {
  const trace = new LiveTrace(
    { live: { replay: { file } } },
    { failures: [{ of: 'EnablePrivilege', error: 1300 }] },
  )
  await t.rejects(eventsOf(trace), { code: 'NUTHATCH_LIVE_PRIVILEGE', message: /run it as administrator/ })
})

t.test('so is a live trace where there is no Windows', { skip: process.platform === 'win32' }, async (t) => {
  await t.rejects(eventsOf(openTrace({ live: true })), { code: 'NUTHATCH_LIVE_UNAVAILABLE' })
  await t.rejects(openTrace({ live: true })[Symbol.asyncIterator]().next(), {
    code: 'NUTHATCH_LIVE_UNAVAILABLE',
  })
})

t.test('and a replay of what is no trace', async (t) => {
  const replay = { file: join(folder, 'rules.rb') }
  await t.rejects(eventsOf(new LiveTrace({ live: { replay } })), { code: 'NUTHATCH_ETL_FORMAT' })
  await t.rejects(eventsOf(new LiveTrace({ live: { replay: { file: 'nope.etl' } } })), {
    code: 'NUTHATCH_INPUT_UNREADABLE',
  })
})

t.test('stop: what has come is evaluated', async (t) => {
  const evaluation = (await detectors()).evaluate(replayed({ replay: { file: long, speed: 1 } }))
  let records = 0
  for await (const batch of evaluation) {
    records += batch.counts.records
    evaluation.stop()
  }
  t.ok(records > 0)
  t.equal(records, evaluation.live?.queued)
})

t.test('break, abort and dispose end it, whatever is under way', async (t) => {
  const slow = { replay: { file: long, speed: 0.01 } }
  for await (const _ of replayed(slow)) break
  for await (const _ of (await detectors()).evaluate(replayed(slow))) break

  const abort = new AbortController()
  setTimeout(() => abort.abort(new Error('enough')), 50)
  const aborted = async () => {
    for await (const _ of (await detectors()).evaluate(replayed(slow), { signal: abort.signal }));
  }
  await t.rejects(aborted(), { message: 'enough' })

  const trace = replayed(slow)
  const iteration = (async () => {
    for await (const _ of trace);
  })()
  await sleep(50)
  await trace[Symbol.asyncDispose]()
  await t.rejects(iteration, { code: 'NUTHATCH_TRACE_CLOSED' })
})

t.test('several at a time, each with its own sessions', async (t) => {
  const rules = await detectors()
  const counts = await Promise.all(
    [1, 2, 3].map(async () => {
      let found = 0
      for await (const batch of rules.evaluate(replayed({ replay: { file: long } }))) found += batch.length
      return found
    }),
  )
  t.same(counts, [2000, 2000, 2000])
})

t.test('a thousand starts and stops leave no memory and no handles behind', async (t) => {
  const rules = await detectors()
  const cycle = async () => {
    const evaluation = rules.evaluate(replayed(), { threads: 1 })
    await evaluation.next()
    await evaluation.return()
  }
  const handles = () => process.getActiveResourcesInfo().length
  for (let i = 0; i < 200; ++i) await cycle()
  const before = { handles: handles(), memory: process.memoryUsage.rss() }
  for (let i = 0; i < 800; ++i) await cycle()
  t.equal(handles(), before.handles)
  const growth = process.memoryUsage.rss() - before.memory
  t.ok(growth < 32e6, `${growth} bytes more`)
})

t.test('workers are ended wherever they are, two at a time', async (t) => {
  const script = join(t.testdir({ 'worker.mjs': workerSource }), 'worker.mjs')
  const workerData = { file: long, rules: join(folder, 'rules.rb') }
  const started = (worker: Worker) =>
    new Promise<number>((resolve, reject) => worker.once('message', resolve).once('error', reject))
  // Where the end meets a call into the addon, nothing can be thrown from it: one in some five did.
  for (let round = 0; round < 5; ++round) {
    const workers = [1, 2].map(() => new Worker(script, { workerData }))
    const first = await Promise.all(workers.map(started))
    t.ok(first.every((records) => records > 0))
    await sleep(4 * round)
    t.same(await Promise.all(workers.map((each) => each.terminate())), [1, 1])
  }
})

/** Evaluates a replayed trace over and over. */
const workerSource = `
import { parentPort, workerData } from 'node:worker_threads'
import { register } from ${JSON.stringify(import.meta.resolve('tsx/esm/api'))}
register()
const { compile, openTrace } = await import(${JSON.stringify(new URL('../../../lib/index.ts', import.meta.url).href)})
const detectors = await compile(workerData.rules)
for (;;) {
  const trace = openTrace({ live: { attach: 'recorded', replay: { file: workerData.file } } })
  for await (const batch of detectors.evaluate(trace)) parentPort.postMessage(batch.counts.records)
}
`

t.test('options are checked', (t) => {
  const refuses = (options: unknown, message: RegExp) =>
    t.throws(() => openTrace(options as { live: true }), { message })
  refuses({ live: 1 }, /live must be true or an object/)
  refuses({ live: {}, file: 'a.etl' }, /no option `file`/)
  refuses({ live: { overflow: 'block' } }, /overflow must be 'drop-oldest' or 'drop-newest' or 'spill'/)
  refuses({ live: { queueBytes: 10 } }, /queueBytes must be a whole number/)
  refuses({ live: { inOrderWithin: -1 } }, /inOrderWithin must be/)
  refuses({ live: { attach: '' } }, /attach must be the name of a session/)
  refuses({ live: { replay: {} } }, /replay.file must be the path of a trace/)
  refuses({ live: { replay: { file: 'a.etl', speed: 0 } } }, /speed must be a number above 0/)
  refuses({ live: { restrat: true } }, /did you mean `restart`/)
  t.end()
})
