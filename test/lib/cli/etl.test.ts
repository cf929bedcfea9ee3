import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { traceFolder, traces } from '../../captures.js'
import { compressedTrace, exampleTrace, plainTrace, stackTrace, storedAsZstd } from '../etw/traces.js'
import { nuthatch, start } from './nuthatch.js'

const damaged = Buffer.from(exampleTrace)
damaged.fill(0xff, 8192, 8196) // the size of the last buffer

const cwd = t.testdir({
  'a.etl': plainTrace,
  'a.etl.gz': gzipSync(plainTrace),
  'a.etl.zst': storedAsZstd(plainTrace),
  'b.etl': compressedTrace,
  'stacks.etl': stackTrace,
  'cut.etl.gz': gzipSync(plainTrace).subarray(0, -20),
  'no.etl': '{"no":"trace"}\n'.repeat(10),
  'damaged.etl': damaged,
  'zeros.etl': Buffer.alloc(8192),
  'text.gz': gzipSync('{"a":1}\n'.repeat(1000)),
  temporary: {},
})
const noTraces = `no traces at ${traceFolder}`
const env = { TMPDIR: join(cwd, 'temporary'), TEMP: join(cwd, 'temporary') }

const parse = (ndjson: string) =>
  ndjson
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))

t.test('what is in a trace, as JSON', async (t) => {
  const { stdout, stderr, code } = await nuthatch(['etl', '--stats', '--json', 'a.etl'], { cwd })
  t.equal(stderr, '')
  t.equal(code, 0)
  const [trace] = parse(stdout)
  t.match(trace, {
    source: 'a.etl',
    bytes: plainTrace.length,
    session: { name: 'A session', file: 'C:\\a.etl', mode: ['sequential'], bufferSize: 1024, closed: true },
    machine: {
      os: '10.0.19045',
      processors: 4,
      cpuMegahertz: 3000,
      pointerSize: 8,
      bootTime: '2022-06-17T00:40:00.0000000Z',
      utcOffsetMinutes: 60,
    },
    clock: { type: 'performance counter', frequency: 10_000_000 },
    time: { start: '2022-06-18T04:26:40.0000000Z', end: '2022-06-18T04:27:40.0000000Z' },
    lost: { events: 0, buffers: 0, marks: 1 },
    records: 21,
    faults: { total: 1, counts: [{ code: 'NUTHATCH_ETL_BUFFER_TYPE' }] },
  })
  const total = (items: { records: number }[]) => items.reduce((sum, { records }) => sum + records, 0)
  t.equal(total(trace.providers), 21)
  for (const provider of trace.providers) t.equal(total(provider.events), provider.records)
  const registry = trace.providers.find(({ name }: { name: string }) => name === 'Registry')
  t.match(registry.events, [{ form: 'type', number: 0, version: 0, records: 4 }])
})

t.test('for people', async (t) => {
  const { stdout, code } = await nuthatch(['etl', '--stats', 'a.etl'], { cwd })
  t.equal(code, 0)
  t.match(stdout, /^a\.etl: 21 records in 0\.000 s, /)
  t.match(stdout, /machine +Windows 10\.0\.19045, 64 bits, 4 processors at 3,000 MHz, UTC\+01:00/)
  t.match(stdout, /lost +0 events, 0 buffers; 1 buffer marked as the first after a loss/)
  t.match(stdout, /wrong +1 × NUTHATCH_ETL_BUFFER_TYPE: .* \(at byte \d+\)/)
  t.match(stdout, /\nRegistry +4 +0\.0 kB\n {2}type 0, version 0 +4 /)
  t.match(stdout, /\{00000000-0000-0000-0000-000000000000\}/, 'a provider without a name')
})

t.test('compressed or from standard input it is the same, and nothing is left behind', async (t) => {
  const { stdout } = await nuthatch(['etl', '--stats', '--json', 'a.etl'], { cwd })
  const [plain] = parse(stdout)
  for (const name of ['a.etl.gz', 'a.etl.zst', '-']) {
    const args = ['etl', '--stats', '--json', name]
    const { stdout, stderr, code } = await nuthatch(args, { cwd, stdin: plainTrace, env })
    t.equal(stderr, '')
    t.equal(code, 0)
    t.same(parse(stdout), [{ ...plain, source: name === '-' ? '<stdin>' : name }])
  }
  t.same(readdirSync(env.TMPDIR), [])
})

