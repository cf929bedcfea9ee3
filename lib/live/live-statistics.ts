import type { TraceStacks } from '../etw/trace-summary.js'

/** Of events that call stacks were waited for. */
export interface LiveStacks extends TraceStacks {
  /**
   * Of all these, a part of the stack is in the cache of its session, which told it too late or not at all: see
   * `cachedStacksWithin`.
   */
  readonly untold: number
}

/** Of the names of accounts that processes run as, which Windows was asked for. */
export interface LiveAccounts {
  /** Accounts that Windows has named. */
  readonly named: number
  /** Times that it could not. A SID is asked for again a minute later, when it is wanted. */
  readonly failed: number
  /** The SID of the last of those, and Windows' error: 1332 says that no account has it. */
  readonly failure?: string
  /** Starts of processes that were given out before their account's name was known. */
  readonly unnamedStarts: number
}

/** What has become of a live trace's records since it began. Every record that did not get through is counted. */
export interface LiveStatistics {
  /** Taken from the system. */
  readonly queued: number
  /** Of those, dropped because what comes after took too long. */
  readonly dropped: number
  /** Put on a disk, with the overflow `spill`, and read back. */
  readonly spilled: number
  /** The most that waited in memory at a time. */
  readonly mostQueuedBytes: number
  /** By Windows, which had no buffer free: EventsLost. */
  readonly eventsLost: number
  /** By Windows, before they were read: RealTimeBuffersLost. */
  readonly buffersLost: number
  /** Records that no event is as large as. */
  readonly tooLarge: number
  /** Sessions that somebody had stopped, started anew. */
  readonly restarts: number
  /** Sessions that a process which died had left behind, stopped. */
  readonly orphans: number
  /** Decoded, or passed over because nobody asked for them. */
  readonly records: number
  /** Of them after one with a later time: their session gave them later than `inOrderWithin`. */
  readonly outOfOrder: number
  /** Events asked for that have no known schema, and those whose payload ends before its last field. */
  readonly raw: number
  /** Events whose payload ends before its last field. */
  readonly incomplete: number
  /** Where call stacks are followed. */
  readonly stacks?: LiveStacks
  /** Where somebody looks at the names of accounts. */
  readonly accounts?: LiveAccounts
  /**
   * How long the oldest of the records that go on together had waited for their turn and their order, and to be decoded
   * and joined: microseconds, median and 99th percentile; as all that follow.
   */
  readonly waitedP50: number
  /** 99th percentile of the same, in microseconds. */
  readonly waitedP99: number
  /** Then, for call stacks, which come after their events; of an evaluation, as what follows. */
  readonly stackWaitP50?: number
  /** 99th percentile of the same, in microseconds. */
  readonly stackWaitP99?: number
  /** Then, until their detections were there. */
  readonly evaluationP50?: number
  /** 99th percentile of the same, in microseconds. */
  readonly evaluationP99?: number
  /** From the arrival of the oldest to the detections: all of these. */
  readonly latencyP50?: number
  /** 99th percentile of the same, in microseconds. */
  readonly latencyP99?: number
}
