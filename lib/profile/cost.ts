/** Time spent in a run, as far as samples tell. */
export interface Cost {
  /** Nanoseconds. */
  readonly ns: number
  /** Of the estimate: the square of its standard error. */
  readonly variance: number
}

export const noCost: Cost = { ns: 0, variance: 0 }

/** Of costs whose errors have nothing to do with each other. */
export const sum = (costs: Iterable<Cost>): Cost => {
  let ns = 0
  let variance = 0
  for (const cost of costs) {
    ns += cost.ns
    variance += cost.variance
  }
  return { ns, variance }
}

export const part = ({ ns, variance }: Cost, share: number): Cost => ({
  ns: ns * share,
  variance: variance * share * share,
})

/** What was timed of something: in how many events, nanoseconds, and the sum of each event's squared. */
export interface Timing {
  readonly samples: number
  readonly ns: number
  readonly squares: number
}

/** Mean time of an event that was timed. */
export const meanOf = ({ samples, ns }: Timing): number => (samples > 0 ? Math.max(0, ns / samples) : 0)

/**
 * What something took that happened `count` times: its mean time when it was timed, as often. How often is
 * known exactly, so the error is that of the mean alone, with Student's allowance for few samples; less than four may be
 * wrong by all that they say.
 */
export function estimate(timing: Timing, count: number): Cost {
  const { samples, ns, squares } = timing
  if (samples === 0) return noCost
  const mean = meanOf(timing)
  const spread = squares - (ns * ns) / samples
  const variance = samples < 4 ? mean * mean : Math.max(0, spread) / (samples - 3) / samples
  return { ns: mean * count, variance: variance * count * count }
}
