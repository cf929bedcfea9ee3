import { checkEscape, reportNoText } from './checks/escape.js'
import { reportInterpolation } from './checks/interpolation.js'
import type { Diagnostics } from './diagnostics.js'
import { dedent } from './heredoc.js'
import type { SourceText } from './source-text.js'
import type { SyntaxNode } from './syntax.js'

/** What reading a literal needs besides its node. */
export interface LiteralContext {
  readonly source: SourceText
  readonly diagnostics: Diagnostics
  /** What is read, which need not be what stands in the file. */
  text(node: SyntaxNode): string
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * The text of a string, heredoc or quoted symbol, with Ruby's escapes decoded
 * (docs.ruby-lang.org/en/3.1/syntax/literals_rdoc.html). Null after reporting what is wrong with it.
 */
export function decodeText(node: SyntaxNode, context: LiteralContext): string | null {
  const parts = node.kind === 'heredoc' ? heredocParts(node, context) : textParts(node, context)
  if (parts.every((part) => part.kind === 'content')) return parts.map((part) => part.text).join('')
  const chunks: Uint8Array[] = []
  let fine = true
  let before = ''
  for (const { kind, text, node: at } of parts) {
    if (kind === 'interpolation') {
      reportInterpolation(context, at)
      fine = false
    } else if (kind === 'content') {
      chunks.push(Buffer.from(text))
      before = text.at(-1) ?? before
    } else {
      const bytes = escapedBytes(text)
      if (node.kind !== 'heredoc') checkEscape(context, at, { first: chunks.length === 0, before })
      chunks.push(bytes ?? new Uint8Array([0xff]))
      before = ''
    }
  }
  return fine ? decodeUtf8(Buffer.concat(chunks), node, context) : null
}

function decodeUtf8(bytes: Uint8Array, node: SyntaxNode, context: LiteralContext): string | null {
  try {
    return strictUtf8.decode(bytes)
  } catch {
    reportNoText(context, node)
    return null
  }
}

interface Part {
  readonly kind: 'content' | 'escape' | 'interpolation'
  readonly text: string
  readonly node: SyntaxNode
}

function textParts(node: SyntaxNode, context: LiteralContext): Part[] {
  const parts: Part[] = []
  for (const child of node.children) {
    const kind = PART_KINDS[child.kind]
    if (kind) parts.push({ kind, text: context.text(child), node: child })
  }
  return parts
}

const PART_KINDS: Readonly<Record<string, Part['kind']>> = {
  string_content: 'content',
  heredoc_content: 'content',
  escape_sequence: 'escape',
  interpolation: 'interpolation',
}

/** `<<~` takes the common indentation away before escapes are decoded, so that `\t` is never part of it. */
function heredocParts(node: SyntaxNode, context: LiteralContext): Part[] {
  const parts = textParts(node, context).map((part) => ({
    ...part,
    text: part.text.replaceAll('\r\n', '\n'),
  }))
  const start = node.children.find((child) => child.kind === 'heredoc_start')
  if (!start?.text.startsWith('<<~')) return parts
  const texts = dedent(parts.map((part) => ({ text: part.text, literal: part.kind === 'content' })))
  return parts.map((part, index) => ({ ...part, text: texts[index] as string }))
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  s: ' ',
  t: '\t',
  v: '\v',
  '\n': '',
  '\r': '',
}

/** The bytes that an escape stands for; null for a number that is no character. */
function escapedBytes(sequence: string): Uint8Array | null {
  const rest = sequence.slice(1)
  if (/^[0-7]/.test(rest)) return new Uint8Array([Number.parseInt(rest, 8) & 0xff])
  if (/^x/.test(rest)) return new Uint8Array([Number.parseInt(rest.slice(1), 16)])
  if (!/^u/.test(rest)) return Buffer.from(SIMPLE_ESCAPES[rest[0] as string] ?? rest)
  const codes = rest
    .slice(1)
    .replace(/[{}]/g, '')
    .trim()
    .split(/[ \t]+/)
  const points = codes.map((code) => Number.parseInt(code, 16))
  const valid = points.every((point) => point <= 0x10ffff && (point < 0xd800 || point > 0xdfff))
  return valid ? Buffer.from(String.fromCodePoint(...points)) : null
}

/** A word of `%w[…]`: a backslash quotes white space, the array's own brackets and itself, and stays before all else. */
export function decodeWord(word: string, opening: string): string {
  return word.replace(opening === '%w[' ? /\\([\s\\[\]])/g : /\\([\s\\()])/g, '$1')
}

/** The value of an integer or float literal; not exact when a double cannot hold it. */
export function decodeNumber(text: string): { value: number; exact: boolean } {
  const digits = text.replaceAll('_', '').toLowerCase()
  if (digits.length > LONGEST_NUMBER) return { value: Number.POSITIVE_INFINITY, exact: false }
  if (/[.]|^-?[0-9]+e/.test(digits)) {
    const value = Number(digits)
    return { value, exact: Number.isFinite(value) }
  }
  const negative = digits.startsWith('-')
  // A leading zero alone means octal, as 0o does.
  const size = BigInt(digits.replace('-', '').replace(/^0(?=[0-7])/, '0o'))
  const value = Number(negative ? -size : size)
  return { value: value === 0 ? 0 : value, exact: BigInt(value) === (negative ? -size : size) }
}

/** In characters: far beyond what a double holds. */
const LONGEST_NUMBER = 400
