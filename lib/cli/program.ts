import { Command, CommanderError, type HelpContext } from 'commander'
import { nearestName } from '../language/nearest-name.js'
import { native } from '../native.js'
import { UsageError } from './errors.js'
import { writeOutputNow } from './output.js'
import { versionText } from './version.js'

/** Loaded when they are needed: all of them are 10 MB of memory more than `etl`. */
const commands: Readonly<Record<string, () => Promise<() => Command>>> = {
  run: async () => (await import('./run.js')).runCommand,
  watch: async () => (await import('./watch.js')).watchCommand,
  check: async () => (await import('./check.js')).checkCommand,
  test: async () => (await import('./test.js')).testCommand,
  tree: async () => (await import('./tree.js')).treeCommand,
  profile: async () => (await import('./profile.js')).profileCommand,
  standardize: async () => (await import('./standardize.js')).standardizeCommand,
  etl: async () => (await import('./etl.js')).etlCommand,
  verify: async () => (await import('./verify.js')).verifyCommand,
  pe: async () => (await import('./pe.js')).peCommand,
  compile: async () => (await import('./compile.js')).compileCommand,
  completion: async () => (await import('./completion.js')).completionCommand,
}

const help = `
Examples:
  $ nuthatch run -r rules --pretty telemetry traces   # folders of yours, or those in examples/ of a checkout
  $ nuthatch check rules
  $ nuthatch help run

Exit codes:
  0    done, also when the reader of a pipe goes away
  1    the input or the rules have errors, or the output cannot be written
  2    wrong usage
  129  stopped with SIGHUP, as when its terminal goes away
  130  stopped with Ctrl-C
  143  stopped with SIGTERM

Environment:
  NO_COLOR           no colours, as --no-color
  FORCE_COLOR        colours, also where the output is no terminal
  NUTHATCH_DEBUG     errors say where in the program they come from
  NUTHATCH_PREBUILD  another folder to look for the native addon in
  TMPDIR             where traces that are no plain files are decompressed to`

/** commander shows the whole help of the program when the command that help is wanted of does not exist. */
class Program extends Command {
  override help(context?: HelpContext | ((text: string) => string)): never {
    const [first, wanted] = this.args
    const isOfAll = wanted === undefined || wanted === 'help' || wanted.startsWith('-')
    if (first !== 'help' || isOfAll) return super.help(context as HelpContext)
    const near = nearestName(wanted, Object.keys(commands))
    throw new UsageError(`unknown command '${wanted}'${near ? `; did you mean ${near}?` : ''}`)
  }
}

/** With the command that `first`, the first argument, names; or with all of them. */
export async function createProgram(first: string | undefined): Promise<Command> {
  native.giveFreeMemoryBack()
  const program = new Program('nuthatch')
    .description('Detectors over endpoint telemetry.')
    .option(
      '-V, --version',
      'this release, its binary, the compiler of that, and the vector instructions in use',
    )
    .option('--no-color', 'no colours, even on a terminal (as does the environment variable NO_COLOR)')
    .on('option:version', showVersion)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: writeOutputNow })
    .exitOverride()
    .showHelpAfterError('(add --help for how it is used)')
    .addHelpText('after', help)
  const isOne = first !== 'completion' // which is about all of them
  const named = Object.entries(commands).filter(([name]) => isOne && name === first)
  for (const [, load] of named.length > 0 ? named : Object.entries(commands))
    program.addCommand((await load())().copyInheritedSettings(program))
  return program
}

function showVersion(): never {
  writeOutputNow(versionText())
  throw new CommanderError(0, 'commander.version', '')
}
