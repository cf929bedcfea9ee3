import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { crc32, gzipSync } from 'node:zlib'
import t from 'tap'
import { compile, Detectors, type DiagnosticsError, readTelemetry } from '../../lib/index.js'
import { record, rule } from './cli/nuthatch.js'

const text = (count: number) => Array.from({ length: count }, (_, n) => record(n, n % 10 === 0)).join('')
const folder = t.testdir({ 'rule.rb': rule, 'a.ndjson': text(1000), 'b.gz': gzipSync(text(20)) })
const file = (name: string) => join(folder, name)
const detectors = await compile({ files: { 'rule.rb': rule } })

/** Endless telemetry, and how much of it has been asked for. */
function endless(delay?: number) {
  const state = { given: 0, closed: false }
  async function* generate() {
    const chunk = Buffer.from(text(1000))
    try {
      for (;;) {
        if (delay !== undefined) await new Promise((resolve) => setTimeout(resolve, delay))
        state.given += 1000
        yield chunk
      }
    } finally {
      state.closed = true
    }
  }
  return { state, source: generate() }
}

t.test('compile: from files, folders, patterns and text', async (t) => {
  for (const rules of [file('rule.rb'), folder, [file('*.rb')], { files: { 'x.rb': rule } }]) {
    const { detectors, warnings, statistics } = await compile(rules)
    t.match(detectors, [
      { name: 'bxor', title: 'Binary XOR on a command line', severity: 'high', attack: ['T1027'] },
    ])
    t.same(warnings, [])
    t.match(statistics, { detectors: 1, terms: 1 })
  }
  t.equal((await compile(folder, { severity: 'critical' })).detectors.length, 0)
})

t.test('compile: all errors of all files in one', async (t) => {
  const error = await compile({ files: { 'a.rb': 'wndows?', 'b.rb': rule, 'c.rb': 'linx?' } }).catch(
    (error) => error,
  )
  t.match(error, { name: 'DiagnosticsError', code: 'NUTHATCH_RULES_INVALID' })
  t.same(
    (error as DiagnosticsError).diagnostics.map(({ span }) => span.file),
    ['a.rb', 'c.rb'],
  )
  await t.rejects(compile('/nowhere'), { code: 'NUTHATCH_RULES_NOT_FOUND' })
})

t.test('evaluate: batches of detections, and a summary', async (t) => {
  const evaluation = detectors.evaluate(readTelemetry([file('a.ndjson'), file('b.gz')]))
  const lines: string[] = []
  for await (const batch of evaluation) {
    t.equal(batch.items.length, batch.length)
    t.equal(batch.counts.detections, batch.length)
    t.equal(Buffer.from(batch.ndjson).toString().split('\n').length - 1, batch.length)
    for (const { source, line } of batch) lines.push(`${source.slice(folder.length + 1)}:${line}`)
  }
  t.same(lines, [...Array.from({ length: 100 }, (_, i) => `a.ndjson:${10 * i + 1}`), 'b.gz:1', 'b.gz:11'])
  t.match(evaluation.summary, { records: 1020, events: 1020, detections: 102, malformed: 0 })
})

t.test('readTelemetry: iterated over, it gives standard events', async (t) => {
  const telemetry = readTelemetry(file('b.gz'))
  for (let round = 0; round < 2; round++) {
    const events = []
    for await (const batch of telemetry) events.push(...batch)
    t.equal(events.length, 20, 'a file can be read again')
    t.match(events[10], { event_type: 'process_start', process_pid: 10, command_line: 'p 1 -BXOR 2' })
  }
})

t.test('a Plan can be kept and read back', async (t) => {
  const again = Detectors.fromPlan(detectors.plan)
  t.same(again.detectors, detectors.detectors)
  t.equal((await again.evaluateEvents({ event_type: 'process_start', command_line: '-bxor' })).length, 1)
  const damaged = Uint8Array.from(detectors.plan)
  damaged[100] = (damaged[100] ?? 0) ^ 1
  for (const bytes of [damaged, new Uint8Array(3)])
    t.throws(() => Detectors.fromPlan(bytes), { name: 'NuthatchError', code: 'NUTHATCH_PLAN_CORRUPT' })
})

