import { Command } from 'commander'
import { native } from '../native.js'
import { writeOutputNow } from './output.js'

/** Loaded when they are needed: all of them are 10 MB of memory more than `etl`. */
const commands: Readonly<Record<string, () => Promise<() => Command>>> = {
  run: async () => (await import('./run.js')).runCommand,
  check: async () => (await import('./check.js')).checkCommand,
  test: async () => (await import('./test.js')).testCommand,
  tree: async () => (await import('./tree.js')).treeCommand,
  profile: async () => (await import('./profile.js')).profileCommand,
  standardize: async () => (await import('./standardize.js')).standardizeCommand,
  etl: async () => (await import('./etl.js')).etlCommand,
  verify: async () => (await import('./verify.js')).verifyCommand,
  pe: async () => (await import('./pe.js')).peCommand,
  compile: async () => (await import('./compile.js')).compileCommand,
}

const exitCodes = `
Exit codes: 0 done, 1 the input or the rules have errors, 2 wrong usage, 130 and 143
stopped with Ctrl-C and SIGTERM.`

/** With the command that `first`, the first argument, names; or with all of them. */
export async function createProgram(first: string | undefined): Promise<Command> {
  native.giveFreeMemoryBack()
  const program = new Command('nuthatch')
    .description('Detectors over endpoint telemetry.')
    .version(native.version)
    .option('--no-color', 'no colours, even on a terminal (as does the environment variable NO_COLOR)')
    .addHelpText('after', exitCodes)
  const named = Object.entries(commands).filter(([name]) => name === first)
  for (const [, load] of named.length > 0 ? named : Object.entries(commands))
    program.addCommand((await load())())
  for (const command of [program, ...program.commands]) {
    command
      .configureOutput({ writeOut: writeOutputNow })
      .exitOverride()
      .showHelpAfterError('(add --help for how it is used)')
  }
  return program
}
