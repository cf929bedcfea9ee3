import type { EstimatedTime } from './profile.js'

/** Time spent in a run, as far as samples tell. */
export interface Cost {
  /** Nanoseconds. */
  readonly ns: number
  /** Of the estimate: the square of its standard error. */
  readonly variance: number
  /** Some of it happened and was never timed: that is not in `ns`, and nothing is known of it. */
  readonly untimed: boolean
  /** Of `ns`: of what was timed so rarely that another run may not have timed it at all. */
  readonly rarelyTimedNs: number
}

export const noCost: Cost = { ns: 0, variance: 0, untimed: false, rarelyTimedNs: 0 }

/** That none is drawn where so many are to be expected is one chance in nine million. */
const rarely = 16

/** Of costs whose errors have nothing to do with each other. */
export const sum = (costs: Iterable<Cost>): Cost => {
  let { ns, variance, untimed, rarelyTimedNs } = noCost
  for (const cost of costs) {
    ns += cost.ns
    variance += cost.variance
    untimed ||= cost.untimed
    rarelyTimedNs += cost.rarelyTimedNs
  }
  return { ns, variance, untimed, rarelyTimedNs }
}

export const time = ({ variance, ...cost }: Cost): EstimatedTime => ({ ...cost, error: Math.sqrt(variance) })

export const sumTimes = (times: readonly EstimatedTime[]): EstimatedTime =>
  time(sum(times.map(({ error, ...cost }) => ({ ...cost, variance: error ** 2 }))))

export const part = ({ ns, variance, untimed, rarelyTimedNs }: Cost, share: number): Cost => ({
  ns: ns * share,
  variance: variance * share * share,
  untimed: untimed && share > 0,
  rarelyTimedNs: rarelyTimedNs * share,
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
 * wrong by all that they say, and none say nothing.
 */
export function estimate(timing: Timing, count: number): Cost {
  const { samples, squares } = timing
  if (samples === 0) return { ...noCost, untimed: count > 0 }
  const mean = meanOf(timing)
  const spread = squares - timing.ns ** 2 / samples
  const variance = samples < 4 ? mean * mean : Math.max(0, spread) / (samples - 3) / samples
  const ns = mean * count
  return { ns, variance: variance * count * count, untimed: false, rarelyTimedNs: samples < rarely ? ns : 0 }
}