t.test('a Plan whose descriptions of detectors are not such is corrupt, whatever its checksum', async (t) => {
  const corrupt = { name: 'NuthatchError', code: 'NUTHATCH_PLAN_CORRUPT' }
  const withMeta = (text: string): Buffer => {
    const plan = Buffer.from(detectors.plan)
    const head = plan.subarray(0, plan.indexOf('META') + 4)
    const length = Buffer.alloc(4)
    length.writeUInt32LE(text.length)
    return signed(Buffer.concat([head, length, Buffer.from(text)]))
  }
  t.same(Detectors.fromPlan(withMeta('[{"name":"a"}]')).detectors, [{ name: 'a' }])
  for (const text of ['', '[', '{}', 'null', '[null]', '[{"name":1}]'])
    t.throws(() => Detectors.fromPlan(withMeta(text)), corrupt)
  const plan = Buffer.from(detectors.plan)
  plan.write('x', plan.indexOf('"detector":'))
  const event = { event_type: 'process_start', command_line: '-bxor' } as const
  await t.rejects(Detectors.fromPlan(signed(plan)).evaluateEvents(event), corrupt)
})

/** With the CRC-32 that its body has. */
function signed(plan: Buffer): Buffer {
  plan.writeUInt32LE(crc32(plan.subarray(24)), 20)
  return plan
}

t.test('a consumer that takes its time stops the reading', async (t) => {
  const { state, source } = endless()
  const evaluation = detectors.evaluate(source, { threads: 2 })
  await evaluation.next()
  let before = -1
  while (before !== state.given) {
    before = state.given
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  // At most six blocks of 2 MiB under way, one being filled, and what the streams between hold.
  t.ok(state.given * record(1).length < 20 << 20, `${state.given} records`)
  await evaluation.return()
  t.ok(state.closed)
})

t.test('leaving the loop early ends everything', async (t) => {
  const { state, source } = endless()
  for await (const batch of detectors.evaluate(source)) if (batch.length > 0) break
  t.ok(state.closed)
  const evaluation = detectors.evaluate(endless().source)
  await evaluation.next()
  await evaluation[Symbol.asyncDispose]()
  t.same(await evaluation.next(), { done: true, value: undefined })
})

t.test('return() does not wait for a source that is silent', async (t) => {
  const silent = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) }
  const evaluation = detectors.evaluate(silent)
  const next = evaluation.next()
  await evaluation.return()
  t.same(await next, { done: true, value: undefined })
})

t.test('abort throws the reason of the signal', async (t) => {
  const { state, source } = endless(1)
  const controller = new AbortController()
  const run = async () => {
    for await (const _ of detectors.evaluate(source, { signal: controller.signal }))
      controller.abort(new Error('enough'))
  }
  await t.rejects(run(), { message: 'enough' })
  await t.rejects(detectors.evaluate(file('a.ndjson'), { signal: AbortSignal.abort() }).next(), {
    name: 'AbortError',
  })
  while (!state.closed) await new Promise((resolve) => setTimeout(resolve, 5))
})

t.test('stop() reads no further and delivers what was read', async (t) => {
  const { source } = endless(1)
  const evaluation = detectors.evaluate(source)
  let seen = 0
  for await (const batch of evaluation) {
    seen += batch.counts.records
    evaluation.stop()
  }
  t.ok(seen > 0)
  t.equal(evaluation.summary.records, seen)
})

t.test('lines that trickle in are not kept waiting', async (t) => {
  async function* trickle() {
    yield record(1, true)
    await new Promise(() => {})
  }
  const evaluation = detectors.evaluate(trickle())
  const { value } = await evaluation.next()
  t.match([...(value ?? [])], [{ detector: 'bxor', source: '<stream>', line: 1 }])
  await evaluation.return()
})

