/** What commands say of themselves: every example in their help works as it is typed, in the folder examples. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { createProgram } from '../../../lib/cli/program.js'
import { nuthatch, shell } from './nuthatch.js'

const isInstalled = (program: string) => spawnSync(program, ['--version']).error === undefined
const program = await createProgram(undefined)
const commands = program.commands.map((command) => command.name())

const cwd = t.testdir()
cpSync(fileURLToPath(new URL('../../../examples', import.meta.url)), cwd, { recursive: true })
mkdirSync(join(cwd, '.config/fish/completions'), { recursive: true })

for (const command of ['', ...commands])
  t.test(`the examples of ${command || 'the program'}`, async (t) => {
    const { stdout, code } = await nuthatch([...(command ? [command] : []), '--help'], { cwd })
    t.equal(code, 0)
    const [, block = ''] = /\nExamples:\n((?: {2}\$ .*\n)+)/.exec(stdout) ?? []
    const examples = block.split('\n').flatMap((line) => (line ? [line.slice(4)] : []))
    t.ok(examples.length >= 2)
    for (const example of examples) {
      t.notMatch(example.replace(/ # .*/, ''), 'examples/', 'it wants no checkout')
      if (example.includes('completion zsh')) continue // completion.test.ts
      if (example.includes('| jq') && !isInstalled('jq')) t.comment(`no jq: ${example}`)
      else {
        const result = await shell(`HOME=$PWD; ${example}`, cwd)
        t.match(result, { code: 0 }, example)
        t.notMatch(result.stderr, /^(error|warning)/m, example)
      }
    }
  })

t.test('of a command that there is not, help says so, and which is meant', async (t) => {
  for (const [args, said] of [
    [['help', 'bogus'], "error: unknown command 'bogus'\n"],
    [['help', 'chek'], "error: unknown command 'chek'; did you mean check?\n"],
    [['--no-color', 'help', 'rum', 'x'], "error: unknown command 'rum'; did you mean run?\n"],
  ] as const)
    t.same(await nuthatch(args, { cwd }), { code: 2, stdout: '', stderr: said })
  const help = await nuthatch(['help'], { cwd })
  t.match(help, { code: 0, stdout: /^Usage: nuthatch \[options\] \[command\]\n/ })
  t.match(await nuthatch(['help', 'run'], { cwd }), { code: 0, stdout: /^Usage: nuthatch run / })
})

t.test('the images of the examples are those that a program made', (t) => {
  const fixtures = fileURLToPath(new URL('../../fixtures/authenticode', import.meta.url))
  for (const name of ['root.pem', 'signed.exe', 'unsigned.exe', 'v2.cat'])
    t.same(readFileSync(join(cwd, 'images', name)), readFileSync(join(fixtures, name)), name)
  t.end()
})

t.test('--version names the release, the binary, its compiler, and the instructions in use', async (t) => {
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))
  for (const args of [['--version'], ['-V'], ['run', '--version'], ['--no-color', '-V']]) {
    const { stdout, code } = await nuthatch(args, { cwd })
    t.equal(code, 0)
    const [first, ...facts] = stdout.trimEnd().split('\n')
    t.equal(first, `nuthatch ${version}`)
    const said = Object.fromEntries(facts.map((line) => line.split(/ {2,}/)))
    t.match(said, {
      platform: `${process.platform}-${process.arch} (`,
      binary: /nuthatch.*\.node$/,
      compiler: /^(GCC|clang|MSVC) \d+/,
      instructions: /^(AVX-512|AVX2|NEON|scalar)$/,
    })
    t.ok(readFileSync(said.binary as string).length > 0)
  }
})

t.test(
  'the instructions are those that the processor has',
  { skip: process.platform !== 'linux' },
  async (t) => {
    const flags = readFileSync('/proc/cpuinfo', 'utf8').split(/\s+/)
    const { stdout } = await nuthatch(['--version'], { cwd })
    const expected =
      process.arch === 'arm64'
        ? 'NEON'
        : flags.includes('avx512vbmi')
          ? 'AVX-512'
          : flags.includes('avx2')
            ? 'AVX2'
            : 'scalar'
    t.match(stdout, `instructions  ${expected}\n`)
  },
)
