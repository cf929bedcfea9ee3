import type { NativeEventFilter } from '../binding.js'
import { native } from '../native.js'
import type { InputError } from '../stream/input-error.js'
import type { Input } from '../stream/inputs.js'
import { withSource, withTraceFile } from './trace-file.js'

export interface TraceEventsRead {
  /** Why the file gave less than it should have. */
  readonly problem: InputError | null
  /** Events without a known schema, and events whose payload ends before its last field. */
  readonly undecoded: { readonly raw: number; readonly incomplete: number }
}

/**
 * Gives the events of a trace to `write` as NDJSON, in blocks of lines, the next being made while one is
 * written; docs/etw.md says what is in them.
 * @throws InputError, NuthatchError NUTHATCH_ETL_FORMAT and others; the signal's reason; what `write` throws
 */
export const readTraceEvents = (
  input: Input,
  filter: NativeEventFilter,
  signal: AbortSignal,
  write: (block: Uint8Array) => Promise<void>,
): Promise<TraceEventsRead> =>
  withTraceFile(input, signal, async ({ path, problem }) => {
    const text = new native.TraceText(path, filter)
    const step = () =>
      text.next().catch((error: unknown) => {
        throw withSource(input.name, error)
      })
    let next = step()
    try {
      for (let block = await next; block !== null; block = await next) {
        signal.throwIfAborted()
        next = step()
        next.catch(() => {}) // it is awaited below
        await write(block)
      }
    } finally {
      await next.catch(() => {}) // before the file is removed
    }
    return { problem, undecoded: text.undecoded() }
  })
