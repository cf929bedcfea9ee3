import type { BlockResult, NativeEventFilter, PipelineOptions, TreeCosts } from '../binding.js'
import type { SignatureStatistics } from '../trust/signature-statistics.js'
import type { Overflow } from './live-options.js'
import type { LiveStatistics } from './live-statistics.js'

/** A live trace of the addon; native/pipeline/live_trace.h says what its threads do. */
export interface NativeLiveTrace {
  /** Once. Rejects with a `code`, NUTHATCH_LIVE_…, when the sessions cannot be had; then none is left behind. */
  start(): Promise<void>
  /** All that has come since the last call, as one block; null when no more comes. One call at a time. */
  next(): Promise<BlockResult | null>
  /** Ends the sessions. What they have written still comes, then the end. */
  stop(): void
  /**
   * Ends all at once; `next` resolves to null. Resolves when the threads have ended: each is done with the buffer or the
   * block that it has in hand, and no more are waited for.
   */
  close(): Promise<void>
  counts(): LiveStatistics
  /** What went wrong since the last call though events come, each with a `code`. */
  problems(): (Error & { code: string })[]
  /** Null when none is verified. */
  signatures(): SignatureStatistics | null
  /** Once it has closed; null without a Plan. */
  costs(): TreeCosts[] | null
}

export interface NativeLiveOptions extends Partial<PipelineOptions> {
  /** What detections call the trace. */
  readonly source?: string
  readonly sessions: readonly NativeSession[]
  /** Instead of sessions of ours, the one of that name. Empty: none. */
  readonly attach: string
  readonly queueBytes: number
  readonly overflow: Overflow
  /** For the overflow `spill`. */
  readonly spillFolder: string
  readonly restart: boolean
  /** As DbgHelp takes it; none: no PDBs. */
  readonly symbolPath?: string
  /** Milliseconds. */
  readonly inOrderWithin: number
  /** Milliseconds. */
  readonly cachedStacksWithin: number
  readonly filter: NativeEventFilter
  readonly play?: NativePlay
}

/** native/live/trace_session.h */
export interface NativeSession {
  /** What it is for: a part of its name. */
  readonly name: string
  /** EVENT_TRACE_FLAG_…; 0: of providers. */
  readonly kernelFlags: number
  readonly kernelStacks: readonly { readonly provider: string; readonly type: number }[]
  readonly providers: readonly NativeProvider[]
  readonly buffers: NativeBuffers
}

/** Of a session of ETW. */
export interface NativeBuffers {
  readonly kilobytes: number
  /** 0: as Windows thinks best; also for the most. */
  readonly least: number
  readonly most: number
}

export interface NativeProvider {
  readonly name: string
  readonly guid: string
  /** 0: all. */
  readonly level: number
  /** 0: all. */
  readonly keyword: bigint
  /** Ids of the events whose call stacks are wanted, 64 at most. */
  readonly stacks: readonly number[]
  readonly captureState: boolean
}

/** A recorded trace plays Windows: native/live/played_etw.h. What goes wrong is for tests. */
export interface NativePlay {
  readonly file: string
  readonly speed?: number
  readonly repeat?: number
  readonly shuffle?: number
  readonly killedAt?: number
  readonly clockBackAt?: number
  readonly clockBack?: number
  /** A session with others is refused. */
  readonly buffers?: NativeBuffers
  readonly stalls?: readonly { readonly at: number; readonly milliseconds: number }[]
  readonly losses?: readonly { readonly at: number; readonly events: number; readonly buffers: number }[]
  /** The machine's. */
  readonly accounts?: readonly { readonly sid: string; readonly name: string; readonly domain: string }[]
  readonly failures?: readonly { readonly of: string; readonly error: number; readonly times?: number }[]
}
