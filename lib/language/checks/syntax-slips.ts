import { insteadOf } from '../comparisons.js'
import { quote } from '../describe.js'
import { entryRow } from '../entries.js'
import { STAND_IN } from '../stand-in.js'
import type { SyntaxNode } from '../syntax.js'
import type { Slip, SlipPlace } from './missing-token.js'
import { missingToken, unclosedRegex, unclosedString } from './missing-token.js'

type SlipFinder = (at: SlipPlace) => Slip | null

/** What people write that is not in the language, the surest first. */
const skippedText: readonly SlipFinder[] = [
  badEscape,
  smartQuote,
  unclosedHeredoc,
  openQuote,
  openRegex,
  badNumber,
  wrongOperator,
  semicolon,
  nameOfDeclaration,
  bareEntry,
  missingComma,
  wrongBracket,
  danglingOperator,
  unclosedBracket,
]

/** The slip that most likely caused the error. */
export function findSlip(at: SlipPlace): Slip {
  if (at.node.isMissing) return missingToken(at)
  if (at.node.kind === 'missing_space') return missingSpace(at)
  if (at.node.kind === 'misplaced_newline') return misplacedNewline(at)
  for (const find of skippedText) {
    const slip = find(at)
    if (slip) return slip
  }
  return unexpected(at)
}

const slipAt = ({ startByte, endByte }: SyntaxNode, message: string, help: string): Slip => ({
  start: startByte,
  end: endByte,
  message,
  help,
})

const childWith = ({ children }: SlipPlace, text: RegExp): SyntaxNode | undefined =>
  children
    .slice(0, MOST_CHILDREN)
    .find((child) => child.endByte - child.startByte < 20 && text.test(child.text))

/** More are a sign of something else, such as a megabyte of brackets. */
const MOST_CHILDREN = 100

