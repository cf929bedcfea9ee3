// Builds build/Release/nuthatch.node, incrementally: with cmake-js where cmake is on PATH, else with
// node-gyp, which needs only Python, make and a compiler. NUTHATCH_BUILDER=cmake-js|node-gyp chooses.
// With --quiet the builder is heard only when it fails.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withNodeHeaders } from './node-headers.mjs'
import { removeStaleBuild } from './stale-build.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const require = createRequire(import.meta.url)
const jobs = String(availableParallelism())

const builder = process.env.NUTHATCH_BUILDER ?? (hasCmake() ? 'cmake-js' : 'node-gyp')

const commands = {
  'cmake-js': ['cmake-js', 'bin/cmake-js', ['build', '--log-level', 'warn', '--parallel', jobs]],
  'node-gyp': ['node-gyp', 'bin/node-gyp.js', ['configure', 'build', '--release', '--jobs', jobs]],
}
if (!(builder in commands)) {
  console.error(`NUTHATCH_BUILDER is ${builder}: it must be ${Object.keys(commands).join(' or ')}`)
  process.exit(2)
}
removeStaleBuild(root, builder)
const [name, script, args] = commands[builder]
const bin = join(dirname(require.resolve(`${name}/package.json`)), script)
const quiet = process.argv.includes('--quiet')
if (quiet) console.error('Building the native addon (some minutes the first time) …')
const built = spawnSync(process.execPath, [bin, ...args], {
  cwd: root,
  stdio: quiet ? 'pipe' : 'inherit',
  maxBuffer: Number.POSITIVE_INFINITY,
  env: withNodeHeaders(),
})
if (quiet && built.status !== 0) process.stderr.write(Buffer.concat([built.stdout, built.stderr]))
process.exitCode = built.status ?? 1

/** Whether CMake is there, and at least the version that CMakeLists.txt asks for. */
function hasCmake() {
  const { stdout } = spawnSync('cmake', ['--version'], { encoding: 'utf8' })
  const [, major, minor] = /version (\d+)\.(\d+)/.exec(stdout ?? '') ?? [0, 0, 0]
  return Number(major) > 3 || (Number(major) === 3 && Number(minor) >= 22)
}
