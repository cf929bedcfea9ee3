/** Completion, as the shells do it that are installed. */
import { spawn, spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { programWords } from '../../../lib/cli/completion/program-words.js'
import { createProgram } from '../../../lib/cli/program.js'
import { finish, nuthatch } from './nuthatch.js'

const { options, commands } = programWords(await createProgram(undefined))
const namesOf = ({ options: all }: { options: typeof options }) => all.flatMap(({ names }) => names)

const cwd = t.testdir({
  rules: { 'my rule.rb': '', 'other.rb': '' },
  'telemetry.ndjson': '',
  test: {}, // as a command is named
})
const scripts: Record<string, string> = {}
for (const shell of ['bash', 'zsh', 'fish']) {
  const { stdout, code } = await nuthatch(['completion', shell], { cwd })
  t.equal(code, 0)
  scripts[shell] = join(cwd, `.completion.${shell}`)
  writeFileSync(scripts[shell], stdout)
}
const without = (...programs: string[]) =>
  programs.filter((program) => spawnSync(program, ['--version']).error).join(' and ')
const skip = (...programs: string[]) => {
  const missing = without(...programs)
  return { skip: missing === '' ? false : `no ${missing}` }
}

/** The words that the shell makes of lines with tabs, typed at a terminal. */
async function typed(command: string, setup: string, lines: readonly string[]): Promise<string[][]> {
  writeFileSync(join(cwd, '.setup'), `${setup}\nnuthatch() { printf '<%s>' "$@"; echo; }\n`)
  const env = { ...process.env, TERM: 'dumb', HOME: cwd, ZDOTDIR: cwd, HISTFILE: '', PS1: '' }
  const child = spawn('script', ['-qefc', command, '/dev/null'], { cwd, env })
  child.stdin.end(`. ./.setup\n${lines.join('\n')}\nexit 0\n`)
  const { stdout } = await finish(child)
  const shown = stdout.split(/\r*\n/).flatMap((line) => /<.*>$/.exec(line)?.[0] ?? [])
  return shown.map((line) => line.slice(1, -1).split('><'))
}

const typedLines: readonly (readonly [line: string, words: readonly string[]])[] = [
  ['nuthatch sta\ttele\t', ['standardize', 'telemetry.ndjson']],
  ['nuthatch run -r rul\toth\t --sev\thi\t', ['run', '-r', 'rules/other.rb', '--severity', 'high']],
  ['nuthatch run --rules rul\tmy\ttele\t', ['run', '--rules', 'rules/my rule.rb', 'telemetry.ndjson']],
  ['nuthatch run --image-root tele\t', ['run', '--image-root', 'tele']], // no folder
  ['nuthatch run --image-root rul\t -- tele\t', ['run', '--image-root', 'rules/', '--', 'telemetry.ndjson']],
  ['nuthatch tree rules --event-type dns\t', ['tree', 'rules', '--event-type', 'dns_query']],
  ['nuthatch watch tele\t', ['watch', 'tele']], // takes no files
  ['nuthatch tes\trul\tot\t', ['test', 'rules/other.rb']],
  ['nuthatch completion fi\t', ['completion', 'fish']],
  ['nuthatch help chec\t', ['help', 'check']],
]

/** As many letters of each option as no other has, and a tab. */
const everyOption = commands.flatMap((command) => {
  const names = namesOf(command).filter((name) => name.startsWith('--'))
  return names.flatMap((name): [string, string[]][] => {
    const isUnique = (size: number) =>
      names.filter((other) => other.startsWith(name.slice(0, size))).length === 1
    const size = [...name].findIndex((_, index) => index > 2 && isUnique(index))
    return size < 0 ? [] : [[`nuthatch ${command.name} ${name.slice(0, size)}\t`, [command.name, name]]]
  })
})

/** How an option's value is attached, and what ends a folder, differ. */
const alike = (words: readonly string[]) =>
  words.flatMap((word) => word.split('=').filter(Boolean)).map((word) => word.replace(/\/$/, ''))

async function completes(t: Test, command: string, setup: string) {
  const all = [...typedLines, ...everyOption]
  t.ok(everyOption.length > 100)
  const lines = await typed(
    command,
    setup,
    all.map(([line]) => line),
  )
  t.equal(lines.length, all.length)
  for (const [i, [line, words]] of all.entries()) t.same(alike(lines[i] ?? []), alike(words), line)
}

t.test('bash, at a terminal', skip('bash', 'script'), (t) =>
  completes(t, 'bash --norc --noprofile -i', `shopt -s extglob; set -u; source ${scripts.bash}`),
)

t.test('zsh, at a terminal', skip('zsh', 'script'), (t) =>
  completes(t, 'zsh -f -i', `autoload -U compinit; compinit -u -D; source ${scripts.zsh}`),
)

t.test('zsh, when its folder of functions has it', skip('zsh', 'script'), async (t) => {
  const folder = join(cwd, '.functions')
  mkdirSync(folder)
  copyFileSync(scripts.zsh as string, join(folder, '_nuthatch'))
  const setup = `fpath=(${folder} $fpath); autoload -U compinit; compinit -u -D`
  t.same(await typed('zsh -f -i', setup, ['nuthatch comple\tfi\t', 'nuthatch comple\tba\t']), [
    ['completion', 'fish'],
    ['completion', 'bash'],
  ])
})

/** What the shell's own machinery offers for lines. */
type Offer = (lines: readonly string[]) => string[][]

const offers: Record<string, Offer> = {
  bash: (lines) =>
    asked(
      'bash',
      `source ${scripts.bash}
offer() {
  read -ra COMP_WORDS <<< "$1"; [[ $1 == *' ' ]] && COMP_WORDS+=('')
  COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _nuthatch; echo "\${COMPREPLY[@]}"
}`,
      lines,
    ),
  fish: (lines) =>
    asked(
      'fish',
      `source ${scripts.fish}; function offer; echo (complete -C "$argv" | cut -f 1); end`,
      lines,
    ),
}

function asked(shell: string, setup: string, lines: readonly string[]): string[][] {
  const script = [setup, ...lines.map((line) => `offer '${line}'`)].join('\n')
  const { stdout } = spawnSync(shell, ['-c', script], { cwd, encoding: 'utf8' })
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' ').filter(Boolean).sort())
}

