import { sum } from '../sum.js'

export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/**
 * Lays out areas in proportion to `sizes` (positive, largest first) as near to squares as it goes: Bruls, Huizing
 * and van Wijk, "Squarified Treemaps", 2000.
 */
export function squarify(sizes: readonly number[], within: Rectangle): Rectangle[] {
  const total = sum(sizes)
  const scale = total > 0 ? (within.width * within.height) / total : 0
  const areas = sizes.map((size) => size * scale)
  const placed: Rectangle[] = []
  let rest = within
  for (let begin = 0; begin < areas.length; ) {
    const side = Math.min(rest.width, rest.height)
    let end = begin + 1
    while (
      end < areas.length &&
      worst(areas.slice(begin, end + 1), side) <= worst(areas.slice(begin, end), side)
    )
      end++
    rest = placeRow(areas.slice(begin, end), rest, placed)
    begin = end
  }
  return placed
}

/** The highest aspect ratio of a row of areas along a side. */
function worst(row: readonly number[], side: number): number {
  const total = sum(row)
  const largest = row[0] ?? 0
  const smallest = row.at(-1) ?? 0
  return Math.max((side * side * largest) / (total * total), (total * total) / (side * side * smallest))
}

/** Along the shorter side; returns what is left. */
function placeRow(row: readonly number[], within: Rectangle, placed: Rectangle[]): Rectangle {
  const { x, y, width, height } = within
  const total = sum(row)
  const upright = width >= height
  const thickness = total > 0 ? total / (upright ? height : width) : 0
  let at = 0
  for (const area of row) {
    const length = thickness > 0 ? area / thickness : 0
    placed.push(
      upright
        ? { x, y: y + at, width: thickness, height: length }
        : { x: x + at, y, width: length, height: thickness },
    )
    at += length
  }
  return upright
    ? { x: x + thickness, y, width: Math.max(0, width - thickness), height }
    : { x, y: y + thickness, width, height: Math.max(0, height - thickness) }
}
