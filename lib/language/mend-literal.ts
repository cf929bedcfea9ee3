import { quote } from './describe.js'
import type { Pieces } from './pieces.js'
import type { Token } from './tokens.js'

/** Literals and signs whose meaning is plain, though the grammar refuses them; gives the token as it was meant. */
export function mendLiteral(pieces: Pieces, token: Token): Token {
  switch (token.kind) {
    case 'cut_string':
      return cutString(pieces, token)
    case 'unclosed_string':
      return unclosedString(pieces, token)
    case 'inner_quotes':
      return innerSigns(pieces, token, token.text[0] as string, 'string', `\`\\${token.text[0]}\``)
    case 'apostrophe':
      return innerSigns(pieces, token, "'", 'string', "`\\'`, or the text in double quotes")
    case 'slashed_regex':
      return innerSigns(pieces, token, '/', 'regex', '`\\/`, or the expression as `%r{…}`')
    case 'odd_quoted':
      return oddQuotes(pieces, token)
    case 'wide':
      return wideSign(pieces, token)
    default:
      return token
  }
}

/** `'C:\temp\'` */
function cutString(pieces: Pieces, token: Token): Token {
  const message = "`\\'` is a quote in the string, and does not end it"
  const help = "write a backslash before the end of a string twice: `\\\\'`"
  pieces.slip({ start: token.end - 2, end: token.end }, message, help, "\\\\'")
  return { ...token, kind: 'string' }
}

/** `'a, 'b'` */
function unclosedString(pieces: Pieces, token: Token): Token {
  const sign = token.text[0] as string
  pieces.slip(token, 'the string is not closed before the comma', `end it with ${sign}`)
  pieces.insert(token.end, sign)
  return { ...token, kind: 'string' }
}

/** `'It's quoted'` and `/C:\\Users/Public/` */
function innerSigns(
  pieces: Pieces,
  token: Token,
  sign: string,
  kind: 'string' | 'regex',
  help: string,
): Token {
  const what = kind === 'string' ? 'string' : 'regular expression'
  const inner = [...token.text.matchAll(/\\?./gs)].filter(({ 0: part }) => part === sign).slice(1, -1)
  for (const [order, { index }] of inner.entries()) {
    const range = { start: token.start + index, end: token.start + index + 1 }
    if (order > 0) pieces.edit(range, `\\${sign}`)
    else pieces.slip(range, `the ${quote(sign)} ends the ${what} here`, `write ${help}`, `\\${sign}`)
  }
  return { ...token, kind }
}

function oddQuotes(pieces: Pieces, token: Token): Token {
  const { text, start, end } = token
  const plain = text.includes("'") ? '"' : "'"
  pieces.slip({ start, end: start + 3 }, 'a typographic quote is no quote', 'write \' or "', plain)
  pieces.edit({ start: end - (text.endsWith('"') ? 1 : 3), end }, plain)
  return { ...token, kind: 'string' }
}

function wideSign(pieces: Pieces, token: Token): Token {
  const written = pieces.source.slice(token.start, token.end)
  pieces.slip(token, `${quote(written)} is a full-width sign`, `write ${quote(token.text)}`, token.text)
  return { ...token, kind: token.text.length > 1 ? 'operator' : 'sign' }
}
