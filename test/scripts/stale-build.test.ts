import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'

const { removeStaleBuild } = await import(new URL('../../scripts/stale-build.mjs', import.meta.url).href)

/** What is left of a folder's build/ when `builder` comes. */
function left(t: Test, builder: string, files: (root: string) => Record<string, string>): string[] {
  const root = t.testdir({ build: {} })
  const build = files(root)
  t.testdir({ build })
  removeStaleBuild(root, builder)
  return Object.keys(build).filter((name) => existsSync(join(root, 'build', name)))
}
const cache = (folder: string) => `# made by CMake\nCMAKE_HOME_DIRECTORY:INTERNAL=${folder}\nX:STRING=y\n`
const done = { 'compile_commands.json': '[]', 'nuthatch.node': '' }

t.test('a finished build of this folder is gone on with', async (t) => {
  const files = (root: string) => ({ 'CMakeCache.txt': cache(root), ...done })
  t.same(left(t, 'cmake-js', files), ['CMakeCache.txt', 'compile_commands.json', 'nuthatch.node'])
})

t.test('nothing of a build in another folder, from which this was copied', async (t) => {
  t.same(
    left(t, 'cmake-js', (root) => ({ 'CMakeCache.txt': cache(`${root}-first`), ...done })),
    [],
  )
})

t.test('nothing of a cache that does not say where it is from', async (t) => {
  t.same(
    left(t, 'cmake-js', () => ({ 'CMakeCache.txt': '', ...done })),
    [],
  )
})

t.test('nothing of the other builder', async (t) => {
  t.same(
    left(t, 'cmake-js', () => ({ 'config.gypi': '', ...done })),
    [],
  )
  t.same(
    left(t, 'node-gyp', (root) => ({ 'CMakeCache.txt': cache(root), ...done })),
    [],
  )
  t.same(
    left(t, 'node-gyp', () => ({ 'config.gypi': '', 'nuthatch.node': '' })),
    ['config.gypi', 'nuthatch.node'],
  )
})

t.test('no cache of a configure that did not finish', async (t) => {
  t.same(
    left(t, 'cmake-js', (root) => ({ 'CMakeCache.txt': cache(root), other: '' })),
    ['other'],
  )
})
