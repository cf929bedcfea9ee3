import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { bare, detects, environment, install, pack, root, run, temporary } from './installed.js'

/** What the loading error tells people to run. */
const runInstallScript = ['explore', 'nuthatch', '--', 'npm', 'run', 'install']

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
  t.notMatch(script.stderr, 'Compiling')
  detects(t, folder)
  t.end()
})

t.test('installed for everybody, it has a command and a page of the manual', (t) => {
  const prefix = join(temporary, 'global')
  const { status, stderr } = run(temporary, 'npm', ['install', '--global', '--prefix', prefix, pack()])
  t.equal(status, 0, stderr)
  t.match(run(temporary, join(prefix, 'bin/nuthatch'), ['--version']).stdout, /^nuthatch /)
  t.match(readFileSync(join(prefix, 'share/man/man1/nuthatch.1'), 'utf8'), '.TH NUTHATCH 1')
  t.end()
})

t.test('no script and no program of ours opens a connection', (t) => {
  const log = join(temporary, 'connections')
  const env = {
    ...bare,
    CONNECTIONS: log,
    NODE_OPTIONS: `--require=${join(root, 'test/package/connections.cjs')}`,
    npm_config_update_notifier: 'false', // npm's own
  }
  const folder = join(temporary, 'no-scripts')
  t.equal(run(folder, 'npm', runInstallScript, env).status, 0)
  detects(t, folder, env)
  t.notOk(existsSync(log))

  const connects = "require('node:http').get('http://127.0.0.1:9')"
  t.not(run(folder, 'node', ['-e', connects], env).status, 0)
  t.match(readFileSync(log, 'utf8'), 'connect', 'one would have been seen')
  t.end()
})

t.test('asked to build from source, the install script does, though there is a binary that loads', (t) => {
  const folder = join(temporary, 'no-scripts')
  const env = { ...bare, npm_config_build_from_source: 'true', npm_config_nodedir: temporary }
  const script = join(folder, 'node_modules/nuthatch/scripts/install.mjs')
  const { status, stderr } = run(folder, 'node', [script], env)
  t.not(status, 0, 'there is nothing to compile with')
  t.match(stderr, /^Compiling it from the sources in the package/)
  t.match(stderr, 'It takes a C++20 compiler, make and Python 3.')
  t.match(run(folder, 'node', [script], { ...env, npm_config_build_from_source: '' }), {
    status: 0,
    stderr: '',
  })
  detects(t, folder)
  t.end()
})

t.test('without its binary the package says what it looked for, and the install script too', (t) => {
  const folder = join(temporary, 'no-scripts')
  const prebuilds = join(folder, 'node_modules/nuthatch/prebuilds')
  renameSync(prebuilds, `${prebuilds}.away`)
  const script = run(folder, 'npm', runInstallScript, { ...bare, npm_config_nodedir: temporary })
  renameSync(`${prebuilds}.away`, prebuilds)
  t.not(script.status, 0)
  t.match(script.stderr, 'NUTHATCH_NATIVE_NOT_FOUND')
  t.match(script.stderr, `${prebuilds}/${process.platform}-${process.arch} (no such folder)`)
  t.match(script.stderr, 'It takes a C++20 compiler, make and Python 3.')
  t.end()
})

t.test('on a platform without a binary the error says so, and the way out', (t) => {
  const folder = join(temporary, 'no-scripts')
  const disguise = join(temporary, 'aix.cjs')
  const code = `
    const os = require('node:os')
    os.platform = () => 'aix'
    os.arch = () => 'ppc64'
    Object.defineProperties(process, { platform: { value: 'aix' }, arch: { value: 'ppc64' } })`
  writeFileSync(disguise, code)
  const env = { ...bare, NODE_OPTIONS: `--require=${disguise}` }
  const prebuilds = join(folder, 'node_modules/nuthatch/prebuilds')

  const api = run(folder, 'node', ['program.mjs'], env)
  t.equal(api.status, 1)
  for (const part of [
    "code: 'NUTHATCH_NATIVE_NOT_FOUND'",
    'was not found for aix-ppc64',
    `${prebuilds}/aix-ppc64 (no such folder)`,
    `brings binaries for: ${process.platform}-${process.arch}`,
    ['npm', ...runInstallScript].join(' '),
  ])
    t.match(api.stderr, part)

  const cli = run(folder, 'node_modules/.bin/nuthatch', ['run', '-r', 'bxor.rb', 'telemetry.ndjson'], env)
  t.equal(cli.status, 1)
  t.match(cli.stderr, /^error NUTHATCH_NATIVE_NOT_FOUND: .* aix-ppc64/)
  t.end()
})

t.test('where there is nothing to compile with, and no headers, nothing is downloaded', (t) => {
  const folder = join(temporary, 'no-scripts')
  rmSync(join(folder, 'node_modules/nuthatch/prebuilds'), { recursive: true })
  const elsewhere = join(temporary, 'elsewhere.cjs')
  writeFileSync(elsewhere, "process.execPath = '/nowhere/bin/node'")
  const env = { ...bare, NODE_OPTIONS: `--require=${elsewhere}`, npm_config_nodedir: '' }
  const script = join(folder, 'node_modules/nuthatch/scripts/install.mjs')
  const { status, stderr } = run(folder, 'node', [script], env)
  t.not(status, 0)
  t.match(stderr, 'Not compiled: there are no headers beside /nowhere/bin/node')
  t.match(stderr, 'npm_config_nodedir')
  t.end()
})

const skip = process.env.NUTHATCH_TEST_SOURCE_BUILD ? false : 'takes minutes: set NUTHATCH_TEST_SOURCE_BUILD'
t.test(
  'where no prebuild fits, it is compiled from the sources in the package, without a connection',
  { skip, timeout: 900_000 },
  (t) => {
    const log = join(temporary, 'connections-of-build')
    const env = {
      ...environment,
      CONNECTIONS: log,
      NODE_OPTIONS: `--require=${join(root, 'test/package/connections.cjs')}`,
      npm_config_update_notifier: 'false',
      npm_config_jobs: 'max',
    }
    const { folder } = install('source', ['--ignore-scripts'])
    rmSync(join(folder, 'node_modules/nuthatch/prebuilds'), { recursive: true })
    const { status, stderr } = run(folder, 'npm', runInstallScript, env)
    t.equal(status, 0, stderr)
    t.notOk(existsSync(log))
    detects(t, folder)
    t.end()
  },
)
