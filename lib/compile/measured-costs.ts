import type { Profile } from '../profile/profile.js'
import { estimates, type TermCosts } from './cost.js'
import { type Term, termDigest } from './terms.js'

/** A mean of so many samples weighs as much as the estimate. */
const samplesAnEstimateIsWorth = 8
/** Events, for how often a term is true: as if the estimate had been seen in so many (a Beta prior). */
const eventsAnEstimateIsWorth = 20

interface Measured {
  /** Nanoseconds, summed over samples. */
  ns: number
  samples: number
  hits: number
  hitsOf: number
}

/**
 * What a profile says of terms, and of those that it has seen little or nothing of, more or less the estimates. They are
 * put in the measure of what was timed: else what nobody has asked for yet would look cheap.
 */
export function measuredCosts(profile: Profile): TermCosts {
  const scale = medianRatio(profile)
  const byKey = measurements(profile)
  const of = (term: Term): Measured => byKey.get(termDigest(term)) ?? nothing()
  return {
    cost(term) {
      const { ns, samples } = of(term)
      return blend(estimates.cost(term) * scale, samplesAnEstimateIsWorth, ns, samples)
    },
    probability(term) {
      const { hits, hitsOf } = of(term)
      return blend(estimates.probability(term), eventsAnEstimateIsWorth, hits, hitsOf)
    },
  }
}

const nothing = (): Measured => ({ ns: 0, samples: 0, hits: 0, hitsOf: 0 })

const blend = (estimate: number, weight: number, total: number, count: number): number =>
  (estimate * weight + total) / (weight + count)

/** By key, of all event types. */
function measurements({ terms }: Profile): Map<string, Measured> {
  const byKey = new Map<string, Measured>()
  for (const { key, aloneNs, samples, hitRate, hitRateOf } of terms) {
    const measured = byKey.get(key) ?? nothing()
    byKey.set(key, measured)
    measured.ns += aloneNs * samples
    measured.samples += samples
    measured.hits += (hitRate ?? 0) * hitRateOf
    measured.hitsOf += hitRateOf
  }
  return byKey
}

/** Of what was timed to what was estimated; 1 when nothing was. */
function medianRatio({ terms }: Profile): number {
  const ratios = terms
    .filter(({ samples }) => samples >= samplesAnEstimateIsWorth)
    .map(({ aloneNs, estimatedNs }) => aloneNs / estimatedNs)
    .sort((a, b) => a - b)
  return ratios[ratios.length >> 1] || 1
}
