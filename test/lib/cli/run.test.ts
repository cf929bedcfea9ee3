import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { finish, isCompiled, nuthatch, record, rule, shell, short, start } from './nuthatch.js'

const telemetry = record(1) + record(2, true) + record(3)
const zstd = (text: string) => {
  // One raw block in one frame (RFC 8878).
  const head = (text.length << 3) | 1
  return Buffer.concat([
    Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x58, head & 255, (head >> 8) & 255, head >> 16]),
    Buffer.from(text),
  ])
}
const cwd = t.testdir({
  'rule.rb': rule,
  'bad.rb': 'wndows?',
  'a.ndjson': telemetry,
  'b.ndjson': record(1, true),
  'misnamed.txt': gzipSync(telemetry),
  logs: { 'one.gz': gzipSync(telemetry), deep: { 'two.zst': zstd(telemetry) } },
  'bad.ndjson': `${record(1, true)}{"event_type":"process_start"\n${record(3, true)}`,
  'empty.ndjson': '',
  'trace.evtx': 'ElfFile\0',
})
const run = (...args: string[]) => nuthatch(['run', '-r', 'rule.rb', ...args], { cwd })

t.test('detections on standard output, a summary on standard error', async (t) => {
  const { stdout, stderr, code } = await run('a.ndjson')
  t.equal(code, 0)
  t.match(JSON.parse(stdout), {
    detector: 'bxor',
    title: 'Binary XOR on a command line',
    severity: 'high',
    attack: ['T1027'],
    source: 'a.ndjson',
    line: 2,
    event: { event_type: 'process_start', process_pid: 2, command_line: 'p 1 -BXOR 2' },
    matched: [{ property: 'command_line', match: 'includes', value: 'p 1 -BXOR 2', pattern: '-bxor' }],
  })
  t.match(stderr, /^1 detection from 3 records, 0\.2 kB in \d/)
})

t.test('several inputs, compressed or not, folders and patterns, in the order given', async (t) => {
  const { stdout, code } = await run('b.ndjson', 'logs', 'misnamed.txt', 'a*.ndjson')
  t.same(short(stdout), [
    'bxor b.ndjson:1',
    'bxor logs/deep/two.zst:2',
    'bxor logs/one.gz:2',
    'bxor misnamed.txt:2',
    'bxor a.ndjson:2',
  ])
  t.equal(code, 0)
})

t.test('standard input: by its sign, or when nothing else is named', async (t) => {
  for (const args of [['-'], []]) {
    const { stdout } = await nuthatch(['run', '-r', 'rule.rb', ...args], { cwd, stdin: gzipSync(telemetry) })
    t.same(short(stdout), ['bxor <stdin>:2'])
  }
  const mixed = await nuthatch(['run', '-r', 'rule.rb', 'b.ndjson', '-'], { cwd, stdin: telemetry })
  t.same(short(mixed.stdout), ['bxor b.ndjson:1', 'bxor <stdin>:2'])
})

t.test('the number of threads changes nothing', async (t) => {
  writeFileSync(
    join(cwd, 'many.ndjson'),
    Array.from({ length: 50_000 }, (_, n) => record(n, n % 9 === 0)).join(''),
  )
  const [one, four] = await Promise.all(['1', '4'].map((threads) => run('--threads', threads, 'many.ndjson')))
  t.equal(short(one?.stdout ?? '').length, 5556)
  t.equal(one?.stdout, four?.stdout)
})

t.test('malformed records are counted, told with their place, and skipped', async (t) => {
  const { stdout, stderr, code } = await run('bad.ndjson')
  t.same(short(stdout), ['bxor bad.ndjson:1', 'bxor bad.ndjson:3'])
  t.match(stderr, /1 malformed and skipped\n {2}bad\.ndjson:2: NUTHATCH_\w+: /)
  t.equal(code, 0)
})

t.test('--strict stops exactly at the first malformed record', async (t) => {
  const { stdout, stderr, code } = await run('--strict', 'bad.ndjson', 'a.ndjson')
  t.same(short(stdout), ['bxor bad.ndjson:1'])
  t.match(stderr, /^error NUTHATCH_\w+: bad\.ndjson:2: /)
  t.equal(code, 1)
})

