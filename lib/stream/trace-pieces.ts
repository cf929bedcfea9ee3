import type {
  BlockResult,
  NativeEventFilter,
  NativePlan,
  NativeStackOptions,
  NativeTraceBlocks,
} from '../binding.js'
import { NuthatchError } from '../errors.js'
import { withSource } from '../etw/trace-file.js'
import { leftOutOf, type TraceSummary, traceSummaryOf } from '../etw/trace-summary.js'
import { native } from '../native.js'
import { standardTraceEvents } from '../standardize/etw.js'
import { InputError, type InputErrorCode } from './input-error.js'

/** Something that reads a trace. Its `return` ends that, and is done when nothing of it is left. */
export interface TraceReading {
  return(value: undefined): Promise<unknown>
}

/** Which events of traces are read. */
export interface TraceSelection {
  readonly filter: NativeEventFilter
  /** Every input is a trace, whatever it looks like. */
  readonly only: boolean
  /** No input may be one. */
  readonly refused?: boolean
  /** Where an evaluation is while it reads. */
  readonly readers?: Set<TraceReading>
}

/**
 * Records of a trace, to be submitted before the next piece is asked for. Or, at its end, what is known of it by then.
 * These are the records of `bytes` of it.
 */
export type TracePiece = TraceRecords | TraceEnd

/**
 * What a step has read, which may be nothing to be evaluated: then `piece` is null. `done` bytes of the trace are done
 * with since the step before, as if both passes over it were one.
 */
export interface TraceStep {
  readonly piece: TracePiece | null
  readonly done: number
}

export interface TraceRecords {
  readonly records: NativeTraceBlocks
  readonly bytes: number
}

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

/**
 * For a pipeline of that Plan. The signal ends it soon.
 * @throws InputError when it is no trace
 */
export async function* traceSteps(
  name: string,
  path: string,
  filter: NativeEventFilter,
  plan: NativePlan,
  stacks: NativeStackOptions,
  signal: AbortSignal,
): AsyncGenerator<TraceStep> {
  const records = new native.TraceBlocks(path, filter, plan, stacks)
  const done = increases(() => records.bytesDone())
  const bytes = increases(() => records.bytesGiven())
  const stop = () => records.stop()
  signal.addEventListener('abort', stop, { once: true })
  try {
    for (let read = await records.next(); read !== null && !signal.aborted; read = await records.next())
      yield { piece: read > 0 ? { records, bytes: bytes() } : null, done: done() }
  } catch (error) {
    throw asInputError(name, withSource(name, error))
  } finally {
    signal.removeEventListener('abort', stop)
    records.close()
  }
  if (signal.aborted) return
  const summary = records.summary()
  const end = { trace: traceSummaryOf(name, summary), leftOut: leftOutOf(summary), bytes: bytes() }
  yield { piece: end, done: done() }
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