for (const [shell, offer] of Object.entries(offers)) {
  t.test(`${shell} offers commands, options and choices`, skip(shell), (t) => {
    const choices = commands.flatMap((command) =>
      command.options.flatMap(({ names, value }) =>
        Array.isArray(value?.values)
          ? [[`nuthatch ${command.name} ${names.at(-1)} `, value.values] as const]
          : [],
      ),
    )
    t.ok(choices.length > 10)
    const expected: (readonly [string, readonly string[]])[] = [
      ['nuthatch ', commands.map(({ name }) => name)],
      ['nuthatch --', options.flatMap(({ names }) => names).filter((name) => name.startsWith('--'))],
      ...commands.map((command): [string, string[]] => [
        `nuthatch ${command.name} --`,
        namesOf(command).filter((name) => name.startsWith('--')),
      ]),
      ...choices,
      ['nuthatch --no-color completion ', ['bash', 'zsh', 'fish']],
      ['nuthatch run --threads ', []],
      ['nuthatch run -- --', []],
    ]
    const offered = offer(expected.map(([line]) => line))
    for (const [i, [line, words]] of expected.entries()) t.same(offered[i] ?? [], [...words].sort(), line)
    t.end()
  })
}

t.test('fish: files and folders', skip('fish'), (t) => {
  const offered = offers.fish?.([
    'nuthatch run -r ru',
    'nuthatch run --image-root ',
    'nuthatch check rules/o',
    'nuthatch watch te',
    'nuthatch run --severity=h',
  ])
  t.same(offered, [['rules/'], ['rules/', 'test/'], ['rules/other.rb'], [], ['--severity=high']])
  t.end()
})

t.test('it is known of all that arguments and options take what that is', (t) => {
  const unguessable = [
    'factor',
    'kibibytes',
    'megabytes',
    'milliseconds',
    'name',
    'number',
    'seconds',
    'session',
    'time',
  ]
  for (const command of commands)
    for (const value of [...command.arguments, ...command.options.flatMap(({ value }) => value ?? [])])
      if (value.values === 'anything')
        t.ok(
          unguessable.includes(value.name),
          `${command.name}: ${value.name} is in lib/cli/completion/program-words.ts`,
        )
  t.end()
})

t.test('of another shell', async (t) => {
  t.match(await nuthatch(['completion', 'tcsh'], { cwd }), { code: 2, stdout: '', stderr: /bash, zsh, fish/ })
})
