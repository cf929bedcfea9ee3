/** `nuthatch run` and `standardize` on recorded traces, alone and among other telemetry. */
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { exampleTrace, longTrace, plainTrace, storedAsZstd } from '../etw/traces.js'
import { nuthatch, record, rule, short, start } from './nuthatch.js'

const traceRules = `
detector 'office-shell' do
  title    'Word started PowerShell'
  severity :high
  match process_start_property_equals_any?(property: parent_name, strings: ['winword.exe']) &&
        process_start_property_equals_any?(property: process_name, strings: ['powershell.exe'])
  fires_on 'both', process_start(parent_name: 'winword.exe', process_name: 'powershell.exe')
  ignores  'none', process_start(process_name: 'powershell.exe')
end

detector 'asked' do
  title    'PowerShell asked for a name'
  severity :low
  match dns_query_property_equals_any?(property: query_name, strings: ['files.example']) &&
        process_is_likely?('powershell')
  fires_on 'it', dns_query(query_name: 'files.example', process_name: 'powershell.exe')
  ignores  'none', dns_query(query_name: 'files.example')
end
`
/** What the trace says, as Sysmon does. */
const sysmon = [
  {
    EventID: 1,
    ParentImage: 'C:\\Office\\WINWORD.EXE',
    Image: 'C:\\powershell.exe',
    ProcessGuid: '{1}',
    ProcessId: 6012,
  },
  { EventID: 22, QueryName: 'files.example', Image: 'C:\\powershell.exe', ProcessGuid: '{1}' },
]
  .map((fields) => `${JSON.stringify({ Channel: 'Microsoft-Windows-Sysmon/Operational', ...fields })}\n`)
  .join('')

const damaged = Buffer.from(exampleTrace)
damaged.fill(0xff, 8192, 8196) // the size of the last buffer

const cwd = t.testdir({
  'rule.rb': rule + traceRules,
  'a.ndjson': record(1, true),
  'sysmon.ndjson': sysmon,
  'a.etl': exampleTrace,
  'misnamed.log': exampleTrace,
  'a.etl.gz': gzipSync(exampleTrace),
  'a.etl.zst': storedAsZstd(exampleTrace),
  'cut.etl': exampleTrace.subarray(0, -3000),
  'cut.etl.gz': gzipSync(exampleTrace).subarray(0, -20),
  'damaged.etl': damaged,
  'zeros.etl': Buffer.alloc(8192),
  'all-kinds.etl': plainTrace,
  'long.etl': longTrace(3000),
  logs: { 'b.etl': exampleTrace, 'c.ndjson': record(1, true) },
  temporary: {},
})
const temporary = join(cwd, 'temporary')
const env = { TMPDIR: temporary, TEMP: temporary }
const run = (args: readonly string[], stdin?: Uint8Array) =>
  nuthatch(['run', '-r', 'rule.rb', ...args], { cwd, env, ...(stdin && { stdin }) })
/** Of traces, as long as they are read. */
const copiesIn = (folder: string) => readdirSync(folder).filter((name) => name.startsWith('nuthatch-'))
const found = (name: string) => [`office-shell ${name}:8`, `asked ${name}:10`]

t.test('the same detectors fire on a trace and on NDJSON that says the same', async (t) => {
  const { stdout, stderr, code } = await run(['a.etl', 'sysmon.ndjson'])
  t.same(short(stdout), [...found('a.etl'), 'office-shell sysmon.ndjson:1', 'asked sysmon.ndjson:2'])
  t.equal(code, 0)
  t.match(stderr, /^4 detections from 18 records, /)
})

t.test(
  'the line is that of the event among all that `nuthatch etl` prints, and so is event_id',
  async (t) => {
    const { stdout } = await run(['a.etl'])
    const lines = (await nuthatch(['etl', 'a.etl'], { cwd })).stdout.split('\n')
    for (const text of stdout.split('\n').filter(Boolean)) {
      const { line, event } = JSON.parse(text)
      const printed = JSON.parse(lines[line - 1] ?? '')
      t.equal(event.event_id, String(line))
      t.equal(event.event_time, printed.time)
      t.equal(printed.record, line)
    }
  },
)

t.test('whatever it is called and compressed with, in folders and from standard input', async (t) => {
  const names = ['misnamed.log', 'a.etl.gz', 'a.etl.zst']
  const { stdout, code } = await run([...names, 'logs', '*.etl.zst'])
  t.same(short(stdout), [
    ...names.flatMap(found),
    ...found('logs/b.etl'),
    'bxor logs/c.ndjson:1',
    ...found('a.etl.zst'),
  ])
  t.equal(code, 0)
  t.same(short((await run(['-'], exampleTrace)).stdout), found('<stdin>'))
  t.same(short((await run([], gzipSync(exampleTrace))).stdout), found('<stdin>'))
  t.same(copiesIn(temporary), [])
})

