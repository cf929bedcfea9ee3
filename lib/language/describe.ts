import type { Expression } from './ast.js'
import type { Span } from './ruleset.js'

const LONGEST_QUOTE = 60

/** Text from a rule file as messages quote it: in backticks, cut when long. */
export function quote(text: string): string {
  const characters = [...text.slice(0, 2 * LONGEST_QUOTE)]
  const cut = text.length > LONGEST_QUOTE ? `${characters.slice(0, LONGEST_QUOTE).join('')}…` : text
  return `\`${cut}\``
}

/** A string literal of the language: in single quotes, unless it holds control characters. */
export function stringLiteral(text: string): string {
  if (!/\p{Cc}/u.test(text)) return `'${text.replace(/\\(?=\\|'|$)|'/g, '\\$&')}'`
  const body = text.replace(/[\\"#]/g, '\\$&').replace(/\p{Cc}/gu, controlEscape)
  return `"${body}"`
}

const controlEscape = (character: string): string => {
  const named = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character]
  return named ?? `\\u{${character.codePointAt(0)?.toString(16)}}`
}

export const place = ({ file, line, column }: Span): string => `${file}:${line}:${column}`

/** `a`, `b` or `c`; or with another word before the last. */
export function alternatives(names: readonly string[], word = 'or'): string {
  const quoted = names.map((name) => `\`${name}\``)
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} ${word} ${quoted.at(-1)}`
}

/** What an expression is, with its article. */
export function describe(expression: Expression): string {
  switch (expression.kind) {
    case 'string':
      return `the string ${quote(stringLiteral(expression.value))}`
    case 'number':
      return `the number ${expression.value}`
    case 'symbol':
      return `the symbol ${quote(`:${expression.name}`)}`
    case 'identifier':
      return `the name ${quote(expression.name)}`
    case 'boolean':
      return `\`${expression.value}\``
    case 'nil':
      return '`nil`'
    case 'array':
      return 'an array'
    case 'regex':
      return 'a regular expression'
    case 'broken':
      return 'something that cannot be read'
    default:
      return 'a condition'
  }
}
