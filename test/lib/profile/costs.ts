/** Profiles made by hand: counts and times of nodes, terms and passes as the native meter would have them. */
import type { TreeCosts } from '../../../lib/binding.js'
import { compileRules } from '../../../lib/compile/compile.js'
import { type PlanRules, readPlanRules } from '../../../lib/compile/read-plan.js'
import type { RuleSet } from '../../../lib/language/ruleset.js'
import { buildProfile } from '../../../lib/profile/build-profile.js'
import type { Profile } from '../../../lib/profile/profile.js'
import { eventTypeId } from '../../../lib/schema/event-types.js'
import { type PropertyName, propertyId } from '../../../lib/schema/properties.js'
import { encodeMappings } from '../../../lib/standardize/encode.js'

/** Nanoseconds of each event that was timed. */
export type Times = readonly number[]

const timing = (times: Times): number[] => [
  times.length,
  times.reduce((sum, ns) => sum + ns, 0),
  times.reduce((sum, ns) => sum + ns * ns, 0),
]

export interface Measured {
  readonly events: number
  readonly node: (number: number) => {
    readonly visits: number
    readonly passed: number
    readonly times: Times
  }
  readonly term: (text: string) => {
    readonly asked: number
    readonly true: number
    /** Answered by itself. */
    readonly lazy: Times
    /** Unless as often as asked, where that was timed. */
    readonly lazyAsked?: number
    /** Its patterns, as passes tried them. */
    readonly patterns?: Times
    /** Strings of it, in all timed passes. */
    readonly found?: number
  }
  readonly pass: (property: PropertyName) => {
    readonly runs: number
    readonly resolve: Times
    readonly match: Times
  }
}

export const planOf = (ruleSet: RuleSet): Uint8Array => compileRules(ruleSet, encodeMappings()).plan

export function profileOf(plan: Uint8Array, measured: Measured): Profile {
  const rules = readPlanRules(plan)
  return buildProfile(
    plan,
    rules.trees.map((tree) => costsOf(rules, tree, measured)),
  )
}

function costsOf(
  rules: PlanRules,
  { event, nodes }: PlanRules['trees'][number],
  measured: Measured,
): TreeCosts {
  const terms = [...new Set(nodes.flatMap(({ guard }) => rules.termsOf(guard)))]
  const properties = new Set(terms.map((term) => rules.terms[term]?.property as PropertyName))
  const { events } = measured
  return {
    eventType: eventTypeId(event),
    events,
    timed: events,
    interrupted: 0,
    nodes: Float64Array.from(
      nodes.flatMap((_, number) => {
        const { visits, passed, times } = measured.node(number)
        return [visits, passed, 0, ...timing(times)]
      }),
    ),
    terms: Float64Array.from(
      terms.flatMap((term) => {
        const of = measured.term(rules.terms[term]?.strings.join() ?? '')
        const { lazyAsked = of.lazy.length > 0 ? of.asked : 0 } = of
        const { asked, true: yes, lazy, patterns = lazy, found = 0 } = of
        return [term, asked - yes, yes, 0, yes, found, lazyAsked, ...timing(patterns)]
      }),
    ),
    passes: Float64Array.from(
      [...properties].flatMap((property) => {
        const { runs, resolve, match } = measured.pass(property)
        return [propertyId(property), 0, 0, runs, resolve.length, ...timing(resolve), ...timing(match)]
      }),
    ),
  }
}

export const repeat = (ns: number, count = 10): Times => Array.from({ length: count }, () => ns)
