import { readFileSync } from 'node:fs'
import type { Command, Option } from 'commander'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string
}

/** man/nuthatch.1, in the macros of man(7). It has no date: nobody would keep one true. */
export function manPage(program: Command): string {
  const help = program.createHelp()
  const commands = program.commands
  const synopsis = (command: Command) => {
    const [name, ...rest] = help.subcommandTerm(command).split(' ')
    return ['.br', `.B nuthatch ${name}`, text(rest.join(' '))]
  }
  const options = (command: Command) =>
    help.visibleOptions(command).flatMap((option) => ['.TP', `.B ${line(option.flags)}`, about(option)])
  const about = (option: Option) => text(help.optionDescription(option))
  return [
    '.\\" Generated from the program in lib/cli by `npm run generate`; do not edit.',
    `.TH NUTHATCH 1 "" "nuthatch ${version}" "User Commands"`,
    '.SH NAME',
    `nuthatch \\- ${line(program.description().replace(/\.$/, ''))}`,
    '.SH SYNOPSIS',
    '.B nuthatch',
    text(program.usage()),
    ...help.visibleCommands(program).flatMap(synopsis),
    '.SH OPTIONS',
    ...options(program),
    '.SH COMMANDS',
    ...commands.flatMap((command) => [
      `.SS nuthatch ${command.name()}`,
      text(`${command.description()}.`),
      ...options(command),
      ...blocksAfter(command).flatMap(({ title, lines }) => ['.PP', ...block(title, lines)]),
    ]),
    ...blocksAfter(program).flatMap(({ title, lines }) => [
      `.SH ${sections[title] ?? title}`,
      ...list(lines),
    ]),
    '',
  ].join('\n')
}

const sections: Readonly<Record<string, string>> = {
  Examples: 'EXAMPLES',
  'Exit codes': 'EXIT STATUS',
  Environment: 'ENVIRONMENT',
}

interface Block {
  /** Empty of a paragraph; else of what is indented below it. */
  readonly title: string
  readonly lines: readonly string[]
}

/** What the help of a command has after its options. */
function blocksAfter(command: Command): Block[] {
  let whole = ''
  command.configureOutput({ writeOut: (part) => (whole += part) }).outputHelp()
  return whole
    .slice(command.helpInformation().length)
    .trim()
    .split(/\n\n+/)
    .map((part) => {
      const lines = part.split('\n')
      const [title = ''] = lines
      return title.endsWith(':') && lines.length > 1
        ? { title: title.slice(0, -1), lines: lines.slice(1).map((each) => each.trim()) }
        : { title: '', lines }
    })
}

const block = (title: string, lines: readonly string[]): string[] =>
  title === '' ? [text(lines.join(' '))] : [text(`${title}:`), ...verbatim(lines)]

const verbatim = (lines: readonly string[]): string[] => ['.RS 4', '.nf', ...lines.map(text), '.fi', '.RE']

/** Of names and what they mean; or of command lines. */
const list = (lines: readonly string[]): string[] =>
  lines.every((each) => each.startsWith('$'))
    ? verbatim(lines)
    : lines.flatMap((each) => {
        const [name = '', meaning = ''] = each.split(/ {2,}/)
        return ['.TP', `.B ${line(name)}`, text(meaning)]
      })

const signs: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '-': '\\-',
  "'": '\\(aq',
  '"': '\\(dq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
  '…': '...',
}

/** As an argument of a macro. */
const line = (plain: string): string => plain.replaceAll(/[\\\-'"`^~…]/g, (sign) => signs[sign] ?? sign)

/** As a line by itself. */
const text = (plain: string): string => line(plain).replace(/^(?=\.)/, '\\&')