t.test('inputs that fail: the others are read, then an error says which', async (t) => {
  let detections = 0
  const run = async (options = {}) => {
    for await (const batch of detectors.evaluate([file('none'), file('a.ndjson')], options))
      detections += batch.length
  }
  await t.rejects(run(), {
    code: 'NUTHATCH_INPUTS_FAILED',
    problems: [{ code: 'NUTHATCH_INPUT_NOT_FOUND', source: file('none') }],
  })
  t.equal(detections, 100)
  const problems: unknown[] = []
  await run({ onProblem: (problem: unknown) => problems.push(problem) })
  t.match(problems, [{ code: 'NUTHATCH_INPUT_NOT_FOUND' }])
})

t.test('strict: up to the first malformed record, and no further', async (t) => {
  const lines: number[] = []
  const run = async () => {
    const telemetry = readTelemetry(stream(`${record(1, true)}oops\n${record(3, true)}`), {
      strict: true,
      name: 'sensor',
    })
    for await (const batch of detectors.evaluate(telemetry))
      lines.push(...batch.items.map(({ line }) => line))
  }
  t.match(await run().catch((error) => error), { name: 'MalformedRecordError', source: 'sensor', line: 2 })
  t.same(lines, [1])
})

t.test('a record that is too long is passed over and counted with its place', async (t) => {
  const long = JSON.stringify({ event_type: 'process_start', command_line: `-bxor ${'x'.repeat(3 << 20)}` })
  const bytes = `${record(1, true)}${long}\n${record(3, true)}`
  for (const maxRecordBytes of [1000, 2 << 20]) {
    const evaluation = detectors.evaluate(stream(bytes), { maxRecordBytes })
    const lines: number[] = []
    for await (const batch of evaluation) lines.push(...batch.items.map(({ line }) => line))
    t.same(lines, [1, 3])
    t.match(evaluation.summary, { records: 2, malformed: 1, malformedSamples: [{ line: 2 }] })
  }
  let found = 0
  for await (const batch of detectors.evaluate(stream(bytes))) found += batch.length
  t.equal(found, 3, 'within the limit it is a record like any other')
})

/** What a caller in JavaScript may hand over. */
const anything = (value: unknown) => value as never

t.test('options are checked: their values, and that there are such options', async (t) => {
  const wrong: [object, string][] = [
    [{ threads: 0 }, 'threads must be a whole number from 1 to 1024, not 0'],
    [{ threads: 1.5 }, 'threads must be a whole number from 1 to 1024, not 1.5'],
    [{ maxRecordBytes: -1 }, 'maxRecordBytes must be a whole number from 1 to 1073741824, not -1'],
    [
      { processTableCapacity: Number.NaN },
      'processTableCapacity must be a whole number from 0 to 16777216, not NaN',
    ],
    [{ strict: 1 }, 'strict must be true or false, not 1'],
    [{ name: 5 }, 'name must be text, not 5'],
    [{ onProblem: 'tell' }, "onProblem must be a function, not 'tell'"],
    [{ signal: {} }, 'signal must be an AbortSignal, not {}'],
    [{ thread: 1 }, 'there is no option `thread`; did you mean `threads`?'],
    [
      { threads: -1, strict: 'yes', thread: 1 },
      "threads must be a whole number from 1 to 1024, not -1\nstrict must be true or false, not 'yes'\n" +
        'there is no option `thread`; did you mean `threads`?',
    ],
    [anything(null), 'options must be an object, not null'],
    [[], 'options must be an object, not []'],
  ]
  for (const [options, message] of wrong)
    t.throws(() => detectors.evaluate('x', anything(options)), { code: 'NUTHATCH_INVALID_OPTION', message })
  t.doesNotThrow(() => detectors.evaluate('x', { threads: undefined, strict: undefined }))
  for (const options of [{ threads: 1 }, { bogus: 1 }, []])
    t.throws(() => readTelemetry('x', anything(options)), { code: 'NUTHATCH_INVALID_OPTION' })
  for (const options of [{ derived: 1 }, []])
    t.throws(() => readTelemetry('x').standardize(anything(options)), { code: 'NUTHATCH_INVALID_OPTION' })
  await t.rejects(compile(folder, anything([])), { code: 'NUTHATCH_INVALID_OPTION' })
  await t.rejects(compile(folder, anything({ severity: 'hgih' })), {
    code: 'NUTHATCH_INVALID_OPTION',
    message: "severity must be one of 'informational', 'low', 'medium', 'high', 'critical', not 'hgih'",
  })
  await t.rejects(compile(folder, anything({ severty: 'high' })), {
    message: 'there is no option `severty`; did you mean `severity`?',
  })
})

