/** A piece of a heredoc's text; an escape or interpolation is not `literal`. */
export interface HeredocPiece {
  readonly text: string
  readonly literal: boolean
}

const TAB = 8

/**
 * The texts of the pieces with the indentation taken away that all lines of a `<<~` heredoc share,
 * as Ruby does it: lines of white space only do not count, a tab reaches to the next multiple of 8
 * and is taken away whole or not at all, and an escape is never indentation.
 */
export function dedent(pieces: readonly HeredocPiece[]): string[] {
  const width = commonIndentation(pieces)
  let atLineStart = true
  return pieces.map(({ text, literal }) => {
    const from = atLineStart
    atLineStart = literal ? text.endsWith('\n') : false
    if (!literal) return text
    return splitLines(text)
      .map((line, index) => (index > 0 || from ? withoutIndentation(line, width) : line))
      .join('')
  })
}

function commonIndentation(pieces: readonly HeredocPiece[]): number {
  let common = Number.POSITIVE_INFINITY
  let atLineStart = true
  for (const [index, { text, literal }] of pieces.entries()) {
    if (!literal && atLineStart) common = 0
    const lines = literal ? splitLines(text) : []
    for (const [number, line] of lines.entries()) {
      const first = number > 0 || atLineStart
      const followed = number === lines.length - 1 && !line.endsWith('\n') && index < pieces.length - 1
      if (first && (followed || /[^ \t\n]/.test(line))) common = Math.min(common, indentation(line))
    }
    atLineStart = literal && text.endsWith('\n')
  }
  return Number.isFinite(common) ? common : 0
}

function indentation(line: string): number {
  let width = 0
  for (const character of line) {
    if (character === ' ') width++
    else if (character === '\t') width += TAB - (width % TAB)
    else break
  }
  return width
}

function withoutIndentation(line: string, limit: number): string {
  let width = 0
  let at = 0
  for (; at < line.length && width < limit; at++) {
    const next =
      line[at] === ' '
        ? width + 1
        : line[at] === '\t'
          ? width + TAB - (width % TAB)
          : Number.POSITIVE_INFINITY
    if (next > limit) break
    width = next
  }
  return line.slice(at)
}

/** Lines with their ends. */
const splitLines = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? []