t.test('a trace whose compression is cut off gives what there is, and an error', async (t) => {
  const { stdout, stderr, code } = await nuthatch(['etl', '--stats', '--json', 'cut.etl.gz'], { cwd, env })
  t.equal(code, 1)
  t.match(stderr, /error NUTHATCH_INPUT_TRUNCATED: cut\.etl\.gz: /)
  const [trace] = parse(stdout)
  t.equal(trace.session.name, 'A session')
  t.ok(trace.bytes < plainTrace.length)
  t.same(readdirSync(env.TMPDIR), [])
})

t.test('what is no trace is an error, and other inputs are read', async (t) => {
  const args = ['etl', '--stats', '--json', 'no.etl', 'missing.etl', 'b.etl']
  const { stdout, stderr, code } = await nuthatch(args, { cwd })
  t.equal(code, 1)
  t.match(stderr, /error NUTHATCH_ETL_FORMAT: no\.etl: this is no ETW trace/)
  t.match(stderr, /error NUTHATCH_INPUT_NOT_FOUND: missing\.etl/)
  t.match(parse(stdout), [{ source: 'b.etl', records: 21 }])
})

t.test('over time: a picture, as JSON, and as a page', async (t) => {
  const { stdout, code } = await nuthatch(['etl', '--timeline', 'a.etl'], { cwd })
  t.equal(code, 0)
  t.match(stdout, /^a\.etl: 21 records from 2022-06-18T04:26:40\.0000000Z, .* a column\n/)
  t.match(stdout, /\nRegistry +4 /)
  t.match(stdout, /\nlost .*▲/)
  t.notMatch(stdout, '\x1b', 'no colours where it is no terminal')
  const [timeline] = parse((await nuthatch(['etl', '--timeline', '--json', 'a.etl'], { cwd })).stdout)
  const total = timeline.lanes.flatMap(({ records }: { records: number[] }) => records)
  t.equal(
    total.reduce((sum: number, number: number) => sum + number, 0),
    21,
  )
  const page = await nuthatch(['etl', '--html', 'page.html', 'a.etl', 'b.etl'], { cwd })
  t.equal(page.code, 0)
  t.equal(page.stderr, 'page.html: written\n')
  t.equal(readFileSync(join(cwd, 'page.html'), 'utf8').match(/<section>/g)?.length, 2)
  const failed = await nuthatch(['etl', '--html', 'no/page.html', 'a.etl'], { cwd })
  t.equal(failed.code, 1)
  t.match(failed.stderr, /NUTHATCH_OUTPUT_FAILED/)
})

t.test('the events themselves, a line each', async (t) => {
  const { stdout, stderr, code } = await nuthatch(['etl', 'a.etl'], { cwd })
  t.equal(code, 0)
  t.match(stderr, /^a\.etl: \d+ events without a known schema; .*1 × NUTHATCH_ETL_BUFFER_TYPE: /)
  const events = parse(stdout)
  t.equal(events.length, 21)
  t.match(events[0], {
    time: '2022-06-18T04:26:40.0000000Z',
    provider: 'EventTrace',
    event: 'Header',
    fields: { NumberOfProcessors: 4, SessionName: 'A session', LogFileName: 'C:\\a.etl' },
  })
  const times = events.map(({ time }) => time)
  t.same(times, times.toSorted())
})

t.test('they are those of the filters', async (t) => {
  const all = parse((await nuthatch(['etl', 'a.etl'], { cwd })).stdout)
  const filtered = async (...args: string[]) =>
    parse((await nuthatch(['etl', 'a.etl', ...args], { cwd })).stdout)
  const registry = all.filter(({ provider }) => provider === 'Registry')
  t.equal(registry.length, 4)
  t.same(await filtered('--provider', 'registry'), registry)
  t.same(await filtered('--provider', `{${registry[0].guid.toUpperCase()}}`), registry)
  t.same(
    await filtered('--id', '0'),
    all.filter(({ id, type }) => (id ?? type) === 0),
  )
})

