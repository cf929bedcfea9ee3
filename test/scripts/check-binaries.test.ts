import { spawnSync } from 'node:child_process'
import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { elf, machO, noSmallBinaries, pe } from './small-binaries.js'

const script = (name: string) => import(new URL(`../../scripts/${name}`, import.meta.url).href)
const { checkBinary, glibcWarning } = await script('check-binaries.mjs')
const { signatureProblem } = await script('mach-o-signature.mjs')

// Another package's binaries: all formats, made by the vendors' own tools.
const file = (name: string) =>
  fileURLToPath(new URL(`../../node_modules/tree-sitter/prebuilds/${name}/tree-sitter.node`, import.meta.url))
const linux = { platform: 'linux', arch: 'x64', libc: 'glibc', maxGlibc: 28 }
const missing = spawnSync('llvm-readobj-14', ['--version']).error ? 'llvm-14 is not installed' : false

t.test('binaries', { skip: missing }, (t) => {
  t.test('that load on every such system are taken', async (t) => {
    checkBinary({ platform: 'win32', arch: 'x64' }, file('win32-x64'))
    checkBinary({ platform: 'win32', arch: 'arm64' }, file('win32-arm64'))
    t.pass()
  })

  t.test('that need or export more are refused', async (t) => {
    const check = () => checkBinary(linux, file('linux-x64'))
    t.throws(check, { message: /needs libstdc\+\+\.so\.6\n {2}exports \d+ others, as _Z/ })
  })

  t.test('of other systems and processors are refused', async (t) => {
    t.throws(() => checkBinary({ ...linux, arch: 'arm64' }, file('linux-x64')), {
      message: /is not for arm64/,
    })
    t.throws(() => checkBinary(linux, file('win32-x64')), { message: /is not of linux/ })
    t.throws(() => checkBinary({ platform: 'darwin', arch: 'x64' }, file('win32-x64')), {
      message: /is not of darwin/,
    })
  })

  t.test('for newer systems are refused', async (t) => {
    t.throws(() => checkBinary({ ...linux, maxGlibc: 13 }, file('linux-x64')), {
      message: /asks for glibc 2\.\d+, not 2\.13/,
    })
  })
  t.end()
})

t.test('of binaries that differ from a good one in one thing', { skip: noSmallBinaries }, async (t) => {
  const folder = t.testdir()
  const windows = { platform: 'win32', arch: 'x64' }
  const macos = { platform: 'darwin', arch: 'x64' }
  const problems = (target: object, file: string) => {
    try {
      checkBinary(target, file)
      return []
    } catch (error) {
      return (error as Error).message.split('\n  ').slice(1)
    }
  }

  t.same(problems(linux, elf(folder, 'good-elf', 'GLIBC_2.28')), [])
  t.same(problems(linux, elf(folder, 'newer-elf', 'GLIBC_2.29')), ['asks for glibc 2.29, not 2.28'])
  const more = { code: 'void other(void) {}' }
  t.same(problems(linux, elf(folder, 'more-elf', 'GLIBC_2.2.5', more)), ['exports 1 others, as other'])
  const large = elf(folder, 'large-elf', 'GLIBC_2.28')
  truncateSync(large, 6e6)
  t.same(problems(linux, large), [])
  truncateSync(large, 6e6 + 1)
  t.same(problems(linux, large), ['has 6000001 bytes'])

  t.same(problems(windows, pe(folder, 'good-pe', 'KERNEL32.dll')), [])
  t.same(problems(windows, pe(folder, 'foreign-pe', 'WS2_32.dll')), ['needs WS2_32.dll'])
  for (const [option, found] of [
    ['/nxcompat:no', ['lacks NX_COMPAT']],
    ['/highentropyva:no', ['lacks HIGH_ENTROPY_VA']],
    ['/dynamicbase:no', ['lacks DYNAMIC_BASE']],
    ['/osversion:10.1', ['is for Windows 10.1']],
    ['/subsystem:windows,11.0', ['is for Windows 11.0']],
  ] as const)
    t.same(problems(windows, pe(folder, 'other-pe', 'KERNEL32.dll', { link: [option] })), found, option)

  t.same(problems(macos, machO(folder, 'good-mach-o', '11.0')), [])
  t.same(problems(macos, machO(folder, 'newer-mach-o', '11.1')), ['is for macOS 11.1'])
  t.same(problems(macos, machO(folder, 'newest-mach-o', '12.0')), ['is for macOS 12.0'])
  t.same(problems(macos, machO(folder, 'more-mach-o', '11.0', more)), ['exports 1 others, as other'])
})

