import type { CommandWords, OptionWords, ProgramWords, ValueWords } from './program-words.js'

/** To be sourced after compinit, or autoloaded as `_nuthatch`. */
export const zshCompletion = ({ name, options, commands }: ProgramWords): string => `\
#compdef ${name}
# zsh completion for ${name}, made by \`${name} completion zsh\`: source it after compinit, or put it into a folder of $fpath as _${name}.
_${name}() {
  local curcontext=$curcontext state line
  local -A opt_args
  local -a commands=(
${commands.map((command) => `    ${quoted(`${command.name}:${command.description}`)}`).join('\n')}
  )
  _arguments -C -S : \\
${options.map((option) => `    ${optionSpec(option)} \\`).join('\n')}
    '1: :->command' '*:: :->arguments'
  case $state in
    command) _describe -t commands command commands ;;
    arguments)
      curcontext="\${curcontext%:*:*}:${name}-$words[1]:"
      case $words[1] in
${commands.map(branch).join('\n')}
      esac
      ;;
  esac
}
if [[ $funcstack[1] == _${name} ]]; then
  _${name} "$@"
else
  compdef _${name} ${name}
fi
`

const branch = (command: CommandWords): string =>
  [
    `        ${command.name})`,
    '          _arguments -S : \\',
    [...command.options.map(optionSpec), ...command.arguments.map(argumentSpec)]
      .map((spec) => `            ${spec}`)
      .join(' \\\n'),
    '          ;;',
  ].join('\n')

/** One that takes a value may be given several times; --option=value and --option value are the same. */
function optionSpec({ names, description, value }: OptionWords): string {
  const said = `[${description.replaceAll(/[\\[\]]/g, '\\$&')}]`
  if (value === null) {
    const [only = '', ...more] = names
    return more.length === 0
      ? quoted(only + said)
      : `${quoted(`(${names.join(' ')})`)}{${names.join(',')}}${quoted(said)}`
  }
  const [only = '', ...more] = names.map((name) => `${name}${name.startsWith('--') ? '=' : '+'}`)
  const rest = `${said}${value.isOptional ? '::' : ':'}${valueSpec(value)}`
  return more.length === 0 ? quoted(`*${only}${rest}`) : `'*'{${[only, ...more].join(',')}}${quoted(rest)}`
}

const argumentSpec = (value: ValueWords, index: number): string =>
  quoted(value.isVariadic ? `*:${valueSpec(value)}` : `${index + 1}:${valueSpec(value)}`)

const actions = { files: '_files', folders: '_path_files -/', anything: ' ' }

const valueSpec = ({ name, values }: ValueWords): string =>
  `${name}:${typeof values === 'string' ? actions[values] : `(${values.join(' ')})`}`

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
