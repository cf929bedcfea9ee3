/** What caches of signatures have in common. */
export interface CacheStatistics {
  /** Answers that were there: of a verifier, of files that were still the ones it had verified. */
  readonly hits: number
  /** Questions that began a check. */
  readonly misses: number
  /** Questions that found one under way. */
  readonly coalesced: number
  /** Checks for which there was no room. */
  readonly dropped: number
  /** Checks that took longer than `deadline`. */
  readonly timedOut: number
  /** Checks that wait now, and that run. */
  readonly queued: number
  /** Checks that run now. */
  readonly running: number
  /** Answers, and promises of them. */
  readonly entries: number
  /**
   * Checks that somebody asked for; and of these, those that took no longer than `enrichmentTime`, or of a live trace
   * those that were done when their event asked first.
   */
  readonly finished: number
  /** Of `finished`, those that cost their event nothing. */
  readonly withinEnrichment: number
  /** Microseconds that half of them took at most, 90 %, and 99 %. */
  readonly p50: number
  /** Microseconds that 90 % of them took at most. */
  readonly p90: number
  /** Microseconds that 99 % of them took at most. */
  readonly p99: number
}

/** What an evaluation has asked of the cache of signatures. */
export interface SignatureStatistics extends CacheStatistics {
  /** Checks that began before anybody asked: of images that ran when a trace began, or are loaded in a live one. */
  readonly prewarmed: number
  /**
   * Microseconds from the load of an image to the first question for its signature: what half of the events of a live
   * trace spent at most, and 99 %, waiting for their order and their call stacks, and being made. 0 of recorded input.
   */
  readonly enrichmentP50: number
  /** Microseconds that 99 % of the events spent at most. */
  readonly enrichmentP99: number
  /** Answers that were found to be of the same file still. */
  readonly refreshed: number
  /** Answers whose file has changed since. */
  readonly invalidated: number
  /** Checks made again, for their file changed meanwhile. */
  readonly repeated: number
  /** Answers that gave way to others. */
  readonly evicted: number
}
