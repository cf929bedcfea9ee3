/** Longer ones are no typing mistakes, and comparing them takes the square of their length. */
const LONGEST_NAME = 100

/**
 * The candidate that someone who wrote `name` most likely meant, or undefined when none is near.
 * Near is: at most a third of the letters, and at least one, inserted, left out, changed or swapped
 * with a neighbour (optimal string alignment distance). Of equally near ones the first.
 */
export function nearestName<T extends string>(name: string, candidates: Iterable<T>): T | undefined {
  if (name.length > LONGEST_NAME) return undefined
  const wanted = name.toLowerCase()
  let best: T | undefined
  let bound = Math.max(1, Math.floor(wanted.length / 3)) + 1
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - wanted.length) >= bound) continue
    const distance = alignmentDistance(wanted, candidate.toLowerCase())
    if (distance < bound) {
      bound = distance
      best = candidate
    }
  }
  return best
}

function alignmentDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min(number(last, j) + 1, number(row, j - 1) + 1, number(last, j - 1) + (same ? 0 : 1))
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) cost = Math.min(cost, number(beforeLast, j - 2) + 1)
      row.push(cost)
    }
    beforeLast = last
    last = row
  }
  return number(last, b.length)
}

const number = (row: readonly number[], index: number): number => row[index] as number
