import type { CommandWords, OptionWords, ProgramWords, ValueWords } from './program-words.js'

/** To be sourced. A bash before 4 has no compopt: it names files where later ones name folders or nothing. */
export const bashCompletion = ({ name, options, commands }: ProgramWords): string => `\
# bash completion for ${name}, made by \`${name} completion bash\`: source it.
_${name}() {
  local IFS=$' \\t\\n' current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]}
  local command='' onlyArguments='' options='' arguments='' value='' optional='' offered i
  # --option=value is three words here.
  if [[ $current == = ]]; then
    current=
  elif [[ $before == = && COMP_CWORD -gt 1 ]]; then
    before=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    [[ \${COMP_WORDS[i]} == -- ]] && onlyArguments=yes
    [[ -z $command && \${COMP_WORDS[i]} != -* ]] && command=\${COMP_WORDS[i]}
  done
  case $command in
    '')
      options='${namesOf(options)}'
      arguments='${commands.map((command) => command.name).join(' ')}'
      ;;
${commands.map(branch).join('\n')}
  esac
  if [[ -n $onlyArguments ]]; then
    offered=$arguments
  elif [[ -n $value && ! (-n $optional && $current == -*) ]]; then
    offered=$value
  elif [[ $current == -* ]]; then
    offered=$options
  else
    offered=$arguments
  fi
  COMPREPLY=()
  case $offered in
    :files) ;; # bash's own completion, which knows how to quote
    :folders) compopt -o dirnames +o default 2> /dev/null ;;
    *)
      compopt +o default 2> /dev/null
      [[ $offered == :anything ]] || COMPREPLY=($(compgen -W "$offered" -- "$current"))
      ;;
  esac
}
complete -o default -F _${name} ${name}
`

function branch(command: CommandWords): string {
  const taking = command.options.flatMap(({ names, value }) => (value ? [valueBranch(names, value)] : []))
  return [
    `    ${command.name})`,
    `      options='${namesOf(command.options)}'`,
    `      arguments='${offer(command.arguments[0])}'`,
    ...(taking.length > 0 ? ['      case $before in', ...taking, '      esac'] : []),
    '      ;;',
  ].join('\n')
}

const valueBranch = (names: readonly string[], value: ValueWords): string =>
  `        ${names.join(' | ')}) value='${offer(value)}'${value.isOptional ? ' optional=yes' : ''} ;;`

const offer = (value: ValueWords | undefined): string => {
  if (value === undefined) return ':anything'
  return typeof value.values === 'string' ? `:${value.values}` : value.values.join(' ')
}

const namesOf = (options: readonly OptionWords[]): string => options.flatMap(({ names }) => names).join(' ')
