import { Command } from 'commander'
import { native } from '../native.js'
import { checkCommand } from './check.js'
import { compileCommand } from './compile.js'
import { etlCommand } from './etl.js'
import { writeOutputNow } from './output.js'
import { peCommand } from './pe.js'
import { profileCommand } from './profile.js'
import { runCommand } from './run.js'
import { standardizeCommand } from './standardize.js'
import { testCommand } from './test.js'
import { treeCommand } from './tree.js'
import { verifyCommand } from './verify.js'

const exitCodes = `
Exit codes: 0 done, 1 the input or the rules have errors, 2 wrong usage, 130 and 143
stopped with Ctrl-C and SIGTERM.`

export function createProgram(): Command {
  const program = new Command('nuthatch')
    .description('Detectors over endpoint telemetry.')
    .version(native.version)
    .option('--no-color', 'no colours, even on a terminal (as does the environment variable NO_COLOR)')
    .addHelpText('after', exitCodes)
  const commands = [
    runCommand,
    checkCommand,
    testCommand,
    treeCommand,
    profileCommand,
    standardizeCommand,
    etlCommand,
    verifyCommand,
    peCommand,
    compileCommand,
  ]
  for (const command of commands) program.addCommand(command())
  for (const command of [program, ...program.commands]) {
    command
      .configureOutput({ writeOut: writeOutputNow })
      .exitOverride()
      .showHelpAfterError('(add --help for how it is used)')
  }
  return program
}
