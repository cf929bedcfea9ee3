import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { compile, type Detectors } from '../../../lib/index.js'
import { exampleTrace } from '../etw/traces.js'

const folder = t.testdir({})
const file = join(folder, 'telemetry.ndjson')
const record = '{"event_type":"process_start","process_name":"x.exe"}\n'

const detectors = (): Promise<Detectors> =>
  compile({
    files: { 'x.rb': "process_start_property_equals_any?(property: process_name, strings: ['x.exe'])" },
  })

t.test('a file that becomes shorter while it is read is told of, and counted as it was', async (t) => {
  for (const threads of [1, 2]) {
    writeFileSync(file, record.repeat(2_000_000))
    const evaluation = (await detectors()).evaluate(file, { threads, onProblem: () => {} })
    for await (const batch of evaluation) if (batch.length > 0) truncateSync(file, 0)
    const { summary, problems } = evaluation
    t.match(problems, [{ code: 'NUTHATCH_INPUT_TRUNCATED', source: file }])
    t.equal(problems.length, 1)
    t.ok(summary.records < 2_000_000)
    // A line over the end of what was read counts as a record, though not all its bytes are of that part.
    t.ok(Math.abs(summary.bytes - summary.records * record.length) < 10 * record.length)
  }
})

t.test('a file and a stream with the same bytes give the same counts', async (t) => {
  const long = `{"x":"${'x'.repeat(3000)}"}\n`
  const text = `\ufeff${record}\n${long}\r\n${record.trimEnd()}\r\n${long}${record.trimEnd()}`
  writeFileSync(file, text)
  const counts = async (input: string | Readable) => {
    const evaluation = (await detectors()).evaluate(input, { maxRecordBytes: 1000, name: file })
    for await (const _ of evaluation);
    const { seconds: _, ...rest } = evaluation.summary
    return rest
  }
  const ofFile = await counts(file)
  t.match(ofFile, { bytes: Buffer.byteLength(text), records: 3, malformed: 2, detections: 3 })
  t.same(await counts(Readable.from([Buffer.from(text)])), ofFile)
})

t.test('of a file of several parts every record is evaluated once', async (t) => {
  const thousand = record.replace('x.exe', 'y.exe').repeat(999) + record
  const thousands = Math.ceil(17_000_000 / thousand.length)
  writeFileSync(file, thousand.repeat(thousands))
  for (const threads of [1, 2]) {
    const evaluation = (await detectors()).evaluate(file, { threads })
    const lines: number[] = []
    for await (const batch of evaluation) for (const { line } of batch) lines.push(line)
    t.match(evaluation.summary, {
      bytes: thousands * thousand.length,
      records: thousands * 1000,
      malformed: 0,
      detections: thousands,
    })
    t.same(
      lines,
      Array.from({ length: thousands }, (_, i) => 1000 * (i + 1)),
    )
  }
})

t.test('detections come in the order of their records, whatever their types', async (t) => {
  const started = "process_start_property_equals_any?(property: process_name, strings: ['x.exe'])"
  const loaded = "image_load_property_equals_any?(property: image_name, strings: ['x.dll'])"
  const other = '{"event_type":"image_load","image_name":"x.dll"}\n'
  writeFileSync(file, `${record}${other}{"event_type":"pipe"}\n`.repeat(20_000))
  const both = await compile({ files: { 'started.rb': started, 'loaded.rb': loaded } })
  const found: string[] = []
  for await (const batch of both.evaluate(file, { threads: 2 }))
    for (const { line, detector } of batch) found.push(`${line} ${detector}`)
  const expected = Array.from({ length: 20_000 }, (_, i) => [`${3 * i + 1} started`, `${3 * i + 2} loaded`])
  t.same(found, expected.flat())
})

t.test('a record of the greatest size is one whatever ends its line', async (t) => {
  const limit = 100
  const most = `${record.trimEnd().slice(0, -1)},"x":"`.padEnd(limit - 2, 'x').concat('"}')
  for (const [end, what] of [
    ['\n', 'LF'],
    ['\r\n', 'CR LF'],
    ['', 'nothing'],
  ] as const) {
    writeFileSync(file, most + end)
    for (const input of [file, Readable.from([Buffer.from(most + end)])]) {
      const evaluation = (await detectors()).evaluate(input, { maxRecordBytes: limit })
      for await (const _ of evaluation);
      t.match(evaluation.summary, { detections: 1, malformed: 0 }, what)
    }
    writeFileSync(file, most.replace('"x":"', '"x":"x') + end)
    const evaluation = (await detectors()).evaluate(file, { maxRecordBytes: limit })
    for await (const _ of evaluation);
    t.match(evaluation.summary, { detections: 0, malformed: 1 }, `${what}, and one byte more`)
  }
})

t.test('with `traces: false` a trace is refused and never copied, and other inputs are read', async (t) => {
  const trace = t.testdir({ 'a.etl': exampleTrace, 'a.etl.gz': gzipSync(exampleTrace), 'b.ndjson': record })
  const [plain = '', compressed = '', ndjson = ''] = ['a.etl', 'a.etl.gz', 'b.ndjson'].map((name) =>
    join(trace, name),
  )
  process.env.TMPDIR = join(trace, 'nowhere') // where a copy would fail in another way
  t.teardown(() => delete process.env.TMPDIR)
  const refused = { code: 'NUTHATCH_INPUT_FORMAT', message: /: this is an ETW trace, where none is read$/ }
  for (const [input, problems, detections] of [
    [[plain, compressed, ndjson], [refused, refused], 1],
    [Readable.from([exampleTrace]), [refused], 0],
    [Readable.from([gzipSync(exampleTrace)]), [refused], 0],
    [Readable.from([gzipSync(record)]), [], 1],
  ] as const) {
    const evaluation = (await detectors()).evaluate(input, { traces: false, onProblem: () => {} })
    for await (const _ of evaluation);
    t.match(evaluation.problems, problems)
    t.match(evaluation, { problems: { length: problems.length }, summary: { detections, traces: [] } })
  }
  const taken = (await detectors()).evaluate(plain)
  for await (const _ of taken);
  t.equal(taken.summary.traces.length, 1, 'without it the trace is read')
})
