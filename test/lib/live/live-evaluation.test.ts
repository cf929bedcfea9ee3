import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Worker } from 'node:worker_threads'
import t from 'tap'
import { compile, type Detectors, type LiveOptions, openTrace } from '../../../lib/index.js'
import { LiveTrace } from '../../../lib/live/live-trace.js'
import { finish, library } from '../cli/nuthatch.js'
import { exampleTrace, longTrace } from '../etw/traces.js'

const folder = t.testdir({
  'a.etl': exampleTrace,
  'some.etl': longTrace(200),
  'long.etl': longTrace(2000),
  'rules.rb': "dns_query_property_includes_any?(property: query_name, strings: ['files'])",
})
const long = join(folder, 'long.etl')

const replayed = (options: LiveOptions = {}): LiveTrace =>
  openTrace({ live: { attach: 'recorded', replay: { file: long }, ...options } })

const detectors = (): Promise<Detectors> => compile(join(folder, 'rules.rb'))

t.test('each stage is timed', async (t) => {
  const evaluation = (await detectors()).evaluate(replayed())
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

t.test('a consumer that sleeps gets what came meanwhile in one batch', async (t) => {
  const trace = replayed()
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

t.test('a consumer that slept until there was no room for more gets the rest, too', async (t) => {
  const most = 64 << 20
  for (let largest = 0; largest < most; ) {
    const trace = new LiveTrace({ live: { attach: 'recorded', replay: { file: long } } }, { repeat: 10 })
    const evaluation = trace.standardize()
    await evaluation.next()
    for (let before = -1, now = 0; now !== before; now = evaluation.live?.records ?? 0) {
      before = now
      await sleep(500)
    }
    for await (const { ndjson } of evaluation) largest = Math.max(largest, ndjson.length)
    const { queued, dropped } = evaluation.live ?? { queued: 0, dropped: 0 }
    t.equal(evaluation.summary.records, queued - dropped)
  }
})

t.test('what there is no room for can go to a disk meanwhile', async (t) => {
  const evaluation = (await detectors()).evaluate(replayed({ overflow: 'spill', spillFolder: folder }))
  let found = 0
  for await (const batch of evaluation) found += batch.length
  t.equal(found, 2000)
  t.equal(evaluation.live?.dropped, 0)
  const nowhere = replayed({ overflow: 'spill', spillFolder: join(folder, 'none') })
  await t.rejects(nowhere.standardize().next(), { code: 'NUTHATCH_LIVE_SPILL' })
})

t.test('as a Node stream', async (t) => {
  const evaluation = (await detectors()).evaluate(replayed())
  let found = 0
  for await (const batch of Readable.from(evaluation)) found += batch.length
  t.equal(found, 2000)
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

t.test('closing it blocks nothing, though the system is in the middle of a call', async (t) => {
  const rules = await detectors()
  const endings: Record<string, (stalled: LiveTrace) => Promise<() => Promise<unknown>>> = {
    'return of an evaluation': async (stalled) => {
      const evaluation = rules.evaluate(stalled)
      await evaluation.next()
      return () => evaluation.return()
    },
    'an abort': async (stalled) => {
      const abort = new AbortController()
      const evaluation = rules.evaluate(stalled, { signal: abort.signal })
      await evaluation.next()
      return async () => {
        abort.abort()
        await evaluation.next().catch(() => {})
      }
    },
    'disposal of the trace': async (stalled) => {
      await stalled[Symbol.asyncIterator]().next()
      return () => stalled[Symbol.asyncDispose]()
    },
  }
  for (const [name, begin] of Object.entries(endings)) {
    // On a slow machine the call may have ended before it is closed: then it is tried with a longer one.
    for (let milliseconds = 1500, took = 0; took < 300; milliseconds *= 2) {
      const options = { live: { attach: 'recorded', replay: { file: long } } }
      const end = await begin(new LiveTrace(options, { stalls: [{ at: 100, milliseconds }] }))
      let ticks = 0
      const timer = setInterval(() => ++ticks, 20)
      const begun = performance.now()
      await end()
      took = performance.now() - begun
      clearInterval(timer)
      if (took >= 300) t.ok(ticks >= 3, `${name}: ${ticks} ticks`)
    }
  }
})

t.test('several at a time, each with its own sessions', async (t) => {
  const rules = await detectors()
  const counts = await Promise.all(
    [1, 2, 3].map(async () => {
      let found = 0
      for await (const batch of rules.evaluate(replayed())) found += batch.length
      return found
    }),
  )
  t.same(counts, [2000, 2000, 2000])
})

/** Starts and stops so often, and says how much memory and how many handles that has left behind. */
async function leftBehind(cycles: number, cycle: () => Promise<unknown>) {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc')
  const now = () => {
    collect()
    const { rss, heapUsed } = process.memoryUsage()
    return { rss, heapUsed, handles: process.getActiveResourcesInfo().length }
  }
  for (let i = 0; i < cycles / 5; ++i) await cycle()
  const before = now()
  for (let i = 0; i < cycles; ++i) await cycle()
  const after = now()
  return {
    rss: after.rss - before.rss,
    heapUsed: after.heapUsed - before.heapUsed,
    handles: after.handles - before.handles,
  }
}

t.test('a thousand starts and stops leave no memory and no handles behind', async (t) => {
  const rules = await detectors()
  const short = { replay: { file: join(folder, 'a.etl') } }
  const reused = replayed(short)
  const { signal } = new AbortController()
  const cycles = {
    'each of a trace of its own': () => rules.evaluate(replayed(short), { threads: 1 }),
    'all of one trace': () => rules.evaluate(reused, { threads: 1 }),
    'and with a signal': () => rules.evaluate(reused, { threads: 1, signal }),
    'of its events as they are': () => reused[Symbol.asyncIterator](),
  }
  for (const [name, start] of Object.entries(cycles)) {
    const left = await leftBehind(1000, async () => {
      const reading = start()
      await reading.next()
      await reading.return(undefined)
    })
    t.equal(left.handles, 0, name)
    t.ok(left.rss < 32e6, `${name}: ${left.rss} bytes more`)
    t.ok(left.heapUsed < 1e6, `${name}: ${left.heapUsed} bytes more of V8's`)
  }
})

/** What a program or a worker begins with. */
const imports = `
if (given.loader) (await import(given.loader)).register()
const { compile, openTrace } = await import(given.library)
const detectors = await compile(given.rules)
const open = () => openTrace({ live: { attach: 'recorded', replay: given.replay } })
`
const given = { ...library, replay: { file: join(folder, 'some.etl') }, rules: join(folder, 'rules.rb') }

t.test('workers are ended wherever they are, two at a time', async (t) => {
  // Evaluates a replayed trace over and over.
  const source = `
    import { parentPort, workerData as given } from 'node:worker_threads'
    ${imports}
    for (;;) for await (const batch of detectors.evaluate(open())) parentPort.postMessage(batch.counts.records)`
  const script = join(t.testdir({ 'worker.mjs': source }), 'worker.mjs')
  const started = (worker: Worker) =>
    new Promise<number>((resolve, reject) => worker.once('message', resolve).once('error', reject))
  // Where the end meets a call into the addon, nothing can be thrown from it: one in some five did.
  for (let round = 0; round < 5; ++round) {
    const workers = [1, 2].map(() => new Worker(script, { workerData: given }))
    const first = await Promise.all(workers.map(started))
    t.ok(first.every((records) => records > 0))
    await sleep(4 * round)
    t.same(await Promise.all(workers.map((each) => each.terminate())), [1, 1])
  }
})

t.test('a program may exit wherever it is, and says nothing', async (t) => {
  const endings = {
    'in the middle of a batch': 'for await (const batch of reading) for (const _ of batch) process.exit(7)',
    'while a batch is waited for':
      'await reading.next(); reading.next(); setTimeout(() => process.exit(7), 5)',
    'while the sessions start': 'reading.next(); process.exit(7)',
  }
  for (const [name, ending] of Object.entries(endings))
    for (const reading of ['detectors.evaluate(open())', 'open()[Symbol.asyncIterator]()']) {
      const source = `
        const given = JSON.parse(process.argv[2])
        ${imports}
        const reading = ${reading}
        ${ending}`
      const script = join(t.testdir({ 'program.mjs': source }), 'program.mjs')
      const child = spawn(process.execPath, [script, JSON.stringify(given)])
      t.same(await finish(child), { stdout: '', stderr: '', code: 7 }, `${name}: ${reading}`)
    }
})
