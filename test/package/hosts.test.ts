import { cpSync, mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { bare, detects, install, installFor, root, run, tool, unlessAsked } from './installed.js'

const detection = { detector: 'bxor', line: 2 }
const folder = unlessAsked ? '' : installFor(t, 'hosts', 'hosts')

t.test('require() gives what import gives', { skip: unlessAsked }, (t) => {
  const { status, stdout, stderr } = run(folder, 'node', ['required.cjs'])
  t.equal(status, 0, stderr)
  t.notMatch(stderr, 'Error')
  t.strictSame(JSON.parse(stdout), detection)
  t.end()
})

// ELECTRON_RUN_AS_NODE is how node-gyp-build knows it; Electron itself is not on the machine.
t.test('who says to be Electron is given the same binary', { skip: unlessAsked }, (t) => {
  detects(t, folder, { ...bare, ELECTRON_RUN_AS_NODE: '1' })
  t.end()
})

t.test(
  'two copies of the package evaluate at a time, in the main thread and in workers of each',
  { skip: unlessAsked },
  (t) => {
    const other = install('other-copy', ['--ignore-scripts'])
    t.equal(other.status, 0, other.stderr)
    const copies = [folder, other.folder].map((at) => join(at, 'node_modules/nuthatch/dist/index.js'))
    const { status, stdout, stderr } = run(folder, 'node', ['copies.mjs', ...copies])
    t.equal(status, 0, stderr)
    t.strictSame(JSON.parse(stdout), Array(8).fill('2'.repeat(20)))
    t.end()
  },
)

/** A folder with two files of the same tests: what one leaves behind, the other meets. */
function runnersFolder(t: Test, name: string): string {
  const project = installFor(t, name, 'runners')
  cpSync(join(project, 'detect.test.mjs'), join(project, 'again.test.mjs'))
  return project
}

t.test('in vitest, in processes and in threads', { skip: unlessAsked }, (t) => {
  const project = runnersFolder(t, 'vitest')
  for (const pool of ['forks', 'threads']) {
    const { status, stdout, stderr } = run(project, 'node', [
      tool('vitest/vitest.mjs'),
      'run',
      '--globals',
      `--pool=${pool}`,
    ])
    t.equal(status, 0, `${stdout}${stderr}`)
    t.match(stdout, /Tests +4 passed/)
  }
  t.end()
})

t.test('in jest, with its modules', { skip: unlessAsked }, (t) => {
  const project = runnersFolder(t, 'jest')
  const settings = JSON.stringify({ testMatch: ['**/*.test.mjs'], transform: {}, testTimeout: 60_000 })
  for (const processes of ['--runInBand', '--maxWorkers=2']) {
    const { status, stderr } = run(
      project,
      'node',
      [tool('jest/bin/jest.js'), '--config', settings, processes],
      {
        ...bare,
        NODE_OPTIONS: '--experimental-vm-modules',
      },
    )
    t.equal(status, 0, stderr)
    t.match(stderr, /Tests: +4 passed/)
  }
  t.end()
})

const esbuild = ['program.mjs', '--bundle', '--platform=node', '--format=esm', '--target=node20']

t.test('bundled by esbuild, the package left outside', { skip: unlessAsked }, (t) => {
  const args = [...esbuild, '--external:nuthatch', '--outfile=external/program.mjs']
  const bundled = run(folder, 'node', [tool('esbuild/bin/esbuild'), ...args])
  t.equal(bundled.status, 0, bundled.stderr)
  t.strictSame(JSON.parse(run(folder, 'node', ['external/program.mjs']).stdout), detection)
  t.end()
})

t.test(
  'bundled by esbuild whole, with the binaries beside it, or where NUTHATCH_PREBUILD says',
  { skip: unlessAsked },
  (t) => {
    const banner = "const require = (await import('node:module')).createRequire(import.meta.url)"
    const args = [...esbuild, `--banner:js=${banner}`, '--outfile=whole/app/program.mjs']
    const bundled = run(folder, 'node', [tool('esbuild/bin/esbuild'), ...args])
    t.equal(bundled.status, 0, bundled.stderr)
    const modules = join(folder, 'node_modules')
    mkdirSync(join(folder, 'elsewhere'))
    cpSync(join(modules, 'nuthatch/prebuilds'), join(folder, 'whole/prebuilds'), { recursive: true })
    renameSync(modules, `${modules}.away`)
    const beside = run(folder, 'node', ['whole/app/program.mjs'])
    renameSync(join(folder, 'whole/prebuilds'), join(folder, 'elsewhere/prebuilds'))
    const none = run(folder, 'node', ['whole/app/program.mjs'])
    const env = { ...bare, NUTHATCH_PREBUILD: join(folder, 'elsewhere') }
    const elsewhere = run(folder, 'node', ['whole/app/program.mjs'], env)
    renameSync(`${modules}.away`, modules)
    t.strictSame(JSON.parse(beside.stdout), detection, beside.stderr)
    t.match(none.stderr, 'NUTHATCH_NATIVE_NOT_FOUND')
    t.strictSame(JSON.parse(elsewhere.stdout), detection, elsewhere.stderr)
    t.end()
  },
)

t.test('in a host with BoringSSL (Bun): all but signatures and hashes', { skip: unlessAsked }, (t) => {
  const [cpu, triplet] = process.arch === 'x64' ? ['x64', 'x86_64'] : ['aarch64', 'aarch64']
  const libcrypto = `/usr/lib/${triplet}-linux-gnu/libcrypto.so.3`
  const image = join(root, 'examples/images/signed.exe')
  const roots = join(root, 'examples/images/root.pem')
  const args = ['without-openssl.mjs', image, roots, libcrypto]
  const { status, stdout, stderr } = run(folder, tool(`@oven/bun-linux-${cpu}/bin/bun`), args)
  t.equal(status, 0, stderr)
  t.match(JSON.parse(stdout), {
    lines: [2],
    hashes: {},
    code: 'NUTHATCH_CRYPTO_UNAVAILABLE',
    message: 'this process has no OpenSSL 3',
    status: 'trusted',
  })
  t.end()
})