t.test(
  'providers have the names that the trace has',
  { skip: traces.length === 0 && noTraces },
  async (t) => {
    const file = resolve(traceFolder, 'perfview/net.4.5.2.x64.etl.zst')
    const { stdout } = await nuthatch(['etl', file, '--stats', '--json'], { cwd })
    const { providers } = JSON.parse(stdout)
    t.ok(providers.some(({ name }: { name: string }) => name === 'PerfView'))
    const { stderr } = await nuthatch(['etl', file, '--provider', 'PerfView', '--id', '999'], { cwd })
    t.notMatch(stderr, /it has no provider/)
  },
)

t.test('of a provider that is not there it says so', async (t) => {
  const { stdout, stderr, code } = await nuthatch(['etl', 'a.etl', '--provider', 'Nobody,Registri'], { cwd })
  t.equal(stdout, '')
  t.match(stderr, 'a.etl: it has no provider Nobody; `--stats` says which it has\n')
  t.match(stderr, 'a.etl: it has no provider Registri; did you mean Registry?\n')
  t.equal(code, 0)
  const other = await nuthatch(['etl', 'a.etl', '--provider', 'Registry', '--id', '77'], { cwd })
  t.notMatch(other.stderr, 'provider')
  const both = await nuthatch(['etl', 'a.etl', '--provider', 'Registry,Nobody'], { cwd })
  t.not(both.stdout, '', 'another one is')
  t.match(both.stderr, /^a.etl: it has no provider Nobody; `--stats` says which it has$/m)
  t.notMatch(both.stderr, 'no provider Registry')
})

t.test('a filter takes one value at each use, or several with commas, before the trace too', async (t) => {
  const all = parse((await nuthatch(['etl', 'a.etl'], { cwd })).stdout)
  const some = all.filter(({ provider }) => provider === 'Registry' || provider === 'EventTrace')
  t.ok(some.length > 4)
  for (const args of [
    ['--provider', 'Registry', '--provider', 'EventTrace', 'a.etl'],
    ['--provider', 'Registry,EventTrace', 'a.etl'],
    ['a.etl', '--provider=Registry, EventTrace'],
  ])
    t.same(parse((await nuthatch(['etl', ...args], { cwd })).stdout), some, args.join(' '))
  const numbers = parse((await nuthatch(['etl', '--id', '0,0x1', '--id', '2', 'a.etl'], { cwd })).stdout)
  t.same(
    numbers,
    all.filter(({ id, type }) => (id ?? type) <= 2),
  )
  const pids = new Set(all.map(({ pid }) => pid).filter((pid) => pid !== undefined))
  const [pid] = pids
  t.equal(parse((await nuthatch(['etl', '--pid', `${pid},4294967295`, 'a.etl'], { cwd })).stdout)[0].pid, pid)
})

t.test('what is no trace is an error without --stats too', async (t) => {
  const { stdout, stderr, code } = await nuthatch(['etl', 'no.etl', 'b.etl'], { cwd })
  t.equal(code, 1)
  t.match(stderr, /error NUTHATCH_ETL_FORMAT: no\.etl: this is no ETW trace/)
  t.equal(parse(stdout).length, 21)
})

t.test('damage is told after all that is good, and is an error', async (t) => {
  const { stdout, stderr, code } = await nuthatch(['etl', 'damaged.etl'], { cwd })
  t.equal(code, 1)
  t.match(stderr, /^damaged\.etl: 1 × NUTHATCH_ETL_BUFFER_SIZE: /)
  t.match(stderr, /\nerror NUTHATCH_INPUT_CORRUPT: damaged\.etl: the trace is damaged, .* first at byte 8192/)
  t.equal(parse(stdout).length, 16)
})

t.test('what is compressed and no trace is not copied', async (t) => {
  const nowhere = join(cwd, 'nowhere')
  const inNowhere = { cwd, env: { TMPDIR: nowhere, TEMP: nowhere } }
  const { stderr, code } = await nuthatch(['etl', 'text.gz'], inNowhere)
  t.equal(code, 1)
  t.match(stderr, /error NUTHATCH_ETL_FORMAT: text\.gz: this is no ETW trace/)
})

