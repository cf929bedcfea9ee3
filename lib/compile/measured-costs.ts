import type { Profile } from '../profile/profile.js'
import { estimates, type TermCosts } from './cost.js'
import { type Term, termDigest } from './terms.js'

/** A mean of so many samples weighs as much as the estimate. */
const samplesAnEstimateIsWorth = 8
/** Events, for how often a term is true: as if the estimate had been seen in so many (a Beta prior). */
const eventsAnEstimateIsWorth = 20

interface Measured {
  /** Nanoseconds, summed over samples. */
  readonly ns: number
  readonly samples: number
  readonly hits: number
  readonly hitsOf: number
}

/** What a profile says of terms, and of those that it has seen little or nothing of, more or less the estimates. */
export function measuredCosts(profile: Profile): TermCosts {
  const byKey = new Map<string, Measured>()
  for (const { key, aloneNs, samples, hitRate, hitRateOf } of profile.terms) {
    const known = byKey.get(key)
    byKey.set(key, {
      ns: (known?.ns ?? 0) + aloneNs * samples,
      samples: (known?.samples ?? 0) + samples,
      hits: (known?.hits ?? 0) + (hitRate ?? 0) * hitRateOf,
      hitsOf: (known?.hitsOf ?? 0) + hitRateOf,
    })
  }
  const blend = (estimate: number, weight: number, total: number, count: number): number =>
    (estimate * weight + total) / (weight + count)
  const of = (term: Term) => byKey.get(termDigest(term)) ?? { ns: 0, samples: 0, hits: 0, hitsOf: 0 }
  return {
    cost(term) {
      const { ns, samples } = of(term)
      return blend(estimates.cost(term), samplesAnEstimateIsWorth, ns, samples)
    },
    probability(term) {
      const { hits, hitsOf } = of(term)
      return blend(estimates.probability(term), eventsAnEstimateIsWorth, hits, hitsOf)
    },
  }
}
