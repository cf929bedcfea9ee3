/** Commands in the prose of README.md and docs/, and in the lists of blocks of text. */
import { existsSync, readFileSync } from 'node:fs'
import type { Command } from 'commander'
import t from 'tap'
import { createProgram } from '../../lib/cli/program.js'
import { blocksOf, inlineCodeOf, pagePaths, root } from './pages.js'
import { Scratch } from './scratch.js'

const program = await createProgram(undefined)
const { scripts } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as {
  scripts: Readonly<Record<string, string>>
}

/** Whole commands that cannot be run here. */
const notRun: Readonly<Record<string, string>> = {
  'nuthatch watch -r rules/': 'wants Windows; with --replay it is run',
  'source <(nuthatch completion zsh)': 'is of zsh; test/lib/cli/completion.test.ts does it',
}

const isCommand = (code: string): boolean => !code.startsWith('npm ') && /(^|[ (|])nuthatch( |$)/.test(code)

/** It names no command, or has a gap for the reader to fill in. */
const isPattern = (code: string): boolean => /…|\b[A-Z]{3,}\b/.test(code)

const isSwitch = (word: string): boolean => /^-{1,2}[A-Za-z]/.test(word)

/** Of `nuthatch COMMAND words`, those of each command in a pipeline. */
const invocations = (code: string): string[][] =>
  code
    .split(/\||<\(|\)|>|&&/)
    .map((part) => part.trim().split(/\s+/))
    .filter((words) => words.includes('nuthatch'))
    .map((words) => words.slice(words.indexOf('nuthatch') + 1))

function unknownWords([name = '', ...rest]: readonly string[]): string[] {
  const command = program.commands.find((each) => each.name() === name)
  if (!command && !isSwitch(name)) return name === '' || isPattern(name) ? [] : [name]
  const words = command ? rest : [name, ...rest]
  const known = new Set(['--help', ...[program, command].flatMap(namesOf)])
  return words.filter(isSwitch).filter((word) => !known.has(word.replace(/=.*/, '')))
}

const namesOf = (command: Command | undefined): string[] =>
  command?.options.flatMap(({ short, long }) => [short, long].filter((name) => name !== undefined)) ?? []

/** More than `nuthatch COMMAND --switch`, which is only a name for it. */
const isWhole = (code: string): boolean =>
  !isPattern(code) && (invocations(code)[0] ?? []).slice(1).some((word) => !isSwitch(word))

t.test('commands and options of nuthatch are those that there are', (t) => {
  for (const path of pagePaths) {
    const lines = blocksOf(path)
      .filter(({ language }) => language === 'text')
      .flatMap(({ text }) => text.split('\n').map((line) => line.split(/ {3,}/)[0] ?? ''))
    for (const code of [...inlineCodeOf(path), ...lines].filter(isCommand))
      t.strictSame(invocations(code).flatMap(unknownWords), [], `${path}: ${code}`)
  }
  t.end()
})

t.test('whole commands in the prose do what they should', async (t) => {
  const scratch = Scratch.create(false)
  t.teardown(() => scratch.remove())
  await scratch.run('mkdir -p ~/.config/fish/completions')
  const commands = new Set(pagePaths.flatMap(inlineCodeOf).filter((code) => isCommand(code) && isWhole(code)))
  t.ok(commands.size > 5)
  for (const command of commands) {
    if (Object.hasOwn(notRun, command)) continue
    const { code, output } = await scratch.run(command)
    t.equal(code, 0, `${command}: ${output.slice(-1000)}`)
  }
  t.strictSame(
    Object.keys(notRun).filter((command) => !commands.has(command)),
    [],
    'what is not run is still there',
  )
})

t.test('scripts of npm, and files of tests, are those that there are', (t) => {
  for (const path of pagePaths) {
    const text = [...inlineCodeOf(path), ...blocksOf(path).map((block) => block.text)].join('\n')
    for (const [command, name = ''] of text.matchAll(/npm run ([a-z][\w:-]*)/g))
      t.ok(Object.hasOwn(scripts, name), `${path}: ${command}`)
    for (const [command, file = ''] of text.matchAll(/npx tap (\S+)/g))
      t.ok(existsSync(new URL(file, root)), `${path}: ${command}`)
  }
  t.end()
})
