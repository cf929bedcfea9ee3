import type { Pieces } from './pieces.js'

const MARKS = /^(?:<{7}|\|{7}|={7}|>{7}|=begin\b|=end\b)[^\n]*/gm

/**
 * What is no rule's line, whatever is open around it: conflicts of a merge, and Ruby's block comments.
 * @param text a byte a character (latin1).
 * @returns the text with spaces in its place.
 */
export function mendForeignText(pieces: Pieces, text: string): string {
  let rest = text
  let conflict = false
  let from: number | null = null
  const leaveOut = (start: number, end: number): void => {
    pieces.edit({ start, end }, '')
    rest = rest.slice(0, start) + rest.slice(start, end).replace(/[^\n]/g, ' ') + rest.slice(end)
  }
  for (const { 0: line, index } of text.matchAll(MARKS)) {
    const end = index + line.length
    if (pieces.isFull) break
    if (line.startsWith('<')) {
      conflict = true
      const help = 'keep one of the two versions, and delete the lines `<<<<<<<`, `=======` and `>>>>>>>`'
      pieces.slip({ start: index, end }, 'a merge conflict is not resolved', help)
      leaveOut(index, end)
    } else if (line.startsWith('=begin')) {
      from = index
      const help = 'begin each line of a comment with `#`'
      pieces.slip({ start: index, end: index + 6 }, '`=begin` begins no comment', help)
    } else if (/^[|=]{7}/.test(line) && conflict) from ??= index
    else if (/^>|^=end/.test(line) && from !== null) {
      // The other version mostly says the same again.
      leaveOut(from, end)
      conflict = false
      from = null
    }
  }
  return rest
}
