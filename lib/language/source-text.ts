import { isAscii } from 'node:buffer'
import type { Span } from './ruleset.js'

const NEWLINE = 10

/** A line of source, or as much of a long one as a person can read, and the part of it that matters. */
export interface Excerpt {
  /** Without the end of the line. */
  readonly text: string
  /** What to underline: from this index of `text` … */
  readonly from: number
  /** … to before this one; equal to `from` for a place between two characters. */
  readonly to: number
}

/** Bytes shown before and after a place in a long line. */
const EXCERPT_MARGIN = 100

/** A rule file's bytes (UTF-8), with places in it as lines and columns. */
export class SourceText {
  readonly file: string
  readonly bytes: Uint8Array
  readonly #lineStarts = [0]
  /** The whole text when it is ASCII, where bytes are characters. */
  readonly #ascii: string | null
  // The last place asked for. The next is mostly near, so counting goes on from here, and a file of
  // one long line costs few passes in all.
  #known = { start: 0, line: 1, column: 1 }

  constructor(file: string, bytes: Uint8Array) {
    this.file = file
    this.bytes = bytes
    for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) {
      this.#lineStarts.push(at + 1)
    }
    this.#ascii = isAscii(bytes)
      ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
      : null
    this.#known.column = this.#columnAtLineStart(0)
  }

  /** The text from byte `start` to before byte `end`; bytes that are not UTF-8 show as U+FFFD. */
  slice(start: number, end: number): string {
    if (this.#ascii !== null) return this.#ascii.slice(start, end)
    const length = Math.min(end, this.bytes.length) - start
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + start, length).toString('utf8')
  }

  span(start: number, end: number): Span {
    const { line, column } = this.#place(start)
    return { file: this.file, start, end, line, column }
  }

  /** The line where the span starts; a span over several lines counts to the end of the first. */
  excerpt({ start, end, line }: Span): Excerpt {
    const lineStart = this.#lineStarts[line - 1] as number
    const lineEnd = this.#endOfLine(line)
    const to = Math.min(Math.max(end, start), Math.max(lineEnd, start))
    const first = this.#boundary(Math.max(lineStart, start - EXCERPT_MARGIN))
    const shownTo = this.#boundary(Math.min(to, start + EXCERPT_MARGIN))
    const last = this.#boundary(Math.min(lineEnd, shownTo + EXCERPT_MARGIN))
    const before = (first > lineStart ? '…' : '') + this.slice(first, start).replace(/^\uFEFF/, '')
    const marked = this.slice(start, shownTo)
    const after = this.slice(shownTo, Math.max(last, shownTo)) + (last < lineEnd ? '…' : '')
    return { text: before + marked + after, from: before.length, to: before.length + marked.length }
  }

  /** The nearest place at or before `offset` that is not inside a character. */
  #boundary(offset: number): number {
    let at = offset
    while (at > 0 && offset - at < 3 && isContinuation(this.bytes[at] ?? 0)) at--
    return at
  }

  #endOfLine(line: number): number {
    const next = this.#lineStarts[line]
    const end = next === undefined ? this.bytes.length : next - 1
    return this.bytes[end - 1] === 13 && end > (this.#lineStarts[line - 1] as number) ? end - 1 : end
  }

  #place(start: number): { line: number; column: number } {
    let { start: at, line, column } = this.#known
    const lineStart = this.#lineStarts[line - 1] as number
    const nextLine = this.#lineStarts[line] ?? Number.POSITIVE_INFINITY
    if (start < lineStart || start >= nextLine) {
      line = this.#lineAt(start)
      at = this.#lineStarts[line - 1] as number
      column = this.#columnAtLineStart(at)
    }
    if (this.#ascii !== null) column += start - at
    else {
      for (; at < start; at++) if (!isContinuation(this.bytes[at] as number)) column++
      for (; at > start; at--) if (!isContinuation(this.bytes[at - 1] as number)) column--
    }
    this.#known = { start, line, column }
    return { line, column: Math.max(column, 1) }
  }

  /** 1; or 0 before a byte order mark, which takes no column. */
  #columnAtLineStart(at: number): number {
    return at === 0 && hasByteOrderMark(this.bytes) ? 0 : 1
  }

  #lineAt(offset: number): number {
    let low = 0
    let high = this.#lineStarts.length
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((this.#lineStarts[middle] as number) <= offset) low = middle
      else high = middle
    }
    return low + 1
  }
}

const isContinuation = (byte: number): boolean => (byte & 0xc0) === 0x80

const hasByteOrderMark = (bytes: Uint8Array): boolean =>
  bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
