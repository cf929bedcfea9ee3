/** What may be released, and what the README's table of platforms is of: with a checkout that is as small as can be. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { machO, noSmallBinaries } from './small-binaries.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const script = (name: string) => import(new URL(`../../scripts/${name}`, import.meta.url).href)
const { sourcesHash } = await script('binary-sources.mjs')
const { tableProblem, withTable } = await script('platform-table.mjs')

const CHANGELOG = '# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-12-01\n\n## [1.2.2] - not a date\n'
const README =
  '# X\n<!-- platforms: `npm run matrix` writes this table -->\n<!-- platforms end -->\nNot yet run on a Mac.\n'
const locked = { integrity: 'sha512-1' }

/** A checkout with nothing wrong, its scripts, and a way to change it. */
function checkout(t: Test) {
  const folder = t.testdir({
    'CHANGELOG.md': CHANGELOG,
    'CMakeLists.txt': '',
    'README.md': README,
    'package.json': JSON.stringify({ version: '1.2.3', binary: { napi_versions: [9] } }),
    'package-lock.json': JSON.stringify({
      packages: {
        'node_modules/re2': locked,
        'node_modules/node-addon-api': locked,
        'node_modules/node-api-headers': locked,
      },
    }),
    cmake: { zig: { 'toolchain.cmake': '' } },
    docs: { 'api.md': '# API\n' },
    examples: { fastify: { 'README.md': '# A service\n' } },
    grammar: { src: { 'parser.c': '' } },
    lib: { 'index.ts': '' },
    native: { 'a.cc': '', 'sources.json': JSON.stringify({ third_party: { re2: { package: 're2' } } }) },
  })
  cpSync(`${root}scripts`, join(folder, 'scripts'), { recursive: true })
  symlinkSync(`${root}node_modules`, join(folder, 'node_modules'))
  const write = (path: string, text: string) => writeFileSync(join(folder, path), text)
  const run = (name: string, ...args: readonly string[]) => {
    const command = [join(folder, 'scripts', name), ...args]
    const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' })
    return { status, stdout, told: stderr.split('\n').slice(0, -1) }
  }
  write('README.md', withTable(README, ['| x |'], sourcesHash(folder)))
  return { folder, write, run, check: (tag = 'v1.2.3') => run('check-release.mjs', tag) }
}
const refused = (...told: readonly (string | RegExp)[]) => ({ status: 1, stdout: '', told })

t.test('a checkout that tells the truth can be released', async (t) => {
  const { run, check } = checkout(t)
  const taken = { status: 0, stdout: 'it can be released\n', told: [] }
  t.same(check(), taken)
  t.same(run('check-release.mjs'), taken, 'before there is a tag')
})

t.test('not by the tag of another version', async (t) => {
  const { check } = checkout(t)
  t.same(check('v1.2.4'), refused('package.json: is of 1.2.3, but the tag is v1.2.4'))
})

t.test('not without a section of the version that has a date', async (t) => {
  const { write, check } = checkout(t)
  for (const heading of [
    '## [1.2.3] - some day',
    '## [1.2.3]',
    '## [1.2.3] - 2026-13-01',
    '## [1.2.3] - 2026-12-01, or so',
  ]) {
    write('CHANGELOG.md', CHANGELOG.replace('## [1.2.3] - 2026-12-01', heading))
    t.same(check(), refused(`CHANGELOG.md: 1.2.3 has no date: ${heading}`), heading)
  }
  write('CHANGELOG.md', CHANGELOG.replace('1.2.3', '1.2.30'))
  t.same(check(), refused('CHANGELOG.md: has no section of 1.2.3'))
})

t.test('not while a page says that there was no release: all such places are told', async (t) => {
  const { write, check } = checkout(t)
  write('CHANGELOG.md', CHANGELOG.replace('2026-12-01', 'not released yet'))
  write('docs/api.md', "# API\n\nIt is not in npm's\nregistry yet. It is Not Yet Published.\n")
  write('examples/fastify/README.md', '(Not on a forge yet, workflows never run yet.)\n')
  t.same(
    check(),
    refused(
      'CHANGELOG.md: 1.2.3 has no date: ## [1.2.3] - not released yet',
      'CHANGELOG.md:5: says "not released yet"',
      `docs/api.md:3: says "not in npm's registry yet"`,
      'docs/api.md:4: says "not yet published"',
      'examples/fastify/README.md:1: says "not on a forge yet"',
      'examples/fastify/README.md:1: says "never run yet"',
    ),
  )
})

