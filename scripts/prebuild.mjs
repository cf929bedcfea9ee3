// Makes what `npm pack` takes besides the checked-in files, and refuses an incomplete package:
//   dist/         from lib/ by tsc, before this, nothing stale left in it
//   prebuilds/    nuthatch.node for this platform, stripped; with --all for each of scripts/targets.mjs, made with Zig
//   third_party/  the sources that binding.gyp compiles where no prebuild fits, with their licences
import { execSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import prebuildify from 'prebuildify'
import { glibcWarning } from './check-binaries.mjs'
import { crossBuild } from './cross-build.mjs'
import { allSources, groups, thirdPartyFolder } from './sources.mjs'

const MAX_PACKED_BYTES = 20e6

process.chdir(fileURLToPath(new URL('..', import.meta.url)))

removeStaleOutput()
stageThirdParty()
if (process.argv.includes('--all')) {
  crossBuild()
} else {
  await buildPrebuild()
  warnOfGlibc()
}
checkPackage()

function removeStaleOutput() {
  for (const path of readdirSync('dist', { recursive: true })) {
    const source = join('lib', path.replace(/(\.d\.ts|\.js)$/, '.ts'))
    if (/\.[jt]s$/.test(path) && !existsSync(source)) rmSync(join('dist', path))
  }
}

function stageThirdParty() {
  rmSync('third_party', { recursive: true, force: true })
  for (const [name, library] of Object.entries(groups.third_party)) {
    const folder = thirdPartyFolder(name)
    const sources = new Set(allSources(library))
    const filter = (source) => {
      const path = relative(folder, source)
      if (/test|mock|benchmark/.test(path)) return false
      return sources.has(path) || /\.(h|inc|c)$|LICENSE$/.test(path) || statSync(source).isDirectory()
    }
    cpSync(folder, join('third_party', name), { recursive: true, filter })
    cpSync(join('node_modules', library.package, library.license), join('third_party', name, 'LICENSE'))
  }
}

// prebuildify strips what was built and moves it. It gets a copy, so that build/Release stays as it
// is for those who have it loaded.
async function buildPrebuild() {
  execSync('npm run --silent build:native', { stdio: 'inherit' })
  const cwd = 'build/prebuild'
  rmSync(cwd, { recursive: true, force: true })
  rmSync(`prebuilds/${process.platform}-${process.arch}`, { recursive: true, force: true })
  cpSync('build/Release/nuthatch.node', `${cwd}/build/Release/nuthatch.node`)
  await promisify(prebuildify)({
    name: 'nuthatch',
    cwd,
    out: '.',
    targets: [process.versions.node],
    napi: true,
    tagLibc: true,
    strip: true,
    nodeGyp: 'true',
  })
}

// What this machine's compiler makes is for this machine; what is published is built, and checked, with --all.
function warnOfGlibc() {
  const binary = `prebuilds/${process.platform}-${process.arch}/nuthatch.glibc.node`
  const warning = existsSync(binary) && glibcWarning(binary)
  if (warning) console.error(warning)
}

function checkPackage() {
  const [{ files, size }] = JSON.parse(
    execSync('npm pack --dry-run --json --ignore-scripts', { encoding: 'utf8' }),
  )
  const packed = files.map((file) => file.path)
  const missing = expectedFiles().filter((path) => !packed.includes(path))
  const unwanted = packed.filter((path) =>
    /^(test|bench\/(?!README)|examples\/(?!fastify)|build|.*node_modules)\/|\.(js\.map|tsbuildinfo)$/.test(
      path,
    ),
  )
  if (missing.length === 0 && unwanted.length === 0 && size <= MAX_PACKED_BYTES) return
  for (const path of missing) console.error(`The package lacks ${path}`)
  for (const path of unwanted) console.error(`The package must not have ${path}`)
  if (size > MAX_PACKED_BYTES) console.error(`The package has ${size} bytes, more than ${MAX_PACKED_BYTES}`)
  process.exit(1)
}

function expectedFiles() {
  const own = ['core', 'addon', 'grammar'].flatMap((name) => allSources(groups[name]))
  const libraries = Object.entries(groups.third_party).flatMap(([name, library]) =>
    ['LICENSE', ...allSources(library)].map((path) => `third_party/${name}/${path}`),
  )
  const prebuilds = readdirSync('prebuilds', { recursive: true }).filter((path) => path.endsWith('.node'))
  return [
    ...['LICENSE', 'NOTICE', 'README.md', 'CHANGELOG.md', 'package.json', 'sbom.cdx.json'],
    ...[
      'dist/index.js',
      'dist/index.d.ts',
      'dist/cli/main.js',
      'grammar/queries/highlights.scm',
      'man/nuthatch.1',
    ],
    ...[
      'binding.gyp',
      'scripts/install.mjs',
      'scripts/node-headers.mjs',
      'scripts/sources.mjs',
      'native/sources.json',
      'native/addon/exports.map',
    ],
    ...own,
    ...libraries,
    ...prebuilds.map((path) => `prebuilds/${path}`),
  ]
}
