import { quote } from './describe.js'
import { type EntryRow, entryRow, isEntry, isExample, nearestEntry } from './entries.js'
import { mendArguments } from './mend-call.js'
import { mendLiteral } from './mend-literal.js'
import type { Pieces } from './pieces.js'
import { STAND_IN } from './stand-in.js'
import { opensBlock, type Token } from './tokens.js'

/** What other languages write between a name and what it stands for. */
const ASSIGNS = /^(=>?|:)$/

/** What is wrong wherever it stands; gives the tokens without it. */
export function mendSigns(pieces: Pieces, tokens: readonly Token[]): Token[] {
  const kept: Token[] = []
  const [first, second] = tokens
  if (first?.text === '-' && second?.text === '-') {
    const { end } = tokens.at(-1) as Token
    noComment(pieces, { ...first, text: '--', end: second.end })
    pieces.edit({ start: first.start, end }, '')
    return []
  }
  for (const token of withoutRestOfHeredocLine(pieces, tokens)) {
    const { kind, text, start, end } = token
    if (kind === 'foreign_comment') {
      noComment(pieces, { ...token, end: start + 2, text: text.slice(0, 2) })
      pieces.edit(token, '')
    } else if (kind === 'odd_space') {
      if (start > 0)
        pieces.slip(
          token,
          'this is no space, though it looks like one or like nothing',
          'write a plain space',
          ' ',
        )
    } else if (text === '\\' && /^\r?\n/.test(pieces.source.slice(end, end + 2))) {
      pieces.slip(token, 'a line goes on after an operator, and needs no `\\` for it', 'leave it out', '')
    } else if (text === ',' && kept.at(-1)?.text === ',') {
      pieces.slip(token, 'a value is missing between two commas', 'put one there, or leave a comma out', '')
    } else if (kind === 'open_string' && /^['"],?$/.test(text) && isTouching(kept.at(-1), start)) {
      unopened(pieces, kept, token)
    } else {
      if (kind === 'open_words') closeWords(pieces, token)
      kept.push(mendLiteral(pieces, token))
    }
  }
  return kept
}

/** `description <<~TEXT; severity :high`: the text begins on the next line. */
function withoutRestOfHeredocLine(pieces: Pieces, tokens: readonly Token[]): readonly Token[] {
  const heredoc = tokens.findIndex(({ kind }) => kind === 'heredoc')
  const after = tokens.findIndex(({ kind }) => kind === 'heredoc_text')
  const at = tokens.findIndex((token, index) => index > heredoc && index < after && token.text === ';')
  const sign = tokens[at]
  if (heredoc === -1 || !sign) return tokens
  const { end } = tokens[after - 1] as Token
  const help = sign.end === end ? 'leave it out' : 'put what follows it below the end of the heredoc'
  pieces.slip(sign, 'there is no `;`', help)
  pieces.guess({ start: sign.start, end }, '')
  return [...tokens.slice(0, at), ...tokens.slice(after)]
}

const isTouching = (token: Token | undefined, start: number): boolean =>
  token?.end === start && !/^[,([]$/.test(token.text)

/** `cmd.exe',`: `text` is the quote at the end, and a comma; `kept` has what it ends. */
function unopened(pieces: Pieces, kept: Token[], { text, start, end }: Token): void {
  let from = start
  for (let token = kept.at(-1); isTouching(token, from); token = kept.at(-1)) from = kept.pop()?.start ?? from
  const sign = text[0] as string
  const string = { start: from, end: start + 1 }
  const written = `${sign}${pieces.source.slice(from, start)}${sign}`
  pieces.slip(string, 'the string has no quote at its beginning', `write ${quote(written)}`)
  pieces.insert(from, sign)
  kept.push({ ...string, kind: 'string', text: written })
  if (text.length > 1) kept.push({ kind: 'sign', text: ',', start: start + 1, end })
}

function noComment(pieces: Pieces, token: Token): void {
  pieces.slip(token, `${quote(token.text)} begins no comment`, 'comments begin with `#`')
}

/** `%w[a b)`: the words end where what is around them does. */
function closeWords(pieces: Pieces, { text, start, end }: Token): void {
  const opening = text.slice(0, 3)
  const closing = opening === '%w[' ? ']' : ')'
  const place = { start, end: start + opening.length }
  pieces.slip(place, `${quote(opening)} is not closed`, `write ${quote(closing)} after the last word`)
  pieces.insert(end, closing)
}

/** `list :a = […]`, `define :a do … end`, `define :a …`; gives what follows the name. */
export function mendList(pieces: Pieces, tokens: readonly Token[]): Token[] {
  const [word, name, sign] = tokens
  if (!word || !name) return []
  const written = quote(`${word.text} ${name.text}, …`)
  const after = { start: name.end, end: name.end }
  if (!sign) {
    const [what, standIn] =
      word.text === 'list' ? ['the values are', `[${STAND_IN}]`] : ['the condition is', STAND_IN]
    pieces.slip(after, `${what} missing after ${quote(name.text)}`, `write ${written}`)
    pieces.guess(after, `, ${standIn}`)
    return []
  }
  if (name.kind === 'label') {
    const symbol = `:${name.text.slice(0, -1)},`
    pieces.slip(name, 'the name is a symbol, with a comma after it', `write ${quote(symbol)}`, symbol)
    return tokens.slice(2)
  }
  if (ASSIGNS.test(sign.text))
    pieces.slip(sign, `there is no operator ${quote(sign.text)}`, `write ${written}`, ',')
  else if (opensBlock(sign))
    pieces.slip(sign, `${quote(sign.text)} does not belong to ${quote(word.text)}`, `write ${written}`, ',')
  else if (sign.text !== ',') {
    if (name.kind === 'symbol')
      pieces.slip(
        after,
        `a comma is missing after ${quote(name.text)}`,
        `write ${quote(`${name.text},`)}`,
        ',',
      )
    return tokens.slice(2)
  }
  return tokens.slice(3)
}

export const entryKey = ({ text }: Token): string => text.replace(/:$/, '')

/** How much of a statement a message shows. */
export const MOST_SHOWN = 40

/** An entry's first word and, of an example, its event; gives what follows the word. */
export function mendEntry(pieces: Pieces, tokens: readonly Token[], end: number): readonly Token[] {
  const [word, second] = tokens as [Token, Token | undefined]
  const key = entryKey(word)
  const help = (value: Token | undefined) =>
    `write ${quote(`${key} ${value ? pieces.shown(value.start, end, MOST_SHOWN) : '…'}`)}`
  if (word.kind === 'label' && isEntry(key)) {
    const colon = { start: word.end - 1, end: word.end }
    pieces.slip(colon, `there is no \`:\` after ${quote(key)}`, help(second), ' ')
  } else if (second && ASSIGNS.test(second.text)) {
    pieces.slip(second, `there is no operator ${quote(second.text)}`, help(tokens[2]), '')
    return tokens.slice(2)
  }
  if (isExample(nearestEntry(key) ?? key)) mendExample(pieces, tokens, end)
  return tokens.slice(1)
}

function mendExample(pieces: Pieces, tokens: readonly Token[], end: number): void {
  const [word, event, opening, ...more] = tokens
  if (!word || event?.kind !== 'word' || opening?.text !== '(') {
    mendEvent(pieces, withComma(pieces, tokens), end)
    return
  }
  const [closing, comma, label] = more.slice(-3)
  if (closing?.text === ')' && comma?.text === ',' && label?.kind === 'string') {
    const text = pieces.source.slice(label.start, label.end)
    const help = `write ${quote(`${word.text} ${text}, ${event.text}(…)`)}`
    pieces.slip(label, 'the label stands before the event', help)
    pieces.insert(event.start, `${text}, `)
    pieces.edit({ start: comma.start, end: label.end }, '')
    mendArguments(pieces, more.slice(0, -2))
    return
  }
  const { missing, example } = entryRow('fires_on') as EntryRow
  pieces.slip(
    word,
    `${missing} is missing after ${quote(word.text)}`,
    `write ${quote(`${word.text} ${example}`)}`,
  )
  pieces.insert(event.start, "'', ")
  mendArguments(pieces, more)
}

/** `fires_on 'a' => event(…)`; gives what follows the first word. */
function withComma(pieces: Pieces, [word, label, sign, ...more]: readonly Token[]): Token[] {
  if (!word || !label) return []
  if (!sign || !ASSIGNS.test(sign.text)) return [label, ...(sign ? [sign] : []), ...more]
  const written = `${word.text} ${pieces.source.slice(label.start, label.end)}, …`
  pieces.slip(sign, `there is no operator ${quote(sign.text)}`, `write ${quote(written)}`, ',')
  return [label, { ...sign, text: ',' }, ...more]
}

/** The event as a Ruby hash, or without parentheses. */
function mendEvent(pieces: Pieces, [label, comma, event, ...more]: readonly Token[], end: number): void {
  if (label?.kind === 'string' && event === undefined && (comma === undefined || comma.text === ',')) {
    const help = 'write an event after the label, as in `process_start(…)`'
    pieces.slip(comma ?? { start: label.end, end: label.end }, 'the event is missing here', help)
    pieces.insert((comma ?? label).end, `${comma ? '' : ','} ${STAND_IN}()`)
    return
  }
  if (label?.kind !== 'string' || comma?.text !== ',' || event === undefined) return
  const [next] = more
  if (event.kind === 'word' && next?.text === '(') mendArguments(pieces, more.slice(1))
  if (event.kind === 'word' && next === undefined) {
    const help = `write ${quote(`${event.text}(…)`)}`
    pieces.slip(event, `parentheses are missing after ${quote(event.text)}`, help)
    pieces.insert(event.end, '()')
  }
  if (event.kind === 'word' && next && /^(label|string)$/.test(next.kind)) {
    pieces.addParentheses(event, next, end)
    return
  }
  if (event.text !== '{' && event.kind !== 'label') return
  const closing = more.at(-1)?.text === '}' ? more.at(-1) : undefined
  const brace = next?.text === '{' ? next : event
  const inside = brace.text === '{' ? brace.end : event.start
  const shown = pieces.shown(inside, closing?.start ?? end, MOST_SHOWN).trim()
  const range = { start: event.start, end: closing?.end ?? end }
  pieces.slip(range, 'an event has a type before its properties', `write ${quote(`process_start(${shown})`)}`)
  pieces.edit({ start: event.start, end: inside }, `${STAND_IN}(`)
  if (closing) pieces.edit(closing, ')')
  else pieces.insert(end, ')')
}