t.test('inputs that cannot be read are errors; the others are read', async (t) => {
  const { stdout, stderr, code } = await run('missing.ndjson', 'trace.evtx', 'a.ndjson')
  t.same(short(stdout), ['bxor a.ndjson:2'])
  t.match(stderr, 'error NUTHATCH_INPUT_NOT_FOUND: missing.ndjson: there is no such file or folder\n')
  t.match(stderr, 'error NUTHATCH_INPUT_FORMAT: trace.evtx: this is a Windows event log (.evtx)')
  t.equal(code, 1)
})

t.test(
  'zstd where addresses are few: read if they suffice, else an error that says what to do',
  { skip: process.platform !== 'linux' || (!isCompiled && 'tsx wants as many itself') },
  async (t) => {
    const limited = (before: string) =>
      shell(`ulimit -v 6000000; ${before} nuthatch run -r rule.rb logs/deep/two.zst a.ndjson`, cwd)
    const { stdout, stderr, code } = await limited('')
    t.same(short(stdout), ['bxor a.ndjson:2'])
    t.match(stderr, /^error NUTHATCH_INPUT_UNREADABLE: logs\/deep\/two\.zst: .*--disable-wasm-trap-handler/)
    t.equal(code, 1)
    const { stdout: both } = await limited('NODE_OPTIONS=--disable-wasm-trap-handler')
    t.same(short(both), ['bxor logs/deep/two.zst:2', 'bxor a.ndjson:2'])
  },
)

t.test('inputs without a record are passed over; it is an error when there is nothing else', async (t) => {
  const write = (name: string, bytes: string | Uint8Array) => writeFileSync(join(cwd, name), bytes)
  write('empty.gz', gzipSync(''))
  write('mark.ndjson', '\ufeff')
  write('blank.ndjson', '\n \r\n\n')
  write('pretty.json', '{\n  "event_type": "process_start"\n}\n')
  write(
    'random.bin',
    Uint8Array.from({ length: 999 }, (_, i) => (i * i * 31) & 0xff),
  )
  const empty = ['empty.ndjson', 'empty.gz', 'mark.ndjson', 'blank.ndjson']
  const strange = ['pretty.json', 'random.bin']
  for (const inputs of [...empty.map((one) => [one]), empty])
    t.match(await run(...inputs), { code: 1, stderr: /^error NUTHATCH_INPUT_EMPTY: /m }, inputs.join(' '))
  for (const inputs of [...strange.map((one) => [one]), [...strange, ...empty]])
    t.match(
      await run(...inputs),
      { code: 1, stderr: /^error NUTHATCH_INPUT_NO_RECORDS: .*jq -c/m },
      inputs.join(' '),
    )
  const { stdout, stderr, code } = await run(...empty, ...strange, 'a.ndjson')
  t.same(short(stdout), ['bxor a.ndjson:2'])
  t.notMatch(stderr, 'error')
  t.equal(code, 0)
})

t.test('rules with errors: all of them, and no output', async (t) => {
  const { stdout, stderr, code } = await nuthatch(['run', '-r', 'bad.rb', '-r', 'rule.rb', 'a.ndjson'], {
    cwd,
  })
  t.equal(stdout, '')
  t.match(stderr, /^bad\.rb:1:1: error NUTHATCH_/)
  t.equal(code, 1)
  t.match(await nuthatch(['run', '-r', 'missing.rb', 'a.ndjson'], { cwd }), {
    stderr: 'error NUTHATCH_RULES_NOT_FOUND: missing.rb: there is no such rule file or folder\n',
    code: 1,
  })
})

t.test('--summary json is for machines', async (t) => {
  const { stderr } = await run('--summary', 'json', 'bad.ndjson', 'missing')
  const summary = JSON.parse(stderr.split('\n').at(-2) ?? '')
  t.match(summary, {
    records: 2,
    events: 2,
    detections: 2,
    malformed: 1,
    malformedSamples: [{ source: 'bad.ndjson', line: 2 }],
    unmapped: {},
    seconds: Number,
    problems: [{ code: 'NUTHATCH_INPUT_NOT_FOUND', source: 'missing' }],
  })
  t.equal((await run('--summary', 'none', 'a.ndjson')).stderr, '')
})