function badEscape(at: SlipPlace): Slip | null {
  const { node, parent, source } = at
  const found = /\\(?:[xucCM0-9].?|$)/.exec(node.text.slice(0, 200))
  if (!found || (parent.kind !== 'string' && !/^"/.test(node.text))) return null
  const start = node.startByte + Buffer.byteLength(node.text.slice(0, found.index))
  const text = source.slice(start, start + 2)
  return {
    start,
    end: start + 2,
    message: `in double quotes ${quote(text)} begins an escape, and what follows is none`,
    help: 'for a backslash use single quotes, or write `\\\\`',
  }
}

function smartQuote(at: SlipPlace): Slip | null {
  const found = childWith(at, /^[‘’“”]/)
  return found ? slipAt(found, 'a typographic quote is no quote', 'write \' or "') : null
}

function wrongOperator(at: SlipPlace): Slip | null {
  const found = childWith(at, /^(=>|==|=|!=|=~|!~|<|>|<=|>=|\.)$/)
  if (!found) return null
  const message = `there is no operator ${quote(found.text)}`
  const before = at.source.slice(Math.max(0, found.startByte - 40), found.startByte)
  const [left = ''] = /\w+(?=\s*$)/.exec(before) ?? []
  const inArguments = at.parent.kind === 'argument_list'
  const help = inArguments ? `write ${quote(`${left || 'property'}:`)}` : insteadOf([found.text], left)
  return slipAt(found, message, help)
}

function semicolon(at: SlipPlace): Slip | null {
  const found = childWith(at, /^;$/)
  return found ? slipAt(found, 'there is no `;`', 'begin a new line') : null
}

function unclosedHeredoc({ children }: SlipPlace): Slip | null {
  const start = children.slice(0, MOST_CHILDREN).find((child) => child.kind === 'heredoc_start')
  if (!start) return null
  const word = start.text.replace(/^<<[~-]?|['"]/g, '')
  return slipAt(start, 'the heredoc is not closed', `end it with a line that holds only ${quote(word)}`)
}

function openQuote(at: SlipPlace): Slip | null {
  const found = at.children.slice(0, MOST_CHILDREN).findLast((child) => /^['"]$/.test(child.kind))
  return found ? unclosedString(found.startByte, at.source) : null
}

function openRegex(at: SlipPlace): Slip | null {
  const found = childWith(at, /^(\/|%r\{)$/)
  if (!found) return null
  const line = at.source.slice(found.startByte, found.startByte + 500).split('\n')[0] ?? ''
  if (/^\/(\\.|[^\\/])+\//.test(line)) return notACondition(found, at)
  return unclosedRegex(found.startByte, at.source)
}

/** `match /x/`: the grammar takes the first slash for a sign. */
function notACondition({ startByte: start }: SlipPlace['node'], { source }: SlipPlace): Slip {
  const [literal = '/'] = /^\/(\\.|[^\\/])+\/\w*/.exec(source.slice(start, start + 500)) ?? []
  return {
    start,
    end: start + Buffer.byteLength(literal),
    message: 'a regular expression stands where a condition is wanted',
    help: 'write a helper, such as `process_start_property_matches?(property: command_line, pattern: /…/i)`',
  }
}

/** `list 'names', …`: names are symbols. */
function nameOfDeclaration({ children }: SlipPlace): Slip | null {
  const [word, ...rest] = children
  const name = rest.find(({ isNamed, kind }) => isNamed && kind !== 'missing_space')
  if (!/^(list|define)$/.test(word?.kind ?? '') || !/^(string|identifier)$/.test(name?.kind ?? ''))
    return null
  const text = name?.text.replace(/^['"]|['"]$/g, '') ?? ''
  const what = word?.kind === 'list' ? 'a list' : 'a definition'
  const slip = slipAt(name as SyntaxNode, `the name of ${what} is a symbol`, `write ${quote(`:${text}`)}`)
  return { ...slip, mended: `:${text.replace(/\W/g, '_')}` }
}

/** An entry of a detector without what belongs after its first word. */
function bareEntry({ node, children, parent }: SlipPlace): Slip | null {
  const [word = ''] = /^\w+(?=\s*(\n|$))/.exec(node.text.slice(0, 80)) ?? []
  const row = entryRow(word)
  if (parent.kind !== 'detector_declaration' || !row) return null
  const help = `write ${quote(`${word} ${row.example}`)}`
  return slipAt(children[0] ?? node, `${row.missing} is missing after ${quote(word)}`, help)
}

const VALUES = new Set([
  'string',
  'identifier',
  'integer',
  'float',
  'symbol',
  'regex',
  'array',
  'word_array',
  'true',
  'false',
  'nil',
])

/** `08` and `0xZZ`: the grammar takes the first digit for all of it. */
function badNumber({ node, children, source }: SlipPlace): Slip | null {
  const found = children.slice(0, MOST_CHILDREN).find(({ kind }) => kind === 'integer' || kind === 'float')
  const at = found?.endByte ?? node.startByte
  const [before = ''] = /-?\b\d[\w.]*$/.exec(source.slice(Math.max(0, at - 30), at)) ?? []
  const [after = ''] = /^[\w.]+/.exec(source.slice(at, at + 30)) ?? []
  if (before === '' || before + after === (found?.text ?? before)) return null
  const range = { start: at - before.length, end: at + after.length }
  const text = before + after
  return { ...range, message: `${quote(text)} is no number`, help: numberHelp(text), mended: STAND_IN }
}

function numberHelp(text: string): string {
  if (/^-?0\d+$/.test(text))
    return `write ${quote(text.replace(/(?<=^-?)0+(?=\d)/, ''))}: a 0 at the beginning makes it octal`
  return 'numbers are written as in `443`, `0x1bb` or `4.5`; text, such as an address, stands in quotes'
}

function missingComma({ node, children, parent, source }: SlipPlace): Slip | null {
  const values = children.slice(0, MOST_CHILDREN).filter((child) => child.isNamed && !child.isExtra)
  const first = children[0]?.text ?? ''
  const last = /^(list|define|fires_on|ignores)$/.test(first.trim()) ? values.at(-1) : values[0]
  if (!last || !VALUES.has(last.kind)) return null
  const inList = ['array', 'argument_list', 'keyword_argument', 'metadata_entry'].includes(parent.kind)
  const labels = /^(fires_on|ignores)\s/.test(node.text) && last.kind === 'string'
  const declares = parent.kind === 'source_file' && last.kind === 'symbol'
  const next = source.slice(last.endByte, last.endByte + 40).trimStart()
  if ((!inList && !declares && !labels) || !/^[\w'":/[%-]/.test(next) || node.text.includes(',')) return null
  return {
    start: last.endByte,
    end: last.endByte,
    message: `a comma is missing after ${quote(last.text)}`,
    help: `write \`${last.text.slice(0, 40)},\``,
    mended: ',',
  }
}

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '%w[': ']', '%w(': ')' }

/** `(… ]`: what was opened last is closed by another. */
function wrongBracket({ node, children, parent }: SlipPlace): Slip | null {
  const open: string[] = []
  const before = parent.children.slice(0, MOST_CHILDREN).filter(({ endByte }) => endByte <= node.startByte)
  for (const child of [...before, ...children.slice(0, MOST_CHILDREN)]) {
    const token = child.isError ? child.text : child.kind
    const last = open.at(-1) ?? ''
    const closing = CLOSING[last]
    if (Object.hasOwn(CLOSING, token)) open.push(token)
    else if (closing === token) open.pop()
    else if (closing !== undefined && /^[)\]]$/.test(token))
      return slipAt(child, `${quote(token)} does not close ${quote(last)}`, `write ${quote(closing)}`)
  }
  return null
}

/** The operator or comma after the newline. */
function misplacedNewline({ node, parent }: SlipPlace): Slip {
  const token =
    parent.children.find((child) => child.startByte >= node.endByte && child.kind !== node.kind) ?? node
  return slipAt(
    token,
    `a line cannot begin with ${quote(token.kind)}`,
    `put ${quote(token.kind)} at the end of the line before`,
  )
}

function danglingOperator({ children }: SlipPlace): Slip | null {
  const [first, second] = children
  if (first === undefined || !/^(&&|\|\||!)$/.test(first.kind) || second?.isError) return null
  const operator = quote(first.kind)
  return slipAt(
    first,
    `a condition is missing next to ${operator}`,
    `put one there, or leave ${operator} out`,
  )
}

function unclosedBracket({ children }: SlipPlace): Slip | null {
  const [first] = children
  if (first === undefined || !/^(\(|\[|%w\[|%w\()$/.test(first.kind)) return null
  return slipAt(
    first,
    `${quote(first.kind)} is not closed`,
    `write \`${first.kind.endsWith('(') ? ')' : ']'}\` at its end`,
  )
}

function missingSpace({ node, parent, source }: SlipPlace): Slip {
  const word = source.slice(parent.startByte, node.startByte)
  const inside = source.slice(node.startByte, node.startByte + 80)
  const help =
    word === 'match'
      ? 'write `match (…)`: Ruby would end the condition at the `)`'
      : `write ${quote(`${word} ${/^\(([^()\n]+)\)/.exec(inside)?.[1] ?? entryRow(word)?.example ?? "'…'"}`)}, without parentheses`
  return {
    start: parent.startByte,
    end: node.startByte,
    message: `a space is missing after ${quote(word)}`,
    help,
  }
}

function unexpected({ node, children, parent, source }: SlipPlace): Slip {
  const culprit = children.slice(0, MOST_CHILDREN).find((child) => child.isError) ?? node
  const text = source.slice(culprit.startByte, culprit.startByte + 500)
  const start = culprit.startByte + Buffer.byteLength(text.slice(0, text.length - text.trimStart().length))
  const [shown = ''] = /^(?:[\w?]+|[^\w\s'"()[\],]+|\S)/.exec(text.trim()) ?? []
  return {
    start,
    end: start + Buffer.byteLength(shown),
    message: `${quote(shown)} is not expected here`,
    help: placeHelp(parent.kind),
  }
}

function placeHelp(parent: string): string {
  switch (parent) {
    case 'argument_list':
    case 'keyword_argument':
      return "arguments are written as in `(property: process_name, string: '…')`"
    case 'array':
      return "arrays are written as in `['…', '…']`"
    case 'detector_declaration':
    case 'metadata_entry':
      return "entries are written as in `title '…'`, each on a line"
    case 'list_declaration':
      return "lists are written as in `list :name, ['…', '…']`"
    default:
      return 'conditions are helpers and definitions, joined with `&&` and `||`'
  }
}
