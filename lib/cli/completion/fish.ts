import type { CommandWords, OptionWords, ProgramWords, ValueWords } from './program-words.js'

/** To be sourced, or put into a folder of $fish_complete_path. */
export const fishCompletion = ({ name, options, commands }: ProgramWords): string => `\
# fish completion for ${name}, made by \`${name} completion fish\`: source it, or put it into ~/.config/fish/completions.
function __${name}_command
    for word in (commandline -opc)[2..]
        if not string match -q -- '-*' $word
            echo $word
            return
        end
    end
end
function __${name}_is
    set -l command (__${name}_command)
    test "$command" = "$argv[1]"
end
complete -c ${name} -e
${commands
  .map((command) => `${line(name, '')} -f -a ${command.name} -d ${quoted(command.description)}`)
  .join('\n')}
${options.map((option) => line(name, '') + optionSpec(option)).join('\n')}
${commands.map((command) => commandLines(name, command)).join('\n')}
`

const line = (program: string, command: string): string =>
  `complete -c ${program} -n ${quoted(`__${program}_is ${command || "''"}`)}`

const commandLines = (program: string, { name, options, arguments: values }: CommandWords): string =>
  [
    line(program, name) + argumentSpec(values[0]),
    ...options.map((option) => line(program, name) + optionSpec(option)),
  ].join('\n')

function argumentSpec(value: ValueWords | undefined): string {
  const values = value?.values ?? 'anything'
  return values === 'files' ? ' -F' : ` -f${offer(values)}`
}

function optionSpec({ names, description, value }: OptionWords): string {
  const flags = names.map((name) => (name.startsWith('--') ? ` -l ${name.slice(2)}` : ` -s ${name.slice(1)}`))
  return `${flags.join('')}${value === null || value.isOptional ? '' : valueSpec(value)} -d ${quoted(description)}`
}

const valueSpec = ({ values }: ValueWords): string => (values === 'files' ? ' -r -F' : ` -x${offer(values)}`)

const offer = (values: ValueWords['values']): string => {
  if (values === 'folders') return " -a '(__fish_complete_directories)'"
  return typeof values === 'string' ? '' : ` -a ${quoted(values.join(' '))}`
}

const quoted = (text: string): string => `'${text.replaceAll(/['\\]/g, '\\$&')}'`
