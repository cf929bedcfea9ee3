import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const script = (name: string) => import(new URL(`../../scripts/${name}`, import.meta.url).href)
const { checkBinary } = await script('check-binaries.mjs')
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

t.test('the signature of a Mach-O file', async (t) => {
  const signed = readFileSync(file('darwin-arm64'))
  t.equal(signatureProblem(signed), undefined)
  t.equal(signatureProblem(readFileSync(file('darwin-x64'))), 'is not signed')
  const changed = Buffer.from(signed)
  changed.writeUInt8(changed.readUInt8(5000) ^ 1, 5000)
  t.equal(signatureProblem(changed), 'is not signed at page 1')
})
