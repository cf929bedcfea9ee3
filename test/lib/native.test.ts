import { copyFileSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { NuthatchError } from '../../lib/errors.js'
import { loadNative, native, nativeFile, platform } from '../../lib/native.js'
import { nuthatch } from './cli/nuthatch.js'

const target = `${process.platform}-${process.arch}`
const onLinux = { skip: process.platform !== 'linux' }
const both = { 'nuthatch.glibc.node': 'no addon', 'nuthatch.musl.node': 'no addon' }
const manifest = JSON.stringify({ name: 'nuthatch' })

function failure(folder: string): NuthatchError {
  try {
    loadNative(folder)
  } catch (error) {
    if (error instanceof NuthatchError) return error
    throw error
  }
  throw new Error(`an addon was loaded from ${folder}`)
}

t.test('the addon of this checkout has the version of its package.json', (t) => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  t.equal(native.version, version)
  t.end()
})

t.test('no addon, and no binaries either: the error says so', (t) => {
  t.match(failure(t.testdir({ 'package.json': manifest })).message, 'brings binaries for: no platform.')
  t.end()
})

t.test('no addon: the error names platform, Node, every folder looked in, and the way out', (t) => {
  const folder = t.testdir({ 'package.json': manifest, prebuilds: { 'plan9-mips': { 'nuthatch.node': '' } } })
  const error = failure(folder)
  t.equal(error.code, 'NUTHATCH_NATIVE_NOT_FOUND')
  for (const name of ['build/Release', 'build/Debug', `prebuilds/${target}`])
    t.match(error.message, join(folder, name))
  t.match(error.message, join(dirname(process.execPath), 'prebuilds', target))
  t.match(error.message, target)
  t.match(error.message, /\((glibc [\d.]+|musl|system libc)\)/)
  t.match(error.message, process.versions.node)
  t.match(error.message, 'brings binaries for: plan9-mips')
  t.match(error.message, 'npm explore nuthatch -- npm run install')
  t.end()
})

t.test("a corrupt addon: the error names the file and the loader's reason", (t) => {
  const folder = t.testdir({
    'package.json': manifest,
    prebuilds: { [target]: { 'nuthatch.node': 'not a shared object' } },
  })
  const error = failure(folder)
  t.equal(error.code, 'NUTHATCH_NATIVE_LOAD_FAILED')
  t.match(error.message, join(folder, 'prebuilds', target, 'nuthatch.node'))
  t.match(error.message, (error.cause as Error).message)
  t.match(error.message, 'npm explore nuthatch -- npm run install')
  t.end()
})

t.test('NUTHATCH_PREBUILD names another folder to look in', (t) => {
  const elsewhere = t.testdir()
  process.env.NUTHATCH_PREBUILD = elsewhere
  t.teardown(() => delete process.env.NUTHATCH_PREBUILD)
  const { message } = failure(fileURLToPath(new URL('../../', import.meta.url)))
  t.match(message, join(elsewhere, 'prebuilds', target))
  t.match(message, `NUTHATCH_PREBUILD is "${elsewhere}": unset it`)
  t.end()
})

t.test(
  'a relative NUTHATCH_PREBUILD is of the working directory, and a package.json is not needed',
  async (t) => {
    const folder = t.testdir({ prebuilds: { [target]: {} } })
    copyFileSync(nativeFile(), join(folder, 'prebuilds', target, 'nuthatch.node'))
    const NUTHATCH_PREBUILD = relative(dirname(folder), folder)
    const { stdout } = await nuthatch(['--version'], { cwd: dirname(folder), env: { NUTHATCH_PREBUILD } })
    t.match(stdout, `binary        ${join(folder, 'prebuilds', target, 'nuthatch.node')}`)
  },
)

/** The C library of this process, as Node's report says it, is `version` of glibc, or musl. */
function withLibc(t: Test, glibcVersionRuntime?: string): void {
  const { getReport } = process.report
  process.report.getReport = () => ({ header: { ...(glibcVersionRuntime && { glibcVersionRuntime }) } })
  t.teardown(() => Object.assign(process.report, { getReport }))
}

t.test('of glibc and musl the binary is that of the process, wherever it runs', onLinux, (t) => {
  const folder = t.testdir({ 'package.json': manifest, prebuilds: { [target]: both } })
  for (const [version, name] of [
    [undefined, 'nuthatch.musl.node'],
    ['2.28', 'nuthatch.glibc.node'],
  ] as const) {
    withLibc(t, version)
    t.match(failure(folder), {
      code: 'NUTHATCH_NATIVE_LOAD_FAILED',
      message: `File: ${join(folder, 'prebuilds', target, name)}`,
    })
  }
  t.end()
})

t.test('the binary of the other C library is not loaded: the error names both', onLinux, (t) => {
  for (const [version, libc, file, brought] of [
    [undefined, 'musl', 'nuthatch.glibc.node', 'glibc'],
    ['2.28', 'glibc 2.28', 'nuthatch.musl.node', 'musl'],
  ] as const) {
    withLibc(t, version)
    const folder = t.testdir({ 'package.json': manifest, prebuilds: { [target]: { [file]: 'no addon' } } })
    const { code, message } = failure(folder)
    t.equal(code, 'NUTHATCH_NATIVE_NOT_FOUND')
    t.match(message, `was not found for ${target} (${libc})`)
    t.match(message, `${join(folder, 'prebuilds', target)} (${file})`)
    t.match(message, `brings binaries for: ${target}-${brought}.`)
  }
  t.end()
})

t.test(
  "what the environment says of the machine does not matter, for it is this process's",
  onLinux,
  async (t) => {
    const folder = t.testdir({ 'package.json': manifest, prebuilds: { [target]: both } })
    const libc = /musl/.test(platform()) ? 'musl' : 'glibc'
    copyFileSync(nativeFile(), join(folder, 'prebuilds', target, `nuthatch.${libc}.node`))
    for (const env of [
      { LIBC: 'musl' },
      { LIBC: 'glibc' },
      { npm_config_arch: 'mips' },
      { npm_config_platform: 'plan9' },
      { PREBUILDS_ONLY: '1' },
    ]) {
      const { stdout, stderr } = await nuthatch(['--version'], {
        cwd: folder,
        env: { ...env, NUTHATCH_PREBUILD: folder },
      })
      t.equal(stderr, '', JSON.stringify(env))
      t.match(stdout, `nuthatch.${libc}.node`)
    }
  },
)
