/** Puts `text` in the place of the bytes from `start` to before `end`. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
  /** Whether something else, or more, may have been meant: what seems to be missing there may be in what it replaces. */
  readonly isGuess?: boolean
}

/**
 * Where in the original a byte of the edited text is from; what was put in is from where it was put.
 * @param isEnd for the place after a byte: what was left out behind it is no part of it.
 */
export type Place = (at: number, isEnd?: boolean) => number

export interface Edited {
  readonly bytes: Uint8Array
  readonly place: Place
}

/**
 * The part of `source` from `start` to before `end`, edited.
 * @param edits those outside of the part do not count, and neither does one inside another.
 */
export function edited(source: Uint8Array, edits: readonly Edit[], start: number, end: number): Edited {
  const parts: Uint8Array[] = []
  const moves: { from: number; to: number; size: number; mapped: number }[] = []
  let length = 0
  let done = start
  const add = (bytes: Uint8Array, to: number, mapped: number): void => {
    if (bytes.length === 0) return
    moves.push({ from: length, to, size: bytes.length, mapped })
    parts.push(bytes)
    length += bytes.length
  }
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (edit.start < done || edit.end > end) continue
    add(source.subarray(done, edit.start), done, edit.start - done)
    add(Buffer.from(edit.text), edit.start, edit.end - edit.start)
    done = edit.end
  }
  add(source.subarray(done, end), done, end - done)
  const place: Place = (at, isEnd = false) => {
    const byte = isEnd ? at - 1 : at
    let low = 0
    let high = moves.length
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((moves[middle]?.from ?? 0) <= byte) low = middle
      else high = middle
    }
    const { from, to, size, mapped } = moves[low] ?? { from: 0, to: start, size: 0, mapped: 0 }
    return to + (at - from < size ? Math.min(at - from, mapped) : mapped)
  }
  return { bytes: Buffer.concat(parts), place }
}
