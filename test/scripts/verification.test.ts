import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { compile } from '../../lib/index.js'
import { finish, isCompiled } from '../lib/cli/nuthatch.js'

const { Verification, Skipped, requireDetections, sessionsIn, functionsIn } = await import(
  new URL('../../scripts/verification.mjs', import.meta.url).href
)
const { rulesOfChecks } = await import(new URL('../../scripts/windows-checks.mjs', import.meta.url).href)

t.test('the report is written after each check, and no failure ends the rest', async (t) => {
  const written: { node: string; checks: Record<string, unknown>[] }[] = []
  const verification = new Verification({ node: 'v1' }, (json: string) => written.push(JSON.parse(json)))
  await verification.check('good', () => ({ seen: 1 }))
  await verification.check('bad', async () => {
    throw Object.assign(new Error('not seen'), { code: 'CODE', saw: { events: 0 } })
  })
  await verification.check('not here', () => {
    throw new Skipped('no such provider')
  })
  await verification.check('endless', () => new Promise(() => {}), { seconds: 0.01 })
  t.same(
    written.map(({ checks }) => checks.length),
    [0, 1, 2, 3, 4],
  )
  t.match(written.at(-1), {
    node: 'v1',
    checks: [
      { claim: 'good', result: 'passed', seen: 1 },
      { claim: 'bad', result: 'failed', code: 'CODE', message: 'not seen', saw: { events: 0 } },
      { claim: 'not here', result: 'skipped', why: 'no such provider' },
      { claim: 'endless', result: 'failed', message: /took more than/ },
    ],
  })
  t.same(verification.failed, ['bad', 'endless'])
})

t.test('detections that are missing are named, with what was seen instead', (t) => {
  const watched = { found: { a: [{ x: 1 }, { x: 2 }] }, problems: [], live: { dropped: 0 } }
  t.match(requireDetections(watched, 'a'), { detections: { a: 2 }, first: { a: { x: 1 } } })
  t.throws(() => requireDetections(watched, 'a', 'b', 'c'), {
    message: 'no detection of b, c',
    saw: { detections: { a: 2 } },
  })
  t.end()
})

t.test("our sessions are told from others' in what logman prints", (t) => {
  const printed = [
    'Data Collector Set                      Type                          Status',
    '-------------------------------------------------------------------------------',
    'Circular Kernel Context Logger          Trace                         Running',
    'Nuthatch 42 1 kernel                    Trace                         Running',
    'Nuthatch 42 1 providers                 Trace                         Running',
    'Nuthatch 7 9 kernel                     Trace                         Running',
    'The command completed successfully.',
  ].join('\r\n')
  t.same(sessionsIn(printed), ['Nuthatch 42 1 kernel', 'Nuthatch 42 1 providers', 'Nuthatch 7 9 kernel'])
  t.same(sessionsIn(printed, 7), ['Nuthatch 7 9 kernel'])
  t.end()
})

t.test('functions in call stacks are those with a name, each once', (t) => {
  const events = [
    { callstack_symbols: ['ntdll.dll!NtCreateFile', 'a.exe+0x10', 'unbacked'] },
    { callstack_symbols: ['ntdll.dll!NtCreateFile', 'kernel32.dll!CreateFileW'] },
    {},
  ]
  t.same([...functionsIn(events)], ['ntdll.dll!NtCreateFile', 'kernel32.dll!CreateFileW'])
  t.end()
})

t.test('the rules of every check compile', async (t) => {
  for (const [name, files] of Object.entries(rulesOfChecks)) {
    const detectors = await compile({ files: files as Record<string, string> })
    t.same(detectors.warnings ?? [], [], name)
  }
})

const whyNot =
  process.platform === 'win32' ? 'here it checks' : !isCompiled && 'dist/ is older than lib/: npm run build'

t.test('where there is no Windows all of it fails, one by one, and says so', { skip: whyNot }, async (t) => {
  const cwd = t.testdir({})
  const script = fileURLToPath(new URL('../../scripts/verify-windows.mjs', import.meta.url))
  const { stdout, stderr, code } = await finish(spawn(process.execPath, [script], { cwd }))
  t.match({ code, stderr }, { code: 1, stderr: '' })
  const { checks } = JSON.parse(readFileSync(join(cwd, 'verify-windows.json'), 'utf8'))
  t.ok(checks.length > 20)
  for (const { claim, result } of checks) t.ok(stdout.includes(`${result.padEnd(8)} ${claim} `), claim)
  t.notOk(checks.some(({ result }: { result: string }) => result === 'passed'))
})
