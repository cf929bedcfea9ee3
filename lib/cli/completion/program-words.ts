import type { Argument, Command, Option } from 'commander'

/** What can stand for an argument or an option's value: one of these words, or a path, or what nobody can guess. */
export type Values = readonly string[] | 'files' | 'folders' | 'anything'

export interface ValueWords {
  readonly name: string
  readonly values: Values
  readonly isOptional: boolean
  readonly isVariadic: boolean
}

export interface OptionWords {
  /** With their dashes, the short one first. */
  readonly names: readonly string[]
  readonly description: string
  /** Null of a switch. */
  readonly value: ValueWords | null
}

export interface CommandWords {
  readonly name: string
  readonly description: string
  /** Those of the program as well. */
  readonly options: readonly OptionWords[]
  readonly arguments: readonly ValueWords[]
}

export interface ProgramWords {
  readonly name: string
  readonly options: readonly OptionWords[]
  readonly commands: readonly CommandWords[]
}

/** What can be written on the command line of a program, as its help has it. */
export function programWords(program: Command): ProgramWords {
  const help = program.createHelp()
  const commands = help.visibleCommands(program)
  const names = commands.map((command) => command.name())
  return {
    name: program.name(),
    options: help.visibleOptions(program).map(optionWords),
    commands: commands.map((command) => ({
      name: command.name(),
      description: command.description(),
      options: [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)].map(optionWords),
      arguments: command.registeredArguments.map((argument) => argumentWords(argument, names)),
    })),
  }
}

const fileNames: readonly string[] = ['file', 'files', 'images', 'inputs', 'path', 'rules', 'trace']

const valuesOf = (name: string, choices: readonly string[] | undefined): Values =>
  choices ?? (name === 'folder' ? 'folders' : fileNames.includes(name) ? 'files' : 'anything')

const argumentWords = (argument: Argument, commands: readonly string[]): ValueWords => ({
  name: argument.name(),
  values: argument.name() === 'command' ? commands : valuesOf(argument.name(), argument.argChoices),
  isOptional: !argument.required,
  isVariadic: argument.variadic,
})

function optionWords({
  short,
  long,
  flags,
  description,
  argChoices,
  optional,
  variadic,
}: Option): OptionWords {
  const [, name] = /[<[](.*?)(?:\.\.\.)?[>\]]/.exec(flags) ?? []
  return {
    names: [short, long].filter((each) => each !== undefined),
    description,
    value: name
      ? { name, values: valuesOf(name, argChoices), isOptional: optional, isVariadic: variadic }
      : null,
  }
}
