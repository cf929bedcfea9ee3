import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { NuthatchError } from '../../lib/errors.js'
import { loadNative, native } from '../../lib/native.js'

const target = `${process.platform}-${process.arch}`
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
  for (const name of ['build/Release', 'build/Debug', `prebuilds/${target}`]) {
    t.match(error.message, join(folder, name))
  }
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
  t.match(
    failure(fileURLToPath(new URL('../../', import.meta.url))).message,
    join(elsewhere, 'prebuilds', target),
  )
  t.end()
})