t.test('a file of zeros is named as such', async (t) => {
  const { stderr, code } = await nuthatch(['etl', 'zeros.etl'], { cwd })
  t.equal(code, 1)
  t.match(stderr, /error NUTHATCH_INPUT_FORMAT: zeros\.etl: this is a file of zeros/)
})

t.test('without a folder for temporary files: which one, why, and what to do', async (t) => {
  const nowhere = join(cwd, 'nowhere')
  const inNowhere = { cwd, env: { TMPDIR: nowhere, TEMP: nowhere } }
  for (const args of [['etl'], ['etl', '--stats'], ['standardize']]) {
    const { stderr, stdout, code } = await nuthatch([...args, 'a.etl.gz', 'a.etl'], inNowhere)
    t.equal(code, 1)
    t.match(
      stderr,
      /error NUTHATCH_INPUT_NOT_COPIED: a\.etl\.gz: .*nowhere: there is no such folder; .*TMPDIR/,
    )
    t.not(stdout, '', 'other inputs are read')
  }
})

t.test('options that do not go together are wrong usage', async (t) => {
  for (const args of [
    ['--json'],
    ['--stats', '--id', '1'],
    ['--timeline', '--pid', '1'],
    ['--html', 'a.html', '--json'],
    ['--id', 'x'],
    ['--pid', '4294967296'],
    ['--id', '1,'],
    ['--provider', 'Process,,Thread'],
  ]) {
    t.equal((await nuthatch(['etl', 'a.etl', ...args], { cwd })).code, 2, args.join(' '))
  }
})

t.test(
  'stopped while it copies, it leaves nothing behind',
  { skip: process.platform === 'win32' },
  async (t) => {
    const temporary = join(cwd, 'stopped')
    mkdirSync(temporary)
    const child = start(['etl', '--stats', '-'], cwd, { TMPDIR: temporary })
    child.stdin?.write(plainTrace.subarray(0, 2000))
    while (readdirSync(temporary).length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
    child.kill('SIGINT')
    child.stdin?.end()
    t.equal(await new Promise((resolve) => child.on('close', resolve)), 130)
    t.same(existsSync(temporary) ? readdirSync(temporary) : [], [])
  },
)

t.test('call stacks, when they are asked for', async (t) => {
  const { stdout, code } = await nuthatch(['etl', '--stacks', 'stacks.etl'], { cwd })
  t.equal(code, 0)
  const lines = parse(stdout)
  t.equal(lines.length, 8)
  t.same(
    lines.filter(({ callstack }) => callstack).map(({ event, callstack }) => [event, callstack]),
    [
      [
        'Load',
        {
          summary: 'unbacked|a.exe|ntdll.dll',
          frames: [
            'C:\\Windows\\system32\\ntoskrnl.exe+0x100',
            'unbacked+0x1f200000abc',
            'C:\\a\\a.exe+0x10',
            'C:\\Windows\\System32\\ntdll.dll+0x20',
          ],
          symbols: ['unbacked', 'a.exe+0x10', 'ntdll.dll+0x20'],
          modules: ['C:\\a\\a.exe', 'C:\\Windows\\System32\\ntdll.dll'],
          kernel_modules: ['C:\\Windows\\system32\\ntoskrnl.exe'],
          final_user_module: 'unbacked',
          trace: 'UNKNOWN(000001F200000ABC)|C:\\a\\a.exe+10|C:\\Windows\\System32\\ntdll.dll+20',
          contains_unbacked: true,
          unbacked_code: true,
          direct_syscall: true,
        },
      ],
    ],
  )
  const without = await nuthatch(['etl', 'stacks.etl'], { cwd })
  t.notMatch(without.stdout, 'callstack')
})

t.test('options of call stacks where there are none', async (t) => {
  for (const args of [
    ['--stats', '--stacks'],
    ['--image-root', '.'],
  ]) {
    const { stderr, code } = await nuthatch(['etl', ...args, 'a.etl'], { cwd })
    t.equal(code, 2)
    t.match(stderr, /is for/)
  }
})
