import { place, quote } from '../describe.js'
import type { SyntaxNode } from '../syntax.js'
import type { Slip, SlipPlace } from './missing-token.js'
import { endOfText, missingToken, unclosedString } from './missing-token.js'

type SlipFinder = (at: SlipPlace) => Slip | null

/** What people write that is not in the language, the surest first. */
const skippedText: readonly SlipFinder[] = [
  badEscape,
  smartQuote,
  comment,
  unclosedHeredoc,
  unclosedQuote,
  unclosedRegex,
  wordOperator,
  rubyKeyword,
  wrongOperator,
  semicolon,
  braces,
  trailingOperator,
  missingEnd,
  detectorHeader,
  nameOfDeclaration,
  ternary,
  bareEntry,
  missingComma,
  wrongBracket,
  closingBracket,
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

const OPERATORS: Readonly<Record<string, string>> = { and: '&&', or: '||', not: '!', '&': '&&', '|': '||' }

function wordOperator(at: SlipPlace): Slip | null {
  const found = childWith(at, /^(and|or|not|&|\|)$/)
  return found ? notAnOperator(found) : null
}

export function notAnOperator(found: SyntaxNode): Slip {
  const { text } = found
  const message =
    text.length > 1
      ? `${quote(text)} binds in its own way in Ruby, and is not in the language`
      : `there is no operator ${quote(text)}`
  return slipAt(found, message, `write ${quote(OPERATORS[text] as string)}`)
}

function rubyKeyword(at: SlipPlace): Slip | null {
  const found = childWith(
    at,
    /^(if|unless|def|class|module|while|until|for|case|when|begin|return|require|import|rule)$/,
  )
  if (!found) return null
  return slipAt(
    found,
    `${quote(found.text)} is not in the language`,
    'rules consist of `list`, `define` and `detector` with `match`',
  )
}

function wrongOperator(at: SlipPlace): Slip | null {
  const found = childWith(at, /^(=>|==|=|!=|=~|!~|<|>|<=|>=|\.)$/)
  if (!found) return null
  const message = `there is no operator ${quote(found.text)}`
  if (at.parent.kind === 'argument_list') {
    const [key] = at.source
      .slice(Math.max(0, found.startByte - 40), found.startByte)
      .match(/\w+(?=\s*$)/) ?? ['property']
    return slipAt(found, message, `write ${quote(`${key}:`)}`)
  }
  return slipAt(
    found,
    message,
    "compare with a helper: `process_start_property_equals?(property: process_name, string: 'cmd.exe')`",
  )
}

function comment(at: SlipPlace): Slip | null {
  const found = /^(\/\/|\/\*|--)/.exec(at.node.text)
  if (!found || at.parent.kind !== 'source_file') return null
  const { startByte } = at.node
  return {
    start: startByte,
    end: startByte + 2,
    message: `${quote(found[0])} begins no comment`,
    help: 'comments begin with `#`',
  }
}

function semicolon(at: SlipPlace): Slip | null {
  const found = childWith(at, /^;$/)
  return found ? slipAt(found, 'there is no `;`', 'begin a new line') : null
}

function braces(at: SlipPlace): Slip | null {
  const found = childWith(at, /^\{$/)
  return found
    ? slipAt(found, 'there are no braces', "write `detector 'name' do`, and `end` at its end")
    : null
}

function unclosedHeredoc({ children }: SlipPlace): Slip | null {
  const start = children.slice(0, MOST_CHILDREN).find((child) => child.kind === 'heredoc_start')
  if (!start) return null
  const word = start.text.replace(/^<<[~-]?|['"]/g, '')
  return slipAt(start, 'the heredoc is not closed', `end it with a line that holds only ${quote(word)}`)
}

function unclosedQuote(at: SlipPlace): Slip | null {
  const found = at.children.slice(0, MOST_CHILDREN).findLast((child) => /^['"]$/.test(child.kind))
  return found ? unclosedString(found.startByte, at.source) : null
}

function unclosedRegex(at: SlipPlace): Slip | null {
  const found = childWith(at, /^(\/|%r\{)$/)
  if (!found) return null
  const line = at.source.slice(found.startByte, found.startByte + 500).split('\n')[0] ?? ''
  if (/^\/(\\.|[^\\/])+\//.test(line)) return notACondition(found, at)
  return slipAt(
    found,
    'the regular expression is not closed on its line',
    'end it with `/`; a `/` in it is written `\\/`',
  )
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

/** `match a? &&` and then an entry, which is taken for the second operand. */
function trailingOperator({ node, source }: SlipPlace): Slip | null {
  const lineStart = node.startByte - node.column
  const entry = /^\s*(title|description|severity|attack|references|match|fires_on|ignores)\s/.exec(
    source.slice(lineStart, node.startByte),
  )
  const { end } = endOfText(source, lineStart)
  const operator = source.slice(Math.max(0, end - 2), end)
  if (!entry || (operator !== '&&' && operator !== '||')) return null
  return {
    start: end - 2,
    end,
    message: `a condition is missing after ${quote(operator)}`,
    help: `put one there, or leave ${quote(operator)} out`,
  }
}

function missingEnd({ node, parent, source }: SlipPlace): Slip | null {
  if (parent.kind !== 'detector_declaration' || node.text !== 'do') return null
  const name = parent.childForField('name')
  const opened = source.span(parent.startByte, parent.startByte)
  return slipAt(
    node,
    'a detector begins before the last one ended',
    `write \`end\` after the detector ${name?.text ?? ''} at ${place(opened)}`,
  )
}

function detectorHeader({ node, children }: SlipPlace): Slip | null {
  const [word, space, name, next] = children
  if (word?.kind !== 'detector') return null
  const end = name?.endByte ?? word.endByte
  const at = { start: word.startByte, end }
  if (space?.kind === 'missing_space') {
    return { ...at, message: 'a space is missing after `detector`', help: "write `detector 'name' do`" }
  }
  if (name?.kind === 'string' && next?.text !== 'do') {
    return { start: end, end, message: '`do` is missing', help: `write \`detector ${name.text} do\`` }
  }
  return {
    start: node.startByte,
    end,
    message: 'this is not how a detector begins',
    help: "write `detector 'name' do`",
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
  return slipAt(name as SyntaxNode, `the name of ${what} is a symbol`, `write ${quote(`:${text}`)}`)
}

function ternary(at: SlipPlace): Slip | null {
  const found = childWith(at, /^\?$/)
  return found
    ? slipAt(found, 'there is no `? :`', 'write `(a? && b?) || (!a? && c?)` for `a? ? b? : c?`')
    : null
}

/** An entry of a detector without what belongs after its first word. */
function bareEntry({ node, children, parent }: SlipPlace): Slip | null {
  const [word = ''] = /^\w+(?=\s*(\n|$))/.exec(node.text.slice(0, 80)) ?? []
  if (parent.kind !== 'detector_declaration' || !Object.hasOwn(ENTRIES, word)) return null
  const [missing, example] = ENTRIES[word] as readonly [string, string]
  const help = `write ${quote(`${word} ${example}`)}`
  return slipAt(children[0] ?? node, `${missing} is missing after ${quote(word)}`, help)
}

const ENTRIES: Readonly<Record<string, readonly [missing: string, example: string]>> = {
  title: ['the text', "'…'"],
  description: ['the text', "'…'"],
  severity: ['the level', ':high'],
  attack: ['the technique', "'T1059.001'"],
  references: ['the address', "'https://…'"],
  match: ['the condition', "process_is_likely?('powershell')"],
  fires_on: ['the label', "'a label', process_start(command_line: '…')"],
  ignores: ['the label', "'a label', process_start(command_line: '…')"],
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
])

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

function closingBracket({ node }: SlipPlace): Slip | null {
  const text = node.text.trim()
  if (!/^[)\]}]$|^end$/.test(text)) return null
  return slipAt(node, `there is nothing open that ${quote(text)} could close`, 'leave it out')
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
  const help =
    word === 'match'
      ? 'write `match (…)`: Ruby would end the condition at the `)`'
      : `write ${quote(`${word} '…'`)}, without parentheses`
  return {
    start: parent.startByte,
    end: node.startByte,
    message: `a space is missing after ${quote(word)}`,
    help,
  }
}

function unexpected({ node, children }: SlipPlace): Slip {
  const culprit = children.slice(0, MOST_CHILDREN).find((child) => child.isError) ?? node
  const text = culprit.text.slice(0, 500)
  const start = culprit.startByte + Buffer.byteLength(text.slice(0, text.length - text.trimStart().length))
  const shown = text.trim().split(/\r?\n/)[0] ?? ''
  return {
    start,
    end: Math.max(start, start + Buffer.byteLength(shown)),
    message: `${quote(shown)} is not expected here`,
    help: 'a rule file holds `list`, `define` and `detector … do … end`, or one expression',
  }
}
