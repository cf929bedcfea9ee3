/** What ends a command before its time: a reader that goes away, a full disk, Ctrl-C. */
import type { ChildProcess } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { signals } from '../../../lib/cli/drive.js'
import { exampleTrace } from '../etw/traces.js'
import { finish, record, rule, shell, start, unprivileged } from './nuthatch.js'

const fixtures = fileURLToPath(new URL('../../fixtures/authenticode', import.meta.url))
const rules = Array.from({ length: 40 }, (_, i) => rule.replace("'bxor'", `'rule-${i}'`)).join('\n')
const slips = Array.from({ length: 40 }, (_, i) => `wndows${i}?`).join(' && ')
const cwd = t.testdir({
  'rules.rb': rules,
  'slips.rb': slips,
  'a.ndjson': Array.from({ length: 300 }, (_, n) => record(n, true)).join(''),
  traces: Object.fromEntries(['a', 'b', 'c'].map((name) => [`${name}.etl`, exampleTrace])),
  temporary: {},
})
mkdirSync(join(cwd, 'images'))
for (const name of ['signed', 'nested', 'stamped'])
  cpSync(join(fixtures, `${name}.exe`), join(cwd, 'images', `${name}.exe`))
for (let i = 0; i < 30; i++) cpSync(join(fixtures, 'signed.exe'), join(cwd, 'images', `x${i}.exe`))
cpSync(join(fixtures, 'root.pem'), join(cwd, 'root.pem'))

/** Commands that write more than 1 KiB; what each says of what it has done when its output takes no more, and its exit code otherwise. */
const commands: readonly (readonly [command: string, done: RegExp | null, code?: number])[] = [
  ['run -r rules.rb a.ndjson', /^[\d,]+ detections from [\d,]+ records/m],
  ['run -r rules.rb --pretty a.ndjson', /^[\d,]+ detections from [\d,]+ records/m],
  ['standardize a.ndjson', /^[\d,]+ events from [\d,]+ records/m],
  ['etl traces', /^0 of 3 inputs done$/m],
  ['etl --stats traces traces traces', /^\d of 9 inputs done$/m],
  ['etl --timeline traces traces traces traces traces', /^\d+ of 15 inputs done$/m],
  ['pe images', /^\d of 33 inputs done$/m],
  ['verify --roots root.pem -- images', /^\d+ files?[\s\S]*^signatures: /m],
  ['profile -r rules.rb a.ndjson', /^[\d,]+ detections from 300 records/m],
  ['tree --json rules.rb', null],
  ['check slips.rb', null, 1],
  ['test --json rules.rb', null],
  ['compile rules.rb -o -', null],
  ['completion bash', null],
  ['run --help', null],
]
const SMALL = 1024

for (const [command, done, code = 0] of commands) {
  t.test(command, { skip: process.platform === 'win32' ? 'no ulimit, no /dev/full' : false }, async (t) => {
    const whole = await shell(`nuthatch ${command} | wc -c; exit $PIPESTATUS`, cwd)
    t.equal(whole.code, code)
    t.ok(Number(whole.stdout) > SMALL, whole.stdout)

    // Not even a first write succeeds; or the reader goes away between two of them.
    const closed = await shell(`nuthatch ${command} | true; exit $PIPESTATUS`, cwd)
    t.equal(closed.code, code, 'a reader that goes away is no error')
    t.notMatch(closed.stderr, /error/)
    if (done) t.match(closed.stderr, done)

    // The first write is taken in part, the next ones are not.
    // (Without NODE_OPTIONS: tap would write files of its own.)
    const limit = `ulimit -f ${SMALL / 1024}; export NODE_OPTIONS=`
    const limited = await shell(`${limit}; nuthatch ${command} > limited`, cwd)
    t.equal(limited.code, 1)
    t.equal(limited.stderr.match(/error/g)?.length, 1, limited.stderr)
    t.match(
      limited.stderr,
      /^error NUTHATCH_OUTPUT_FAILED: The output cannot be written: the file has reached the largest size allowed/m,
    )
    if (done) t.match(limited.stderr, 'allowed, after 1,024 bytes of it.\n')
    t.equal(readFileSync(join(cwd, 'limited')).length, SMALL)
    if (done) t.match(limited.stderr, done)

    if (!existsSync('/dev/full')) return
    const full = await shell(`nuthatch ${command} > /dev/full`, cwd)
    t.equal(full.code, 1)
    t.match(
      full.stderr,
      /^error NUTHATCH_OUTPUT_FAILED: The output cannot be written: there is no space left on the device\.\n/m,
    )
    t.equal(full.stderr.match(/error/g)?.length, 1, full.stderr)
    if (done) t.match(full.stderr, done)
  })
}

/** null when there is none. */
function readOlder(name: string): string | null {
  return existsSync(join(cwd, name)) ? readFileSync(join(cwd, name), 'latin1') : null
}

