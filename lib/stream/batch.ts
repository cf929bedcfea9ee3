import type { BlockResult } from '../binding.js'
import { NuthatchError } from '../errors.js'

const NEWLINE = 10

/**
 * What one block of records gave, in their order. The objects are made when they are asked for;
 * `ndjson` has them as text.
 */
export class Batch<T> implements Iterable<T> {
  /** A line for each, UTF-8. */
  readonly ndjson: Uint8Array
  readonly length: number
  /** Of this batch alone. */
  readonly counts: Omit<BlockResult, 'output'>
  #items: readonly T[] | null = null

  constructor({ output, ...counts }: BlockResult, length: number) {
    this.ndjson = output
    this.length = length
    this.counts = counts
  }

  get items(): readonly T[] {
    this.#items ??= parseLines<T>(this.ndjson)
    return this.#items
  }

  [Symbol.iterator](): IterableIterator<T> {
    return this.items[Symbol.iterator]() as IterableIterator<T>
  }
}

/** The engine writes JSON, but has what a detection says of its detector as it stands in the Plan. */
function parseLine<T>(line: string): T {
  try {
    return JSON.parse(line)
  } catch (cause) {
    const message = 'The Plan describes a detector in what is not JSON. Compile the rules again.'
    throw new NuthatchError('NUTHATCH_PLAN_CORRUPT', message, { cause })
  }
}

/** The values on the lines of NDJSON. */
export function parseLines<T>(ndjson: Uint8Array): T[] {
  const text = Buffer.from(ndjson.buffer, ndjson.byteOffset, ndjson.byteLength)
  const values: T[] = []
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf(NEWLINE, start)
    const end = newline < 0 ? text.length : newline
    if (end > start) values.push(parseLine(text.toString('utf8', start, end)))
    start = end + 1
  }
  return values
}
