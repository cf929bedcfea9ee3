import type { NativeEventFilter, NativeStackOptions, NativeTraceText } from '../binding.js'
import { native } from '../native.js'
import type { InputError } from '../stream/input-error.js'
import type { Input } from '../stream/inputs.js'
import { withSource, withTraceFile } from './trace-file.js'
import { type TraceSummary, traceSummaryOf } from './trace-summary.js'

/** Of a block, but for a last line that is very long: native/pipeline/trace_text.h, and a line more. */
const USUAL_BLOCK_BYTES = 512 << 10

/** The first bytes of a buffer; a new one where that is too small. */
const firstOf = (buffer: Buffer, bytes: number): Buffer =>
  bytes <= buffer.length ? buffer.subarray(0, bytes) : Buffer.allocUnsafeSlow(bytes)

/** The events of a trace that is a plain file, as NDJSON; docs/etw.md says what is in them. To be read once. */
export class TraceLines {
  readonly #name: string
  readonly #text: NativeTraceText

  constructor(name: string, path: string, filter: NativeEventFilter, stacks: NativeStackOptions) {
    this.#name = name
    this.#text = new native.TraceText(path, filter, stacks)
  }

  /**
   * Blocks of lines, some of them empty, each in a buffer that `take` gives for so many bytes; the next one is
   * made while one is used.
   * @throws NuthatchError NUTHATCH_ETL_FORMAT and others; the signal's reason, soon
   */
  async *blocks(take: (bytes: number) => Buffer, signal: AbortSignal): AsyncGenerator<Buffer, undefined> {
    const stop = () => this.#text.stop()
    signal.addEventListener('abort', stop, { once: true })
    let next = this.#step()
    try {
      for (let bytes = await next; ; bytes = await next) {
        signal.throwIfAborted()
        if (bytes === null) return
        const block = take(bytes)
        this.#text.take(block)
        next = this.#step()
        next.catch(() => {}) // it is awaited below
        yield block
      }
    } finally {
      signal.removeEventListener('abort', stop)
      stop()
      await next.catch(() => {})
      this.#text.close() // whoever has made the file may remove it now
    }
  }

  /** After the last block. */
  get summary(): TraceSummary {
    return traceSummaryOf(this.#name, this.#text.summary())
  }

  /** How many bytes the next block has; null after the last. */
  #step(): Promise<number | null> {
    return this.#text.next().catch((error: unknown) => {
      throw withSource(this.#name, error)
    })
  }
}

/**
 * Gives the events of a trace to `write`, in blocks of lines, which it may use until its promise settles. The problem, when there is one, is why the file
 * gave less than it should have.
 * @throws InputError, NuthatchError NUTHATCH_ETL_FORMAT and others; the signal's reason; what `write` throws
 */
export const readTraceEvents = (
  input: Input,
  filter: NativeEventFilter,
  stacks: NativeStackOptions,
  signal: AbortSignal,
  write: (block: Uint8Array) => Promise<void>,
): Promise<{ readonly summary: TraceSummary; readonly problem: InputError | null }> =>
  withTraceFile(input, signal, async ({ path, problem }) => {
    const lines = new TraceLines(input.name, path, filter, stacks)
    const buffer = Buffer.allocUnsafeSlow(USUAL_BLOCK_BYTES)
    for await (const block of lines.blocks((bytes) => firstOf(buffer, bytes), signal)) await write(block)
    return { summary: lines.summary, problem }
  })