t.test('what `nuthatch etl` prints is telemetry too', async (t) => {
  const printed = (await nuthatch(['etl', 'a.etl'], { cwd })).stdout
  t.same(short((await run(['-'], Buffer.from(printed))).stdout), found('<stdin>'))
})

t.test('the summary: all records, the bytes of the file, and what is not mapped', async (t) => {
  const { stderr } = await run(['--summary', 'json', 'a.etl', 'a.etl.gz'])
  const summary = JSON.parse(stderr)
  t.match(summary, { records: 32, lines: 32, events: 16, bytes: 2 * exampleTrace.length })
  const unmapped = summary.unmapped as Record<string, number>
  t.equal(unmapped['etw Process 3'], 4)
  t.equal(
    Object.values(unmapped).reduce((sum, number) => sum + number, 0),
    summary.records - summary.events,
  )
  t.match(summary.traces, [
    { source: 'a.etl', lost: { events: 0, buffers: 0, marks: 0 }, faults: { total: 0 } },
    { source: 'a.etl.gz', undecoded: { raw: 0, incomplete: 0 } },
  ])
})

t.test('what is not read of a trace is told, and no error', async (t) => {
  const { stderr, code } = await run(['all-kinds.etl'])
  t.equal(code, 0)
  t.match(stderr, /\nall-kinds\.etl: 8 events cut short; 1 × NUTHATCH_ETL_BUFFER_TYPE: /)
})

t.test('a trace with damage is evaluated as far as it is good, and the damage is an error', async (t) => {
  const cut = await run(['cut.etl', 'a.ndjson'])
  t.equal(cut.code, 1)
  t.match(cut.stderr, /error NUTHATCH_INPUT_TRUNCATED: cut\.etl: the trace is damaged, .* first at byte 8192/)
  t.same(short(cut.stdout), [...found('cut.etl'), 'bxor a.ndjson:1'], 'what is whole, and other inputs')
  const bad = await run(['damaged.etl'])
  t.equal(bad.code, 1)
  t.match(bad.stderr, /error NUTHATCH_INPUT_CORRUPT: damaged\.etl: .*NUTHATCH_ETL_BUFFER_SIZE/)
  t.match(bad.stderr, /2 detections from 16 records/)
  const compressed = await run(['cut.etl.gz', 'a.ndjson'])
  t.equal(compressed.code, 1)
  t.match(compressed.stderr, /error NUTHATCH_INPUT_TRUNCATED: cut\.etl\.gz: /)
  t.ok(short(compressed.stdout).includes('bxor a.ndjson:1'))
  t.same(copiesIn(temporary), [])
})

t.test('a file of zeros is an error, and other inputs are read', async (t) => {
  const { stdout, stderr, code } = await run(['zeros.etl', 'a.ndjson'])
  t.equal(code, 1)
  t.match(stderr, /error NUTHATCH_INPUT_FORMAT: zeros\.etl: this is a file of zeros/)
  t.same(short(stdout), ['bxor a.ndjson:1'])
})

t.test('standardize: the events, and the number of threads changes nothing', async (t) => {
  const { stdout, code } = await nuthatch(['standardize', 'a.etl', 'sysmon.ndjson'], { cwd })
  t.equal(code, 0)
  const events = stdout
    .split('\n')
    .filter(Boolean)
    .map((text) => JSON.parse(text))
  t.same(
    events.map(({ event_type }) => event_type),
    [
      'process_start',
      'image_load',
      'dns_query',
      'network_connection',
      'script',
      'registry_set',
      'script',
      'process_end',
      'process_start',
      'dns_query',
    ],
  )
  t.hasStrict(events[0], {
    source: 'etw',
    device_name: 'WS-0117',
    process_path: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
    parent_name: 'WINWORD.EXE',
    grandparent_name: 'explorer.exe',
  })
  const [one, four] = await Promise.all(['1', '4'].map((threads) => run(['--threads', threads, 'long.etl'])))
  t.equal(short(one?.stdout ?? '').length, 6000)
  t.equal(one?.stdout, four?.stdout)
})

t.test('Ctrl-C: what has been read is finished', { skip: process.platform === 'win32' }, async (t) => {
  const folder = join(cwd, 'stopped')
  mkdirSync(folder)
  const child = start(['run', '-r', 'rule.rb', '-'], cwd, { TMPDIR: folder })
  child.stdin?.on('error', () => {})
  child.stdin?.write(longTrace(20))
  while (copiesIn(folder).length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
  child.kill('SIGINT')
  t.equal(await new Promise((resolve) => child.on('close', resolve)), 130)
  t.same(copiesIn(folder), [], 'nothing is left behind')
})
