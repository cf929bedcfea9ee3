import { execFileSync, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'

const root = fileURLToPath(new URL('../../', import.meta.url))
const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'nuthatch-package-')))
t.teardown(() => rmSync(temporary, { recursive: true }))
t.setTimeout(1_200_000)

const rule = `process_is_likely?('powershell') &&
process_start_property_includes_any?(property: deobfuscated_command_line, strings: ['-bxor'])
`
const telemetry = [
  { event_type: 'process_start', process_name: 'powershell.exe', command_line: 'powershell -v' },
  { event_type: 'process_start', process_name: 'powershell.exe', command_line: 'powershell -c 1 -bX^OR 2' },
]
/** What the loading error tells people to run. */
const runInstallScript = ['explore', 'nuthatch', '--', 'npm', 'run', 'install']
const program = `
import { compile, readTelemetry } from 'nuthatch'
const detectors = await compile('bxor.rb')
for await (const batch of detectors.evaluate(readTelemetry('telemetry.ndjson'))) {
  for (const { detector, line } of batch) console.log(JSON.stringify({ detector, line }))
}
`

/** A PATH of node, npm and the shell that npm runs scripts with: no compiler, make, Python or CMake. */
function barePath(): string {
  const bin = join(temporary, 'bin')
  mkdirSync(bin)
  symlinkSync(process.execPath, join(bin, 'node'))
  for (const name of ['npm', 'sh']) {
    const found = execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim()
    symlinkSync(realpathSync(found), join(bin, name))
  }
  return bin
}

const { NODE_OPTIONS: _, ...inherited } = process.env
const bare = { ...inherited, PATH: barePath() }

function run(cwd: string, command: string, args: string[], env: NodeJS.ProcessEnv = bare) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8' })
  return { status, stdout, stderr }
}

/** The tarball of this checkout; what goes into it is made first if that was not done since the last build. */
function pack(): string {
  const built = join(root, 'build/Release/nuthatch.node')
  const folder = join(root, 'prebuilds', `${process.platform}-${process.arch}`)
  const prebuilt = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []
  const fresh =
    existsSync(built) && prebuilt.some((path) => statSync(path).mtimeMs >= statSync(built).mtimeMs)
  if (!fresh) execFileSync('npm', ['run', '--silent', 'prebuild'], { cwd: root, stdio: 'ignore' })
  execFileSync('npm', ['pack', '--silent', '--pack-destination', temporary], { cwd: root })
  const tarball = readdirSync(temporary).find((name) => name.endsWith('.tgz'))
  if (!tarball) throw new Error('npm pack made no tarball')
  return join(temporary, tarball)
}

/** An empty folder with the package installed in it. */
function install(name: string, flags: string[]) {
  const folder = join(temporary, name)
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), '{}')
  writeFileSync(join(folder, 'bxor.rb'), rule)
  writeFileSync(
    join(folder, 'telemetry.ndjson'),
    telemetry.map((event) => `${JSON.stringify(event)}\n`).join(''),
  )
  writeFileSync(join(folder, 'program.mjs'), program)
  const installed = run(folder, 'npm', ['install', '--prefer-offline', '--no-audit', ...flags, tarball])
  return { folder, ...installed }
}

/** The detector fires on the second line, and only there, through the API and the command line. */
function detects(t: Test, folder: string) {
  const api = run(folder, 'node', ['program.mjs'])
  t.equal(api.stderr, '')
  t.strictSame(JSON.parse(api.stdout), { detector: 'bxor', line: 2 })

  const cli = run(folder, 'node_modules/.bin/nuthatch', ['run', '-r', 'bxor.rb', 'telemetry.ndjson'])
  t.equal(cli.status, 0, cli.stderr)
  t.match(JSON.parse(cli.stdout), { detector: 'bxor', source: 'telemetry.ndjson', line: 2 })

  const version = run(folder, 'node_modules/.bin/nuthatch', ['--version'])
  t.match(version.stdout, `\nbinary        ${join(folder, 'node_modules/nuthatch')}`)
}

const tarball = pack()

t.test('the folder to install in has no way to compile', (t) => {
  for (const name of ['cc', 'gcc', 'g++', 'clang', 'make', 'cmake', 'python3', 'node-gyp']) {
    t.not(run(temporary, 'sh', ['-c', `command -v ${name}`]).status, 0, name)
  }
  t.end()
})

t.test('installs without install scripts, and detects', (t) => {
  const { folder, status, stderr } = install('no-scripts', ['--ignore-scripts'])
  t.equal(status, 0, stderr)
  detects(t, folder)
  t.end()
})

t.test('installs with its install script, which finds nothing to compile, and detects', (t) => {
  const { folder, status, stderr } = install('scripts', ['--ignore-scripts=false'])
  t.equal(status, 0, stderr)
  const script = run(folder, 'npm', runInstallScript) // npm 11 runs it only when asked to
  t.equal(script.status, 0, script.stderr)
  detects(t, folder)
  t.end()
})

t.test('without its binary the package says what it looked for', (t) => {
  const folder = join(temporary, 'no-scripts')
  rmSync(join(folder, 'node_modules/nuthatch/prebuilds'), { recursive: true })
  const api = run(folder, 'node', ['program.mjs'])
  t.equal(api.status, 1)
  t.match(api.stderr, 'NUTHATCH_NATIVE_NOT_FOUND')
  t.match(api.stderr, join(folder, 'node_modules/nuthatch/prebuilds'))
  t.match(api.stderr, ['npm', ...runInstallScript].join(' '))
  t.end()
})

const skip = process.env.NUTHATCH_TEST_SOURCE_BUILD ? false : 'takes minutes: set NUTHATCH_TEST_SOURCE_BUILD'
t.test(
  'where no prebuild fits, it is compiled from the sources in the package',
  { skip, timeout: 900_000 },
  (t) => {
    const prefix = dirname(dirname(process.execPath))
    const headers = existsSync(join(prefix, 'include/node/node_api.h')) ? { npm_config_nodedir: prefix } : {}
    const env = { ...inherited, ...headers, npm_config_jobs: 'max' }
    const { folder } = install('source', ['--ignore-scripts'])
    rmSync(join(folder, 'node_modules/nuthatch/prebuilds'), { recursive: true })
    const { status, stderr } = run(folder, 'npm', runInstallScript, env)
    t.equal(status, 0, stderr)
    detects(t, folder)
    t.end()
  },
)