t.test('arguments of the wrong kind are errors with a code', async (t) => {
  const code = 'NUTHATCH_INVALID_ARGUMENT'
  for (const rules of [
    undefined,
    null,
    5,
    {},
    [],
    [5],
    { files: 5 },
    { files: {} },
    { files: [rule] },
    { files: { 'a.rb': 5 } },
  ])
    await t.rejects(compile(anything(rules)), { name: 'NuthatchError', code })
  await t.rejects(compile({ files: anything({ 'a.rb': 5 }) }), {
    message: "rules.files['a.rb'] must be text or bytes, not 5",
  })
  await t.rejects(compile(anything({ files: { 'a.rb': rule }, severity: 'high' })), {
    code,
    message: 'rules hold `files` and nothing else, not `severity`: options go into the second argument',
  })
  for (const telemetry of [undefined, null, 5, {}, [], [5]]) {
    t.throws(() => detectors.evaluate(anything(telemetry)), { name: 'NuthatchError', code })
    t.throws(() => readTelemetry(anything(telemetry)), { name: 'NuthatchError', code })
  }
  t.throws(() => readTelemetry(anything(readTelemetry('x'))), { code })
  for (const plan of [undefined, null, 'x', [1]]) {
    t.throws(() => Detectors.fromPlan(anything(plan)), { name: 'NuthatchError', code })
    t.throws(() => new Detectors(anything(plan), [], null), { name: 'NuthatchError', code })
  }
  for (const events of [undefined, null, 5, 'x'])
    await t.rejects(detectors.evaluateEvents(anything(events)), { name: 'NuthatchError', code })
  await t.rejects(detectors.evaluateEvents(anything(undefined)), {
    message: 'events must be an event in standard form or an array of them, not undefined',
  })
  const event = { event_type: 'process_start' }
  for (const events of [new Set([event]), [event].values(), (async function* () {})()])
    await t.rejects(detectors.evaluateEvents(anything(events)), { code }, 'iterates over events, and is none')
})

t.test('any number of evaluations at a time', async (t) => {
  const count = async () => {
    let detections = 0
    for await (const batch of detectors.evaluate(file('a.ndjson'), { threads: 2 })) detections += batch.length
    return detections
  }
  t.same(await Promise.all(Array.from({ length: 8 }, count)), Array(8).fill(100))
})

t.test('in worker threads, with a Plan from the main thread', async (t) => {
  writeFileSync(file('worker.mjs'), workerSource)
  const results = await Promise.all(
    [1, 2].map(
      () =>
        new Promise((resolve, reject) => {
          const workerData = { plan: detectors.plan, file: file('a.ndjson') }
          new Worker(file('worker.mjs'), { workerData }).on('message', resolve).on('error', reject)
        }),
    ),
  )
  t.same(results, [100, 100])
})

const workerSource = `
import { parentPort, workerData } from 'node:worker_threads'
import { register } from ${JSON.stringify(import.meta.resolve('tsx/esm/api'))}
register()
const { Detectors } = await import(${JSON.stringify(new URL('../../lib/index.ts', import.meta.url).href)})
let detections = 0
for await (const batch of Detectors.fromPlan(workerData.plan).evaluate(workerData.file)) detections += batch.length
parentPort.postMessage(detections)
`

async function* stream(bytes: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(bytes)
}
