import { cpSync, mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { compile, type Detection, type EvaluateOptions, NuthatchError } from '../../../lib/index.js'
import { exampleTrace } from '../etw/traces.js'

const fixtures = fileURLToPath(new URL('../../fixtures/authenticode/', import.meta.url))
const roots = join(fixtures, 'root.pem')
const time = new Date('2030-01-01')

const root = t.testdir({ Windows: { System32: {} }, D: {} })
const put = (fixture: string, path: string) => cpSync(join(fixtures, fixture), join(root, path))
put('signed.exe', 'Windows/System32/Good.dll')
put('unsigned.exe', 'Windows/System32/bad.dll')
put('stamped.exe', 'D/stamped.exe')

const rules = `
detector 'signed-by' do
  match image_load_signed_by_any?(signers: ['TEST signer'])
end
detector 'unsigned' do
  match image_load_unsigned?
end
detector 'unsigned-process' do
  match any_property_equals?(property: process_signature_status, string: 'unsigned')
end
detector 'replaced' do
  match image_load_property_is_true?(property: evasion_image_mismatch)
end
detector 'replaced-process' do
  match any_property_is_true?(property: evasion_process_image_mismatch)
end
detector 'start' do
  match process_start_signed?
end
`

/** SizeOfImage of the header. */
const mappedSize = (fixture: string): number => {
  const bytes = readFileSync(join(fixtures, fixture))
  return bytes.readUInt32LE(bytes.readUInt32LE(0x3c) + 24 + 56)
}

type Record = { readonly event_type: string } & Readonly<{ [property: string]: unknown }>

async function run(records: readonly Record[], options: Partial<EvaluateOptions> = {}) {
  const detectors = await compile({ files: { 'rules.rb': rules } })
  const text = records.map((record) => `${JSON.stringify(record)}\n`).join('')
  const evaluation = detectors.evaluate(Readable.from([Buffer.from(text)]), {
    imageRoot: root,
    trust: { roots, time },
    ...options,
  })
  const detections: Detection[] = []
  for await (const batch of evaluation) detections.push(...batch)
  const fired = detections.map(({ detector, line }) => `${line} ${detector}`).sort()
  return { fired, detections, summary: evaluation.summary, signatures: evaluation.signatures }
}

const load = (image_path: string, more: object = {}): Record => ({
  event_type: 'image_load',
  image_path,
  ...more,
})

t.test('images and processes have the signatures of their own files', async (t) => {
  const { fired, detections, summary, signatures } = await run([
    load('C:\\WINDOWS\\system32\\good.dll', { process_path: 'C:\\Windows\\System32\\bad.dll' }),
    load('\\Device\\HarddiskVolume3\\Windows\\System32\\bad.dll', {
      process_path: '\\SystemRoot\\System32\\good.dll',
    }),
    { event_type: 'process_start', process_path: 'D:\\stamped.exe', process_guid: 'p' },
  ])
  t.strictSame(fired, ['1 signed-by', '1 unsigned-process', '2 unsigned', '3 start'])
  t.match(detections.find(({ detector }) => detector === 'signed-by')?.event, {
    image_signed: true,
    image_signer: 'Test signer',
    image_signature_status: 'valid',
    image_signature_issuer: 'Test root',
    image_signature_serial: /^[0-9a-f]+$/,
    image_signature_thumbprint: /^[0-9a-f]{40}$/,
    image_signature_source: 'embedded',
    process_signature_status: 'unsigned',
  })
  const [start] = detections.filter(({ detector }) => detector === 'start')
  t.match(start?.event, { process_signature_timestamp: /^20\d\d-\d\d-\d\dT/ })
  t.equal(summary.detections, 4)
  t.equal(summary.undecided, 0)
  t.match(signatures, { entries: 3, finished: 3, dropped: 0, queued: 0 })
})

t.test('what a record tells is not looked up', async (t) => {
  const { fired, signatures } = await run([
    load('C:\\Windows\\System32\\good.dll', { image_signed: false, process_signed: true }),
    load('C:\\Windows\\System32\\bad.dll', {
      image_signature_status: 'valid',
      image_signer: 'Test Signer',
      process_signature_status: 'x',
    }),
  ])
  t.strictSame(fired, ['1 unsigned', '2 signed-by'])
  t.equal(signatures?.entries, 0)
})

t.test('of what cannot be verified it is not known whether it is signed', async (t) => {
  symlinkSync(join(root, 'Windows/System32/bad.dll'), join(root, 'link.dll'))
  const { fired, summary } = await run([
    load('C:\\none.dll'),
    load('C:\\link.dll'),
    load('C:\\Windows\\System32'),
    load('C:\\Windows\\..\\Windows\\System32\\bad.dll'),
    load('\\\\server\\share\\bad.dll'),
    load('E:\\bad.dll'),
  ])
  t.strictSame(fired, [])
  t.equal(summary.undecided, 12, 'two detectors on each of the six')
})

t.test(
  'what is not the file that was loaded, or of another system, is neither signed nor unsigned',
  async (t) => {
    const { fired, summary } = await run([
      load('C:\\Windows\\System32\\bad.dll', { image_timestamp: 1 }),
      load('/usr/lib/bad.so'),
    ])
    t.strictSame(fired, ['1 replaced'])
    t.equal(summary.undecided, 0)
  },
)

t.test("what was put in an image's place is told, and what was not", async (t) => {
  const { detections } = await run([
    load('C:\\Windows\\System32\\bad.dll', {
      image_timestamp: 1,
      process_path: 'C:\\Windows\\System32\\good.dll',
      process_image_checksum: 1,
    }),
    load('C:\\Windows\\System32\\bad.dll', { image_mapped_size: mappedSize('unsigned.exe') }),
    load('C:\\Windows\\System32\\bad.dll', { image_timestamp: 0 }),
  ])
  const told = new Map(
    detections.map(({ line, event }) => {
      const { evasion_image_mismatch: image, evasion_process_image_mismatch: own } = event as {
        readonly [property: string]: unknown
      }
      return [line, [image, own]]
    }),
  )
  t.strictSame(told.get(1), [true, true])
  t.strictSame(told.get(2), [false, undefined], 'its header is that of the image')
  t.strictSame(told.get(3), [undefined, undefined], 'there is no header to compare')
})

t.test('a file that takes too long holds up nobody, and what hangs on it stays open', async (t) => {
  mkdirSync(join(root, 'catalogs'))
  cpSync(join(fixtures, 'v2.cat'), join(root, 'catalogs/v2.cat'))
  put('unsigned.exe', 'huge.dll')
  truncateSync(join(root, 'huge.dll'), 4 * 2 ** 30 - 4096) // sparse
  const trust = { roots, time, catalogs: join(root, 'catalogs'), deadline: 300, threads: 1 }
  const { fired, summary } = await run([load('C:\\huge.dll'), load('C:\\x', { image_signed: false })], {
    trust,
  })
  t.strictSame(fired, ['2 unsigned'])
  t.equal(summary.undecided, 2)
})

t.test('stopped, it waits for no signature', async (t) => {
  const trust = { roots, time, catalogs: join(root, 'catalogs'), deadline: 300_000, threads: 1 }
  const detectors = await compile({ files: { 'rules.rb': rules } })
  const text = JSON.stringify(load('C:\\huge.dll'))
  const evaluation = detectors.evaluate(Readable.from([Buffer.from(text)]), { imageRoot: root, trust })
  const began = performance.now()
  for await (const _ of evaluation) evaluation.stop()
  t.ok(performance.now() - began < 60_000)
  t.equal(evaluation.summary.undecided, 2)
})

/** A record, once `when` has come true. */
async function* live(...parts: readonly { readonly when: Promise<unknown>; readonly record: object }[]) {
  for (const { when, record } of parts) {
    await when
    yield Buffer.from(`${JSON.stringify(record)}\n`)
  }
}

t.test('a stream that pauses: detections come when the answer does', { timeout: 60_000 }, async (t) => {
  const detectors = await compile({ files: { 'rules.rb': rules } })
  let end = () => {}
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  const record = load('C:\\Windows\\System32\\bad.dll')
  const stream = live({ when: Promise.resolve(), record }, { when: ended, record })
  const found: number[] = []
  for await (const batch of detectors.evaluate(stream, { imageRoot: root, trust: { roots, time } }))
    for (const { detector, line } of batch) {
      t.equal(detector, 'unsigned')
      found.push(line)
      end()
    }
  t.strictSame(found, [1, 2])
})

t.test('a stream that pauses: after its time an event is undecided', { timeout: 60_000 }, async (t) => {
  const detectors = await compile({ files: { 'rules.rb': rules } })
  const trust = { roots, time, catalogs: join(root, 'catalogs'), deadline: 100, threads: 1 }
  let end = () => {}
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  const stream = live(
    { when: Promise.resolve(), record: load('C:\\huge.dll') },
    { when: ended, record: load('C:\\x', { image_signed: false }) },
  )
  const evaluation = detectors.evaluate(stream, { imageRoot: root, trust })
  for await (const _ of evaluation) if (evaluation.summary.undecided > 0) end()
  t.equal(evaluation.summary.undecided, 2)
  t.equal(evaluation.summary.detections, 1)
})

const sysmon = (fields: object) => ({
  Channel: 'Microsoft-Windows-Sysmon/Operational',
  Computer: 'pc',
  ...fields,
})
const mde = (category: string, properties: object) => ({
  time: '2030-01-01T00:00:00Z',
  category: `AdvancedHunting-${category}`,
  properties: { Timestamp: '2030-01-01T00:00:00Z', ...properties },
})

t.test('what a record says of a file ends what is known of it', { timeout: 60_000 }, async (t) => {
  const path = 'C:\\Windows\\Temp\\x.dll'
  const changes = {
    'Sysmon FileCreate': sysmon({ EventID: 11, TargetFilename: path }),
    'Sysmon FileDelete': sysmon({ EventID: 23, TargetFilename: path }),
    'Sysmon FileDeleteDetected': sysmon({ EventID: 26, TargetFilename: path }),
    'MDE FileModified': mde('DeviceFileEvents', {
      ActionType: 'FileModified',
      FolderPath: path,
      FileName: 'x.dll',
    }),
    'MDE FileRenamed': mde('DeviceFileEvents', {
      ActionType: 'FileRenamed',
      FolderPath: path,
      FileName: 'x.dll',
      PreviousFolderPath: 'C:\\Windows\\Temp',
      PreviousFileName: 'y.dll',
    }),
    'MDE FileDeleted': mde('DeviceFileEvents', {
      ActionType: 'FileDeleted',
      FolderPath: path,
      FileName: 'x.dll',
    }),
  }
  mkdirSync(join(root, 'Windows/Temp'), { recursive: true })
  const detectors = await compile({ files: { 'rules.rb': rules } })
  for (const [name, change] of Object.entries(changes)) {
    put('unsigned.exe', 'Windows/Temp/x.dll')
    let go = () => {}
    const verified = new Promise<void>((resolve) => {
      go = resolve
    })
    const stream = live(
      { when: Promise.resolve(), record: load(path) },
      { when: verified, record: change },
      { when: Promise.resolve(), record: load(path) },
    )
    const evaluation = detectors.evaluate(stream, { imageRoot: root, trust: { roots, time } })
    const found: string[] = []
    for await (const batch of evaluation)
      for (const { detector } of batch) {
        found.push(detector)
        put('signed.exe', 'Windows/Temp/x.dll')
        go()
      }
    t.strictSame(found, ['unsigned', 'signed-by'], name)
    t.match(evaluation.signatures, { misses: 2, invalidated: 1 }, name)
  }
})

t.test('recorded: a file takes its own time, and events wait for as long as it takes', async (t) => {
  const file = join(root, 'many.ndjson')
  const paths = Array.from({ length: 300 }, (_, i) => `many/${i % 2 === 0 ? 'bad' : 'good'}${i}.dll`)
  mkdirSync(join(root, 'many'))
  for (const [i, path] of paths.entries()) put(i % 2 === 0 ? 'unsigned.exe' : 'signed.exe', path)
  writeFileSync(
    file,
    paths.map((path) => `${JSON.stringify(load(`C:\\${path.replace('/', '\\')}`))}\n`).join(''),
  )
  const detectors = await compile({ files: { 'rules.rb': rules } })
  const trust = { roots, time, queue: 1, threads: 1, deadline: 10_000, enrichmentTime: 60_000 }
  const evaluation = detectors.evaluate(file, { imageRoot: root, trust })
  for await (const _ of evaluation);
  t.equal(evaluation.summary.detections, 300)
  t.equal(evaluation.summary.undecided, 0)
  t.match(evaluation.signatures, { dropped: 0, timedOut: 0, finished: 300, withinEnrichment: 300 })
})

t.test('images that ran when a trace began are verified before anything happens', async (t) => {
  const file = join(root, 'a.etl')
  writeFileSync(file, exampleTrace)
  mkdirSync(join(root, 'Windows'), { recursive: true })
  put('signed.exe', 'Windows/explorer.exe')
  const detectors = await compile({ files: { 'rules.rb': rules } })
  const evaluation = detectors.evaluate(file, { imageRoot: root, trust: { roots, time } })
  for await (const _ of evaluation);
  t.ok((evaluation.signatures?.prewarmed ?? 0) > 0)
})

t.test('what is stopped while catalogs are indexed ends without an event', async (t) => {
  const catalogs = t.testdir()
  for (let i = 0; i < 1000; i++) cpSync(join(fixtures, 'v2.cat'), join(catalogs, `${i}.cat`))
  const detectors = await compile({ files: { 'rules.rb': rules } })
  const telemetry = Readable.from([Buffer.from(`${JSON.stringify(load('C:\\bad.dll'))}\n`)])
  const evaluation = detectors.evaluate(telemetry, { imageRoot: root, trust: { roots, time, catalogs } })
  const first = evaluation.next()
  evaluation.stop()
  t.equal((await first).value?.length, 0)
  t.strictSame(await evaluation.next(), { value: undefined, done: true })
  t.match(evaluation.summary, { records: 0, detections: 0 })
})

t.test('catalogs are indexed before the first event', async (t) => {
  const files = Array.from({ length: 40 }, (_, i) => `w/${i}.exe`)
  const catalogs = t.testdir()
  mkdirSync(join(root, 'w'))
  for (const file of files) put('unsigned.exe', file)
  for (let i = 0; i < 1000; i++) cpSync(join(fixtures, 'v2.cat'), join(catalogs, `${i}.cat`))
  const detectors = await compile({
    files: {
      'rules.rb': `${rules}
detector 'by-catalog' do
  match any_property_equals?(property: image_signature_source, string: 'catalog')
end`,
    },
  })
  const text = files.map((file) => `${JSON.stringify(load(`C:\\${file.replace('/', '\\')}`))}\n`).join('')
  const trust = { roots, time, catalogs, threads: 2 }
  const found: string[] = []
  const options = { imageRoot: root, trust, threads: 2 }
  for await (const batch of detectors.evaluate(Readable.from([Buffer.from(text)]), options))
    for (const { detector } of batch) found.push(detector)
  t.equal(found.filter((detector) => detector === 'by-catalog').length, files.length)
  t.notOk(found.includes('unsigned'))
})

t.test('one disk alone is the image root', async (t) => {
  const onDisk = (number: number) => load(`\\Device\\HarddiskVolume${number}\\Windows\\System32\\bad.dll`)
  const first = await run([onDisk(3), onDisk(7)])
  t.strictSame(first.fired, ['1 unsigned'])
  t.equal(first.summary.undecided, 2)
  t.strictSame((await run([onDisk(3), onDisk(7)], { imageVolume: 7 })).fired, ['2 unsigned'])
  await t.rejects(run([], { imageVolume: 7, imageRoot: undefined as never, trust: undefined as never }), {
    code: 'NUTHATCH_INVALID_OPTION',
    message: /imageVolume needs imageRoot/,
  })
})

t.test('what is wrong with the options is told', async (t) => {
  await t.rejects(run([], { imageRoot: join(root, 'none') }), { code: 'NUTHATCH_IMAGE_ROOT_UNREADABLE' })
  await t.rejects(run([], { trust: { roots: [] } }), { code: 'NUTHATCH_ROOTS_MISSING' })
  await t.rejects(run([], { trust: undefined as never }), { code: 'NUTHATCH_INVALID_OPTION' })
  await t.rejects(run([], { imageRoot: undefined as never }), {
    code: 'NUTHATCH_INVALID_OPTION',
    message: /trust needs imageRoot/,
  })
  for (const [more, code] of [
    [{ catalogs: join(root, 'none') }, 'NUTHATCH_CATALOGS_UNREADABLE'],
    [{ libcrypto: join(root, 'none') }, 'NUTHATCH_CRYPTO_UNAVAILABLE'],
  ] as const) {
    const error = await run([], { trust: { roots, ...more } }).catch((error) => error)
    t.equal(error.code, code)
    t.ok(error instanceof NuthatchError)
  }
  writeFileSync(join(root, 'file'), '')
  await t.rejects(run([], { imageRoot: join(root, 'file') }), { code: 'NUTHATCH_IMAGE_ROOT_UNREADABLE' })
})

t.test('from the beginning to the end of a file, on any number of threads', async (t) => {
  const records = Array.from({ length: 20_000 }, (_, i) =>
    load(`C:\\Windows\\System32\\${i % 7 === 0 ? 'bad' : 'good'}.dll`),
  )
  for (const threads of [1, 3]) {
    const { summary, signatures } = await run(records, { threads })
    t.equal(summary.detections, 20_000)
    t.equal(signatures?.finished, 2)
  }
})
