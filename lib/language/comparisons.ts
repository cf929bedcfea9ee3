import { type PropertyName, properties, propertyRow } from '../schema/properties.js'

/** The helper's match that does what an operator or method of other languages does, with its argument. */
const FORMS: readonly (readonly [RegExp, match: string, argument: string])[] = [
  [/^(==?|=>|eql\?|equals?\??)$/, 'equals', "string: 'cmd.exe'"],
  [/^!=$/, 'does_not_equal', "string: 'cmd.exe'"],
  [/^(=~|re|match(es)?\??)$/, 'matches', 'pattern: /…/i'],
  [/^!~$/, 'does_not_match', 'pattern: /…/i'],
  [/^>=?$/, 'greater_than', 'number: 4'],
  [/^<=?$/, 'less_than', 'number: 4'],
  [/^in$/, 'equals_any', "strings: ['cmd.exe']"],
  [/^(includes?|contains?)\??$/, 'includes', "string: '…'"],
  [/^starts?_?with\??$/i, 'starts_with', "string: '…'"],
  [/^ends?_?with\??$/i, 'ends_with', "string: '…'"],
]

const DOT = 'names are written with `_`; a property is an argument, as in `property: process_name`'

export const isComparison = (sign: string): boolean => /^([=!]=|=|[=!]~|[<>]=?|\.|in)$/.test(sign)

/**
 * What to write for a comparison.
 * @param words the operator, or what follows a dot.
 * @param left what stands before it.
 */
export function insteadOf(words: readonly string[], left: string): string {
  const form = FORMS.find(([pattern]) => words.some((word) => pattern.test(word)))
  if (form === undefined) return DOT
  const [, match, argument] = form
  const usual = /^number/.test(argument)
    ? 'process_pid'
    : /^pattern/.test(argument)
      ? 'command_line'
      : 'process_name'
  const property = (propertyRow(left) ? left : usual) as PropertyName
  const on: readonly string[] = properties[property].on
  const event = on.includes('process_start') ? 'process_start' : on[0]
  const fitting =
    properties[property].kind === 'number' ? argument.replace(/^string: '.*'/, 'number: 4') : argument
  return `compare with a helper: \`${event}_property_${match}?(property: ${property}, ${fitting})\``
}
