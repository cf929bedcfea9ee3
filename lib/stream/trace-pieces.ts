import type { BlockResult, NativeEventFilter } from '../binding.js'
import { NuthatchError } from '../errors.js'
import { firstOf, TraceLines } from '../etw/trace-lines.js'
import type { TraceSummary } from '../etw/trace-summary.js'
import { standardTraceEvents } from '../standardize/etw.js'
import { InputError, type InputErrorCode } from './input-error.js'
import type { BlockPool } from './line-blocks.js'

/** Which events of traces are read. */
export interface TraceSelection {
  readonly filter: NativeEventFilter
  /** Every input is a trace, whatever it looks like. */
  readonly only: boolean
}

/**
 * Lines of a trace, one for each record: empty where the record is no event. Or, at its end, what is known of it
 * by then. `bytes` of the trace are done with since the piece before.
 */
export type TracePiece = { readonly lines: Buffer; readonly bytes: number } | TraceEnd

export interface TraceEnd {
  readonly trace: TraceSummary
  readonly leftOut: ReadonlyMap<string, number>
  readonly bytes: number
}

/** What becomes standard events, of traces among other inputs. */
export const standardOfTraces: TraceSelection = {
  filter: { providers: [], ids: [], pids: [], standard: standardTraceEvents },
  only: false,
}

const NONE = Buffer.alloc(0)

/**
 * Their lines are in buffers of `pool`, to be given back.
 * @throws InputError when it is no trace
 */
export async function* tracePieces(
  name: string,
  path: string,
  filter: NativeEventFilter,
  pool: BlockPool,
): AsyncGenerator<TracePiece> {
  const text = new TraceLines(name, path, filter)
  let counted = 0
  const newBytes = () => {
    const bytes = text.bytes - counted
    counted += bytes
    return bytes
  }
  try {
    for await (const block of text.blocks((bytes) => (bytes > 0 ? firstOf(pool.take(), bytes) : NONE))) {
      if (block.length > 0) yield { lines: block, bytes: newBytes() }
    }
  } catch (error) {
    throw asInputError(name, error)
  }
  yield { trace: text.summary, leftOut: text.leftOut, bytes: newBytes() }
}

/** Every line is a record, those too that were left out; bytes are of the trace. */
export const linesOfTrace = (result: BlockResult, bytes: number): BlockResult => ({
  ...result,
  bytes,
  records: result.lines,
})

/** What is known only at the end, as a block's result. */
export const endOfTrace = (leftOut: ReadonlyMap<string, number>, bytes: number): BlockResult => ({
  unreadable: false,
  missing: 0,
  output: new Uint8Array(),
  bytes,
  lines: 0,
  records: 0,
  events: 0,
  detections: 0,
  undecided: 0,
  termsEvaluated: 0,
  termsPossible: 0,
  malformed: 0,
  malformedSamples: [],
  unmapped: Object.fromEntries(leftOut),
})

function asInputError(name: string, error: unknown): unknown {
  const isOfInput = error instanceof NuthatchError && error.code.startsWith('NUTHATCH_ETL_')
  return isOfInput
    ? new InputError(error.code as InputErrorCode, name, error.message.slice(`${name}: `.length), {
        cause: error,
      })
    : error
}
