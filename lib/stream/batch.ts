import type { BatchCounts, BlockResult } from '../binding.js'
import { NuthatchError } from '../errors.js'

const NEWLINE = 10

/** Objects as lines of JSON. They are made when they are asked for. */
export class NdjsonBatch<T> implements Iterable<T> {
  /** A line for each, UTF-8. */
  readonly ndjson: Uint8Array
  /** How many objects there are. */
  readonly length: number
  #items: readonly T[] | null = null

  /** @internal */
  constructor(ndjson: Uint8Array, length = linesIn(ndjson)) {
    this.ndjson = ndjson
    this.length = length
  }

  /**
   * The objects, parsed when they are first asked for.
   * @throws NuthatchError NUTHATCH_PLAN_CORRUPT
   */
  get items(): readonly T[] {
    this.#items ??= parseLines<T>(this.ndjson)
    return this.#items
  }

  /** Over the items. */
  [Symbol.iterator](): IterableIterator<T> {
    return this.items[Symbol.iterator]() as IterableIterator<T>
  }
}

/** What one block of records gave, in their order. */
export class Batch<T> extends NdjsonBatch<T> {
  /** Of this batch alone. */
  readonly counts: BatchCounts

  /** @internal */
  constructor({ output, ...counts }: BlockResult, length: number) {
    super(output, length)
    this.counts = counts
  }
}

function linesIn(ndjson: Uint8Array): number {
  let lines = 0
  for (let at = ndjson.indexOf(NEWLINE); at >= 0; at = ndjson.indexOf(NEWLINE, at + 1)) ++lines
  return lines
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
