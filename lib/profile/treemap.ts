import type { Profile, TermProfile } from './profile.js'
import { type Rectangle, squarify } from './squarify.js'

/** A thing with its part of the run's time, and what that is made of. */
export interface Branch {
  readonly label: string
  /** What stands in its cell, when that is not all of `label`. */
  readonly short?: string
  readonly kind: 'event type' | 'property' | 'term' | 'detector' | 'tree'
  readonly ns: number
  readonly details: string
  readonly children: readonly Branch[]
}

export interface Cell extends Rectangle {
  readonly branch: Branch
  readonly depth: number
  /** Of the event type it is in. */
  readonly family: number
}

/** Of the drawing, which is 1600 by 900. Parts that have no room for a name are drawn as one. */
const namedArea = 1500
/** Of these, so many are named in the one. */
const mostNames = 20
const HEAD = 24
const GAP = 2

const largestFirst = (branches: readonly Branch[]): Branch[] =>
  branches.filter(({ ns }) => ns > 0).sort((a, b) => b.ns - a.ns)

/** Event type > property > term. */
export function propertyBranches({ eventTypes, properties, terms }: Profile): Branch[] {
  return eventTypes.map(({ eventType, ns, events, treeNs }) => {
    const own = terms.filter((term) => term.eventType === eventType)
    const parts = properties.filter((property) => property.eventType === eventType)
    const children = parts.map((of): Branch => {
      const on = largestFirst(own.filter(({ property }) => property === of.property).map(termBranch))
      const details = `${of.evaluations} events asked for it, ${of.present} had it`
      const total = on.reduce((sum, term) => sum + term.ns, 0)
      return { label: of.property, kind: 'property', ns: total || of.ns, details, children: on }
    })
    const tree: Branch = { label: 'the tree itself', kind: 'tree', ns: treeNs, details: '', children: [] }
    return { ...eventBranch(eventType, ns, events), children: largestFirst([...children, tree]) }
  })
}

/** Event type > detector. */
export function detectorBranches({ eventTypes, detectors }: Profile): Branch[] {
  return eventTypes.map(({ eventType, ns, events }) => {
    const children = detectors.flatMap(({ name, places }) =>
      places
        .filter((place) => place.eventType === eventType)
        .map((place): Branch => {
          const details = `evaluated ${place.evaluations} times, fired ${place.fired} times`
          return { label: name, kind: 'detector', ns: place.ns, details, children: [] }
        }),
    )
    return { ...eventBranch(eventType, ns, events), children: largestFirst(children) }
  })
}

const eventBranch = (label: string, ns: number, events: number) =>
  ({ label, kind: 'event type', ns, details: `${events} events` }) as const

const termBranch = ({ term, property, ns, evaluations, hitRate, finds, under }: TermProfile): Branch => {
  const hits = hitRate === null ? '' : `, true in ${(hitRate * 100).toFixed(1)} % of events`
  const found = finds > 0 ? `, ${finds.toFixed(2)} strings found in each` : ''
  const details = `asked ${evaluations} times${hits}${found}${under === null ? '' : `; under ${under}`}`
  const short = term.slice(property.length + 1) // it stands in its property's cell
  return { label: term, short, kind: 'term', ns, details, children: [] }
}

/** Cells of a drawing of 1600 by 900, each before what is in it. */
export function layOut(branches: readonly Branch[]): Cell[] {
  const cells: Cell[] = []
  const place = (
    siblings: readonly Branch[],
    within: Rectangle,
    depth: number,
    family: number | null,
  ): void => {
    const shown = withoutSmall(largestFirst(siblings), within.width * within.height)
    const rectangles = squarify(
      shown.map(({ ns }) => ns),
      within,
    )
    for (const [i, branch] of shown.entries()) {
      const cell = { ...(rectangles[i] as Rectangle), branch, depth, family: family ?? i }
      cells.push(cell)
      const inside = insideOf(cell)
      if (branch.children.length > 0 && inside) place(branch.children, inside, depth + 1, cell.family)
    }
  }
  place(branches, { x: 0, y: 0, width: 1600, height: 900 }, 0, null)
  return cells
}

/** Parts, largest first, that fill an area. */
function withoutSmall(branches: readonly Branch[], area: number): Branch[] {
  const total = (parts: readonly Branch[]) => parts.reduce((sum, { ns }) => sum + ns, 0)
  const all = total(branches)
  const large = branches.filter(({ ns }) => (ns / all) * area >= namedArea)
  const small = branches.slice(large.length)
  const [first] = small
  if (!first || small.length === 1) return [...branches]
  const names = small.slice(0, mostNames).map(({ label, short = label }) => short)
  const label = `${small.length} more`
  const short = `${label}: ${names.join(' · ')}`
  const details = `the dearest of them: ${names.join(' · ')}`
  return largestFirst([...large, { label, short, kind: first.kind, ns: total(small), details, children: [] }])
}

/** Below the cell's name; null when there is no room. */
function insideOf({ x, y, width, height }: Rectangle): Rectangle | null {
  if (width < 40 || height < HEAD + 20) return null
  return { x: x + GAP, y: y + HEAD, width: width - 2 * GAP, height: height - HEAD - GAP }
}