t.test('of a folder everything is told, a line each', { skip: noSmallBinaries }, async (t) => {
  const folder = t.testdir({
    prebuilds: { 'linux-x64': {}, 'win32-x64': { 'nuthatch.node': 'no binary' }, 'darwin-x64': {} },
  })
  const check = (...args: readonly string[]) => {
    const path = fileURLToPath(new URL('../../scripts/check-binaries.mjs', import.meta.url))
    const command = [path, '--folder', folder, ...args]
    const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' })
    return { status, stdout, told: stderr.replaceAll(`${folder}/prebuilds/`, '').split('\n').slice(0, -1) }
  }
  elf(join(folder, 'prebuilds/linux-x64'), 'nuthatch.glibc', 'GLIBC_2.29')
  machO(join(folder, 'prebuilds/darwin-x64'), 'nuthatch', '12.0', { code: 'void other(void) {}' })
  const wrong = [
    'linux-x64/nuthatch.glibc.node: asks for glibc 2.29, not 2.28',
    /^win32-x64\/nuthatch\.node: cannot be read: /,
    'darwin-x64/nuthatch.node: exports 1 others, as other',
    'darwin-x64/nuthatch.node: is for macOS 12.0',
  ]
  t.match(check(), { status: 1, stdout: '', told: wrong })
  t.equal(check().told.length, wrong.length)

  pe(join(folder, 'prebuilds/win32-x64'), 'nuthatch', 'KERNEL32.dll')
  machO(join(folder, 'prebuilds/darwin-x64'), 'nuthatch', '11.0')
  t.same(check('--glibc', '29'), {
    status: 0,
    stdout: 'as they should be: linux-x64-glibc, win32-x64, darwin-x64\n',
    told: [],
  })
  const missing = ['linux-x64/nuthatch.musl', 'linux-arm64/nuthatch.glibc', 'linux-arm64/nuthatch.musl']
  const told = [...missing, 'win32-arm64/nuthatch', 'darwin-arm64/nuthatch'].map(
    (name) => `${name}.node: is missing`,
  )
  t.same(check('--glibc', '29', '--all'), { status: 1, stdout: '', told })
})

t.test('what is published asks for glibc 2.28 and macOS 11 at most', async (t) => {
  const { targets } = await script('targets.mjs')
  for (const { name, libc, maxGlibc, zig } of targets)
    if (libc === 'glibc') t.match({ maxGlibc, zig }, { maxGlibc: 28, zig: /-linux-gnu\.2\.28$/ }, name)
    else if (name.startsWith('darwin')) t.match(zig, /-macos\.11\.0$/, name)
})

t.test('what this machine makes for itself may ask for its glibc, and is warned of', async (t) => {
  const asking = (version: string) => {
    const path = join(t.testdir(), 'nuthatch.node')
    writeFileSync(path, `\0GLIBC_2.2.5\0__isoc23_strtol\0${version}\0`)
    return glibcWarning(path)
  }
  t.equal(asking('GLIBC_2.34'), undefined)
  t.match(asking('GLIBC_2.38'), /^warning: .*nuthatch\.node loads from glibc 2\.38 on/)
})

t.test('the signature of a Mach-O file', async (t) => {
  const signed = readFileSync(file('darwin-arm64'))
  t.equal(signatureProblem(signed), undefined)
  t.equal(signatureProblem(readFileSync(file('darwin-x64'))), 'is not signed')
  const changed = Buffer.from(signed)
  changed.writeUInt8(changed.readUInt8(5000) ^ 1, 5000)
  t.equal(signatureProblem(changed), 'is not signed at page 1')
})