t.test('--severity leaves out what is below it', async (t) => {
  t.equal(short((await run('--severity', 'high', 'a.ndjson')).stdout).length, 1)
  t.equal((await run('--severity', 'critical', 'a.ndjson')).stdout, '')
})

t.test('warnings about rules are counted, and rules without a detector told', async (t) => {
  const telling = async (source: string, ...args: string[]) => {
    const rules = t.testdir({ 'rule.rb': source })
    return (await nuthatch(['run', '-r', rules, '--summary', 'none', ...args, 'a.ndjson'], { cwd })).stderr
  }
  t.equal(await telling(rule), '')
  t.equal(
    await telling(`list :a, ['x']\nlist :b, ['x']\n${rule}`),
    '2 warnings about the rules: `nuthatch check` shows them\n',
  )
  t.equal(await telling(`list :a, ['x']\n${rule}`), '1 warning about the rules: `nuthatch check` shows it\n')
  t.match(await telling('# none yet'), 'warning: the rules hold no detector\n')
  t.equal(
    await telling(rule, '--severity', 'critical'),
    'warning: the rules hold no detector of severity critical or above\n',
  )
})

t.test('--pretty is for people; no colours when it is not a terminal', async (t) => {
  const { stdout } = await run('--pretty', 'a.ndjson')
  t.match(stdout, /^HIGH Binary XOR on a command line\n {2}bxor {2}T1027\n {2}a\.ndjson:2 {2}process_start\n/)
  t.notMatch(stdout, '\x1b')
})

t.test('a Plan instead of rules', async (t) => {
  t.match(await nuthatch(['compile', '-r', 'rule.rb', '-o', 'rules.plan'], { cwd }), { code: 0, stdout: '' })
  const { stdout } = await nuthatch(['run', '-p', 'rules.plan', 'a.ndjson'], { cwd })
  t.same(short(stdout), ['bxor a.ndjson:2'])
  const piped = await shell('nuthatch compile rule.rb -o - | cmp - rules.plan', cwd)
  t.match(piped, { stdout: '', code: 0 })
  t.match(await nuthatch(['run', '-r', 'rule.rb', '-p', 'rules.plan', 'a.ndjson'], { cwd }), {
    code: 2,
    stderr: 'both rules (-r) and a Plan (-p) are given',
  })
  const damaged = await nuthatch(['run', '-p', 'a.ndjson', 'a.ndjson'], { cwd })
  t.match(damaged, { code: 1, stderr: /^error NUTHATCH_PLAN_CORRUPT: / })
})

t.test('wrong usage', async (t) => {
  const calls = [
    ['run', 'a.ndjson'],
    ['run', '-r', 'rule.rb', '--threads', '0'],
    ['run', '-r', 'rule.rb', '--bogus'],
    ['bogus'],
    ['check'],
  ]
  for (const call of calls)
    t.match(await nuthatch(call, { cwd }), { code: 2, stdout: '', stderr: /^error: / }, call.join(' '))
})

t.test('one signal ends the waiting for a writer', { skip: process.platform !== 'linux' }, async (t) => {
  execFileSync('mkfifo', [join(cwd, 'pipe')])
  const child = start(['run', '-r', 'rule.rb', 'b.ndjson', 'pipe'], cwd)
  const finished = finish(child)
  await new Promise((resolve) => child.stdout?.once('data', resolve))
  child.kill('SIGTERM')
  const { stdout, code } = await finished
  t.same(short(stdout), ['bxor b.ndjson:1'])
  t.equal(code, 143)
})

t.test(
  'Ctrl-C stops the reading; what was read is finished and summed up',
  { skip: process.platform === 'win32' },
  async (t) => {
    const child = start(['run', '-r', 'rule.rb', '-'], cwd)
    const finished = finish(child)
    child.stdin?.write(telemetry)
    await new Promise((resolve) => child.stdout?.once('data', resolve)) // lines that trickle in are not kept waiting
    child.kill('SIGINT')
    const { stdout, stderr, code } = await finished
    t.same(short(stdout), ['bxor <stdin>:2'])
    t.match(stderr, /^stopped: what had been read is finished\n1 detection from 3 records/)
    t.equal(code, 130)
  },
)
