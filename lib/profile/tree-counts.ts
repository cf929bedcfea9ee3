import type { TreeCosts } from '../binding.js'
import { type PropertyName, propertyNames } from '../schema/properties.js'
import type { Timing } from './cost.js'

/** What native/evaluate/cost_meter.h has of one event type. */
export interface TreeCounts {
  readonly events: number
  readonly timed: number
  readonly interrupted: number
  readonly nodes: readonly NodeCounts[]
  /** By the Plan's number. */
  readonly terms: ReadonlyMap<number, TermCounts>
  readonly passes: ReadonlyMap<PropertyName, PassCounts>
}

export interface NodeCounts {
  readonly visits: number
  readonly decided: number
  readonly undecided: number
  readonly time: Timing
}

export interface TermCounts {
  /** By the tree. */
  readonly asked: number
  readonly true: number
  readonly unknown: number
  /** Timed passes that found it true. */
  readonly hits: number
  /** Strings of it that these found, subnets, and literals of its patterns. */
  readonly found: number
  readonly lazyAsked: number
  /** Of its patterns; when no pass tries them, `samples` are the events that asked for it. */
  readonly ownTime: Timing
}

export interface PassCounts {
  readonly missing: number
  readonly pending: number
  readonly present: number
  /** Runs that `hits` are of. */
  readonly timed: number
  readonly resolve: Timing
  readonly match: Timing
}

export function readTreeCounts(costs: TreeCosts): TreeCounts {
  const { events, timed, interrupted } = costs
  return {
    events,
    timed,
    interrupted,
    nodes: rows(costs.nodes, 6, ([visits = 0, decided = 0, undecided = 0, ...time]) => ({
      visits,
      decided,
      undecided,
      time: timingOf(time),
    })),
    terms: new Map(rows(costs.terms, 10, readTerm)),
    passes: new Map(rows(costs.passes, 11, readPass)),
  }
}

function readTerm(row: readonly number[]): [number, TermCounts] {
  const [term = 0, no = 0, yes = 0, unknown = 0, hits = 0, found = 0, lazyAsked = 0, ...own] = row
  const counts = { asked: no + yes + unknown, true: yes, unknown, hits, found, lazyAsked }
  return [term, { ...counts, ownTime: timingOf(own) }]
}

function readPass(row: readonly number[]): [PropertyName, PassCounts] {
  const [property = 0, missing = 0, pending = 0, present = 0, timed = 0, ...times] = row
  const counts = { missing, pending, present, timed }
  const name = propertyNames[property] as PropertyName
  return [name, { ...counts, resolve: timingOf(times), match: timingOf(times.slice(3)) }]
}

const timingOf = ([samples = 0, ns = 0, squares = 0]: readonly number[]): Timing => ({ samples, ns, squares })

function rows<T>(table: Float64Array, width: number, read: (row: number[]) => T): T[] {
  return Array.from({ length: table.length / width }, (_, i) =>
    read([...table.subarray(i * width, (i + 1) * width)]),
  )
}
