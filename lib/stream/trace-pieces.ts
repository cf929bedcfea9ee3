import type { BlockResult, NativeEventFilter, NativePlan, NativeTraceBlocks } from '../binding.js'
import { NuthatchError } from '../errors.js'
import { withSource } from '../etw/trace-file.js'
import { leftOutOf, type TraceSummary, traceSummaryOf } from '../etw/trace-summary.js'
import { native } from '../native.js'
import { standardTraceEvents } from '../standardize/etw.js'
import { InputError, type InputErrorCode } from './input-error.js'

/** Which events of traces are read. */
export interface TraceSelection {
  readonly filter: NativeEventFilter
  /** Every input is a trace, whatever it looks like. */
  readonly only: boolean
}

/**
 * Records of a trace, to be submitted before the next piece is asked for. Or, at its end, what is known of it by then.
 * Since the piece before `done` bytes of the trace are done with, as if both passes over it were one, and these are the
 * records of `bytes` of it.
 */
export type TracePiece = TraceRecords | TraceEnd

export interface TraceRecords {
  readonly records: NativeTraceBlocks
  readonly done: number
  readonly bytes: number
}

export interface TraceEnd {
  readonly trace: TraceSummary
  readonly leftOut: ReadonlyMap<string, number>
  readonly done: number
  readonly bytes: number
}

/** What becomes standard events, of traces among other inputs. */
export const standardOfTraces: TraceSelection = {
  filter: { providers: [], ids: [], pids: [], standard: standardTraceEvents },
  only: false,
}

/**
 * For a pipeline of that Plan.
 * @throws InputError when it is no trace
 */
export async function* tracePieces(
  name: string,
  path: string,
  filter: NativeEventFilter,
  plan: NativePlan,
): AsyncGenerator<TracePiece> {
  const records = new native.TraceBlocks(path, filter, plan)
  const done = increases(() => records.bytesDone())
  const bytes = increases(() => records.bytesGiven())
  try {
    for (let read = await records.next(); read !== null; read = await records.next())
      if (read > 0) yield { records, done: done(), bytes: bytes() }
  } catch (error) {
    throw asInputError(name, withSource(name, error))
  }
  const summary = records.summary()
  yield { trace: traceSummaryOf(name, summary), leftOut: leftOutOf(summary), done: done(), bytes: bytes() }
}

/** By how much a number has risen since the last call. */
function increases(number: () => number): () => number {
  let before = 0
  return () => {
    const increase = number() - before
    before += increase
    return increase
  }
}

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
