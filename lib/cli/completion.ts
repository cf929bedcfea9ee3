import { Argument, Command } from 'commander'
import { bashCompletion } from './completion/bash.js'
import { fishCompletion } from './completion/fish.js'
import { programWords } from './completion/program-words.js'
import { zshCompletion } from './completion/zsh.js'
import { writeOutput } from './output.js'

const shells = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion }

const help = `
The script completes commands, options, their values, and names of files. It is made from the program itself:
make it again after an update, or source it from the program, as the first two examples do, in ~/.bashrc and,
after compinit, in ~/.zshrc.

Examples:
  $ source <(nuthatch completion bash)
  $ source <(nuthatch completion zsh)
  $ nuthatch completion fish > ~/.config/fish/completions/nuthatch.fish`

export const completionCommand = (): Command =>
  new Command('completion')
    .description('Print a script with which a shell completes command lines of nuthatch')
    .addArgument(new Argument('<shell>', 'which').choices(Object.keys(shells)))
    .addHelpText('after', help)
    .action((shell: keyof typeof shells, _: unknown, command: Command) =>
      writeOutput(shells[shell](programWords(command.parent ?? command))),
    )
