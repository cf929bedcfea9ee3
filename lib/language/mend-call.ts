import { quote } from './describe.js'
import type { Pieces } from './pieces.js'
import { STAND_IN } from './stand-in.js'
import type { Token } from './tokens.js'

/**
 * Mends a call argument by argument, so that a slip in one hides nothing in another.
 * @param tokens what follows the opening parenthesis.
 */
export function mendArguments(pieces: Pieces, tokens: readonly Token[]): void {
  for (const argument of argumentsOf(tokens)) mendArgument(pieces, argument)
}

function argumentsOf(tokens: readonly Token[]): Token[][] {
  const found: Token[][] = []
  const open: string[] = []
  let argument: Token[] = []
  const finish = (): void => {
    if (argument.at(-1)?.text === ',') argument.pop()
    if (argument.length > 0) found.push(argument)
    argument = []
  }
  for (const token of tokens) {
    const { kind, text } = token
    const isClosing = text === ')' || text === ']'
    // An array holds no labels: it is not closed.
    if (open.at(-1) === '[' && (text === ')' || (kind === 'label' && argument.at(-1)?.text === ','))) {
      open.pop()
      if (kind === 'label' && open.length === 0) finish()
    }
    if (isClosing && open.length === 0) break
    if (text === '(' || text === '[') open.push(text)
    else if (isClosing) open.pop()
    if (text === ',' && open.length === 0) finish()
    else argument.push(token)
  }
  finish()
  return found
}

function mendArgument(pieces: Pieces, tokens: readonly Token[]): void {
  const [key, sign] = tokens as [Token, Token | undefined]
  const { end } = tokens.at(-1) as Token
  const name = /^(?::?\w+|(['"])\w+\1)$/.test(key.text) ? key.text.replace(/\W/g, '') : null
  if (sign && name && /^=>?$/.test(sign.text)) {
    pieces.slip(sign, `there is no operator ${quote(sign.text)}`, `write ${quote(`${name}:`)}`)
    pieces.edit({ start: key.start, end: sign.end }, `${name}:`)
    pieces.mendArgument(key.start, end, `${name}: ${STAND_IN}`)
  } else pieces.mendArgument(key.start, end, key.kind === 'label' ? `${key.text} ${STAND_IN}` : STAND_IN)
}