t.test('not with a table of platforms that is of other sources, or of none that are known', async (t) => {
  for (const path of [
    'native/a.cc',
    'cmake/zig/toolchain.cmake',
    'scripts/zig.txt',
    'grammar/src/parser.c',
  ]) {
    const { write, check } = checkout(t)
    write(path, 'changed')
    t.match(
      check(),
      refused(
        /^README\.md: the table of platforms is of [0-9a-f]{16} sources, and these are [0-9a-f]{16}: run/,
      ),
      path,
    )
  }
  for (const [path, from, to] of [
    ['package-lock.json', 'sha512-1', 'sha512-2'],
    ['package.json', '1.2.3', '1.2.4'],
    ['package.json', '[9]', '[10]'],
  ] as const) {
    const { folder } = checkout(t)
    const before = sourcesHash(folder)
    const text = readFileSync(join(folder, path), 'utf8')
    writeFileSync(join(folder, path), text.replace(from, to))
    t.not(sourcesHash(folder), before, path)
  }
  const { write, check } = checkout(t)
  write('lib/index.ts', 'changed')
  t.equal(check().status, 0, 'what is not in binaries does not matter')
  write('README.md', README)
  t.match(check(), refused(/^README\.md: the table of platforms is of unknown sources, /))
})

t.test('a table is written in place of the one before', async (t) => {
  const once = withTable(README, ['| a |'], '0123456789abcdef')
  const twice = withTable(once, ['| b |'], 'fedcba9876543210')
  t.match(
    once,
    '|---|---|---|---|---|\n| a |\n\nTried with binaries of the sources `0123456789abcdef`; the rows are `13bb5e1404fed184`.\n<!-- platforms end -->\nNot',
  )
  t.notMatch(twice, '| a |')
  t.equal(tableProblem(twice, 'fedcba9876543210'), undefined)
  t.match(tableProblem(twice, '0123456789abcdef'), /is of fedcba9876543210 sources/)
  t.match(
    tableProblem(`${README}Tried with binaries of the sources \`0123456789abcdef\`.\n`, '0123456789abcdef'),
    /unknown/,
  )
  t.match(tableProblem(twice.replace('| b |', '| c |'), 'fedcba9876543210'), /is not as it was written/)
  t.throws(() => withTable('# X\n', [], '0123456789abcdef'), { message: /no place/ })
})

t.test("this README's table is as it was written, and has all that was promised to be run", async (t) => {
  const readme = readFileSync(`${root}README.md`, 'utf8')
  const sources = /Tried with binaries of the sources `([0-9a-f]{16})`/.exec(readme)?.[1]
  t.equal(tableProblem(readme, sources), undefined)
  const promised = {
    'linux-x64-glibc': [20, 22, 24, '2[5-9]'],
    'linux-arm64-glibc': [20, 22, 24],
    'win32-x64': [20, 22],
  }
  for (const [target, versions] of Object.entries(promised)) {
    const passed = versions.map((version) => String.raw`${version}\.\d+\.\d+`).join(', ')
    t.match(readme, new RegExp(String.raw`^\| ${target} \|.*\| passed in Node ${passed} \|$`, 'm'))
  }
})

t.test('the matrix', { skip: noSmallBinaries }, async (t) => {
  const { folder, write, run } = checkout(t)
  t.match(
    run('run-matrix.mjs', 'darwin-x64', 'nonsense', 'more'),
    refused(/^nonsense, more: the targets are linux-x64-glibc, /),
  )
  const missing = 'prebuilds/darwin-x64/nuthatch.node: missing, run `npm run prebuild -- --all`'
  t.same(run('run-matrix.mjs', 'darwin-x64'), refused(missing))

  for (const path of ['prebuilds/darwin-x64', 'build/symbols/darwin-x64'])
    mkdirSync(join(folder, path), { recursive: true })
  machO(join(folder, 'prebuilds/darwin-x64'), 'nuthatch', '11.0')
  t.same(run('run-matrix.mjs', 'darwin-x64'), refused(missing), 'nobody knows of which sources')
  write('build/symbols/darwin-x64/sources.txt', `${sourcesHash(folder)}\n`)
  t.same(run('run-matrix.mjs', 'darwin-x64'), {
    status: 0,
    stdout: '| darwin-x64 | macOS 11 | 0.0 MB | built, never run | never run |\n',
    told: ['darwin-x64 …'],
  })
  write('native/a.cc', 'changed')
  t.same(run('run-matrix.mjs', 'darwin-x64'), refused(missing.replace('missing', 'is of other sources')))
})
