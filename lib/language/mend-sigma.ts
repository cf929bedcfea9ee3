import { insteadOf } from './comparisons.js'
import { quote } from './describe.js'
import type { Pieces } from './pieces.js'
import { propertySynonym } from './property-synonyms.js'
import { STAND_IN } from './stand-in.js'
import type { Token } from './tokens.js'

/** `CommandLine|contains: '-enc'`, Sigma's comparison; gives the tokens with something in its place. */
export function mendSigma(pieces: Pieces, tokens: readonly Token[]): Token[] {
  const kept: Token[] = []
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] as Token
    if (token.kind !== 'sigma_field') {
      kept.push(token)
      continue
    }
    const [field = '', ...modifiers] = token.text.replace(/:$/, '').split('|')
    const one = insteadOf(modifiers, propertySynonym(field) ?? field)
    const isList = tokens[index + 1]?.text === '['
    const quantifier = modifiers.includes('all') ? '_all?(' : '_any?('
    const several = one.replace('?(', quantifier).replace(/(string|pattern): (.*)\)/, '$1s: [$2])')
    pieces.slip(token, `${quote(token.text)} is how Sigma compares`, isList ? several : one)
    index = endOfValue(tokens, index + 1)
    const { end } = tokens[index] as Token
    pieces.guess({ start: token.start, end }, STAND_IN)
    kept.push({ kind: 'word', text: STAND_IN, start: token.start, end })
  }
  return kept
}

/** The index of the last token of the value that begins at `index`; the one before when there is none. */
function endOfValue(tokens: readonly Token[], index: number): number {
  if (tokens[index]?.text === '[') {
    const end = tokens.findIndex(({ text }, at) => at > index && text === ']')
    return end === -1 ? tokens.length - 1 : end
  }
  return /^(string|number|symbol|regex|words|open_string)$/.test(tokens[index]?.kind ?? '')
    ? index
    : index - 1
}