t.test(
  'a Plan or page that cannot be written whole is not left behind, and an older one stays',
  { skip: process.platform === 'win32' },
  async (t) => {
    const limited = (command: string) => shell(`ulimit -f 1; export NODE_OPTIONS=; nuthatch ${command}`, cwd)
    writeFileSync(join(cwd, 'rules.plan'), 'an older one')
    for (const [command, file] of [
      ['compile rules.rb -o rules.plan', 'rules.plan'],
      ['etl --html timeline.html traces', 'timeline.html'],
    ] as const) {
      t.match(await limited(command), {
        code: 1,
        stderr: /^error NUTHATCH_OUTPUT_FAILED: The (Plan|page) cannot be written: the file has reached/m,
      })
      t.equal(readOlder(file), file === 'rules.plan' ? 'an older one' : null)
      t.same(
        readdirSync(cwd).filter((name) => name.endsWith('.part')),
        [],
      )
    }
    // What is no file stays: /dev/stdout is a link to one here.
    t.match(await limited('compile rules.rb -o /dev/stdout > limited'), { code: 1 })
    t.ok(existsSync('/dev/stdout'))
    t.ok(existsSync(join(cwd, 'limited')))
  },
)

t.test(
  'a new Plan takes the place of an older one, with its mode, through a link',
  { skip: process.platform === 'win32' },
  async (t) => {
    writeFileSync(join(cwd, 'older.plan'), 'older')
    chmodSync(join(cwd, 'older.plan'), 0o640)
    symlinkSync('older.plan', join(cwd, 'current.plan'))
    t.equal((await shell('nuthatch compile rules.rb -o current.plan', cwd)).code, 0)
    t.match(readOlder('older.plan'), /^NUTHATCH/)
    t.ok(lstatSync(join(cwd, 'current.plan')).isSymbolicLink())
    t.equal(statSync(join(cwd, 'older.plan')).mode & 0o777, 0o640)
  },
)

t.test(
  'a Plan in a folder where nothing new can be made is written where it is',
  { skip: process.platform === 'win32' },
  async (t) => {
    const folder = join(cwd, 'shut')
    mkdirSync(folder)
    writeFileSync(join(folder, 'rules.plan'), 'older')
    chmodSync(folder, 0o555)
    const compiling = unprivileged(['compile', 'rules.rb', '-o', 'shut/rules.plan'], cwd)
    const { code, stderr } = await compiling.finally(() => chmodSync(folder, 0o755))
    t.equal(code, 0, stderr)
    t.match(readOlder('shut/rules.plan'), /^NUTHATCH/)
  },
)

/** Of more output than a pipe takes, so that none of them ends before somebody reads. */
const endless: readonly (readonly [args: readonly string[], done: RegExp])[] = [
  [['run', '-r', 'rules.rb', ...many('a.ndjson', 20)], /^[\d,]+ detections from [\d,]+ records/m],
  [['standardize', ...many('a.ndjson', 100)], /^[\d,]+ events from [\d,]+ records/m],
  [['etl', ...many('traces', 60)], /^\d+ of 180 inputs done, [\d,]+ bytes written$/m],
  [['pe', '--json', ...many('images', 30)], /^\d+ of 990 inputs done, [\d,]+ bytes written$/m],
  [
    ['verify', '--json', '--roots', 'root.pem', '--', ...many('images', 30)],
    /^[\d,]+ files?, [\s\S]*^signatures: /m,
  ],
]
function many(input: string, times: number): string[] {
  return Array.from({ length: times }, () => input)
}

/** Until it has written something, of which no more is read. */
const hasBegun = (child: ChildProcess) => new Promise((resolve) => child.stdout?.once('readable', resolve))

for (const [args, done] of endless)
  t.test(`Ctrl-C ends ${args[0]}`, { skip: process.platform === 'win32' }, async (t) => {
    const child = start(args, cwd)
    await hasBegun(child)
    child.kill('SIGINT')
    const { stdout, stderr, code } = await finish(child)
    t.equal(code, 130)
    t.match(stderr, done)
    t.notMatch(stderr, /error/)
    t.match(stdout, /\n$/, 'no line is cut')
  })

for (const [signal, wanted] of Object.entries(signals))
  t.test(`${signal} ends run with ${wanted}`, { skip: process.platform === 'win32' }, async (t) => {
    const child = start(['run', '-r', 'rules.rb', ...many('a.ndjson', 20)], cwd)
    await hasBegun(child)
    child.kill(signal as NodeJS.Signals)
    const { stderr, code } = await finish(child)
    t.equal(code, wanted)
    t.equal(wanted, 128 + constants.signals[signal as NodeJS.Signals], 'as shells have it')
    t.match(stderr, /^stopped: what had been read is finished$/m)
    t.match(stderr, /^[\d,]+ detections from [\d,]+ records/m)
  })

/** All but tsx's own folder, which is there when dist/ is older than lib/. */
const copiesIn = (folder: string) => readdirSync(folder).filter((name) => !name.startsWith('tsx-'))

t.test(
  'a second Ctrl-C ends it at once, and leaves no copy of a trace',
  { skip: process.platform === 'win32' },
  async (t) => {
    writeFileSync(join(cwd, 'a.etl.gz'), gzipSync(exampleTrace))
    const temporary = join(cwd, 'temporary')
    const child = start(['etl', ...many('a.etl.gz', 100)], cwd, { TMPDIR: temporary })
    const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)))
    await hasBegun(child)
    let copies: string[] = []
    for (let before = ['none']; copies.length === 0 || `${before}` !== `${copies}`; ) {
      before = copies
      await new Promise((resolve) => setTimeout(resolve, 500))
      copies = copiesIn(temporary)
    }
    child.kill('SIGINT')
    await new Promise((resolve) => setTimeout(resolve, 500))
    child.kill('SIGINT')
    t.equal(await ended, 'SIGINT')
    t.same(copiesIn(temporary), [])
    child.stdout?.destroy()
  },
)
