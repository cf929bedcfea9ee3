import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import {
  compile,
  type DetectionBatch,
  type Detectors,
  type LiveEventBatch,
  type LiveOptions,
  type LiveStatistics,
  openTrace,
  type StandardEvent,
} from '../../../lib/index.js'
import { LiveTrace } from '../../../lib/live/live-trace.js'
import type { NativeBuffers } from '../../../lib/live/native-live.js'
import { native } from '../../../lib/native.js'
import { exampleTrace, joinedTrace, longTrace, stackTrace } from '../etw/traces.js'
import { playsIn } from './plays.mjs'

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
const replayed = (options: LiveOptions = {}): LiveTrace =>
  openTrace({ live: { attach: 'recorded', replay: { file }, ...options } })

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

t.test('whatever may happen to it', async (t) => {
  for (const [name, run] of await playsIn({ compile, openTrace, LiveTrace }, folder)) t.test(name, run)
})

t.test(
  'where there is no Windows there is none, and that is an error',
  { skip: process.platform === 'win32' },
  async (t) => {
    await t.rejects(eventsOf(openTrace({ live: true })), { code: 'NUTHATCH_LIVE_UNAVAILABLE' })
    await t.rejects(openTrace({ live: true })[Symbol.asyncIterator]().next(), {
      code: 'NUTHATCH_LIVE_UNAVAILABLE',
    })
  },
)

t.test('and a replay of what is no trace', async (t) => {
  const replay = { file: join(folder, 'rules.rb') }
  await t.rejects(eventsOf(new LiveTrace({ live: { replay } })), { code: 'NUTHATCH_ETL_FORMAT' })
  await t.rejects(eventsOf(new LiveTrace({ live: { replay: { file: 'nope.etl' } } })), {
    code: 'NUTHATCH_INPUT_UNREADABLE',
  })
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

t.test('one that cannot be ended', async (t) => {
  const { LiveTrace: Ending } = native
  const noMemory = new Error('there is not enough memory to end the trace')
  let hasFailed = (): void => {}
  native.LiveTrace = class extends Ending {
    override async close(): Promise<void> {
      await super.close()
      hasFailed()
      throw noMemory
    }
  }
  t.teardown(() => {
    native.LiveTrace = Ending
  })
  const slow = () => replayed({ replay: { file: long, speed: 0.001 } })
  const rules = await detectors()

  t.test('disposing of it fails for no reader, and each hears of it', async (t) => {
    const trace = slow()
    const evaluation = rules.evaluate(trace)
    const readers = [evaluation, trace[Symbol.asyncIterator]()].map(async (reader) => {
      for await (const _ of reader);
    })
    const ended = Promise.allSettled(readers)
    while (!evaluation.live?.queued) await sleep(1)
    await t.resolves(trace[Symbol.asyncDispose]())
    for (const reader of await ended) t.match(reader, { status: 'rejected', reason: noMemory })
  })

  t.test('an abort while nobody reads leaves no rejection to nobody: who reads on hears of it', async (t) => {
    for (const read of [
      (signal: AbortSignal) => rules.evaluate(slow(), { signal }),
      (signal: AbortSignal) =>
        openTrace({ live: { attach: 'recorded', replay: { file } }, signal })[Symbol.asyncIterator](),
    ]) {
      const abort = new AbortController()
      const reader = read(abort.signal)
      await reader.next()
      const failed = new Promise<void>((resolve) => {
        hasFailed = resolve
      })
      abort.abort()
      await failed
      await sleep(1) // else whoever reads on is there in time
      const toItsEnd = async () => {
        for await (const _ of reader);
      }
      await t.rejects(toItsEnd(), noMemory)
    }
  })
})

t.test('leaving an iteration does not wait for events', async (t) => {
  const iteration = replayed({ replay: { file: long, speed: 0.001 } })[Symbol.asyncIterator]()
  let waiting = iteration.next()
  const comes = () => Promise.race([waiting.then(() => true), sleep(300, false)])
  while (await comes()) waiting = iteration.next()
  t.same(await iteration.return(undefined), { value: undefined, done: true })
  await waiting
})

t.test('the last batch of an iteration has no events, but all that was lost by the end', async (t) => {
  const batches: LiveEventBatch[] = []
  for await (const batch of replayed()) batches.push(batch)
  t.ok(batches.length > 1)
  const last = batches.at(-1)
  t.same(last?.items, [])
  t.match(last?.live, { dropped: 0, eventsLost: 0, outOfOrder: 0, records: last?.live.queued })
})

t.test('sessions have the buffers that are asked for', async (t) => {
  const asked = { bufferKiB: 256, leastBuffers: 32, mostBuffers: 128 }
  const refused = { code: 'NUTHATCH_LIVE_SESSION', message: /error 87 of Windows/ }
  const starts = (live: LiveOptions, buffers: NativeBuffers) =>
    eventsOf(new LiveTrace({ live: { replay: { file }, ...live } }, { buffers }))
  const wanted = { kilobytes: 256, least: 32, most: 128 }
  t.ok((await starts(asked, wanted)).length > 0)
  t.ok((await starts({}, { kilobytes: 64, least: 0, most: 0 })).length > 0)
  for (const other of [{ kilobytes: 64 }, { least: 2 }, { most: 64 }])
    await t.rejects(starts(asked, { ...wanted, ...other }), refused)
})

t.test('what has become of call stacks is told with each batch that may have some', async (t) => {
  const rules = await compile({
    files: { 'a.rb': 'image_load_property_exists?(property: callstack_summary)' },
  })
  const live: LiveStatistics[] = []
  for await (const batch of rules.evaluate(replayed({ replay: { file: join(folder, 'stacks.etl') } })))
    live.push(batch.live)
  t.match(live.at(-1)?.stacks, { matched: 1, late: 1, dropped: 0, untold: 0 })
  for await (const batch of (await detectors()).evaluate(replayed())) t.equal(batch.live.stacks, undefined)
})

t.test('options are checked', (t) => {
  const refuses = (options: unknown, message: RegExp) =>
    t.throws(() => openTrace(options as { live: true }), { message })
  refuses({ live: 1 }, /live must be true or an object/)
  refuses({ live: {}, file: 'a.etl' }, /no option `file`/)
  refuses({ live: { overflow: 'block' } }, /overflow must be 'drop-oldest' or 'drop-newest' or 'spill'/)
  for (const queueBytes of [10, 2 ** 31 + 1, 2 ** 33])
    refuses({ live: { queueBytes } }, /queueBytes must be a whole number from 1048576 to 2147483648/)
  refuses({ live: { inOrderWithin: -1 } }, /inOrderWithin must be/)
  refuses({ live: { cachedStacksWithin: 99 } }, /cachedStacksWithin must be a whole number from 100 to 60000/)
  for (const bufferKiB of [0, 16_385, 1.5])
    refuses({ live: { bufferKiB } }, /bufferKiB must be a whole number from 1 to 16384/)
  refuses({ live: { leastBuffers: 1 } }, /leastBuffers must be a whole number from 2/)
  refuses({ live: { mostBuffers: 1 } }, /mostBuffers must be a whole number from 2/)
  refuses({ live: { leastBuffers: 64, mostBuffers: 63 } }, /mostBuffers, 63, is less than leastBuffers, 64/)
  refuses({ live: { attach: '' } }, /attach must be the name of a session/)
  refuses({ live: { replay: {} } }, /replay.file must be the path of a trace/)
  refuses({ live: { replay: { file: 'a.etl', speed: 0 } } }, /speed must be a number above 0/)
  refuses({ live: { restrat: true } }, /did you mean `restart`/)
  t.end()
})
