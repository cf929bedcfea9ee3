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

/** Smaller parts, of the whole, are drawn as one. */
const leastPart = 0.0004
/** Of the drawing, which is 1600 by 900. */
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

const termBranch = ({ term, property, ns, evaluations, passRate, under }: TermProfile): Branch => {
  const passed = passRate === null ? '' : `, true in ${(passRate * 100).toFixed(1)} %`
  const details = `asked ${evaluations} times${passed}${under === null ? '' : `; under ${under}`}`
  const short = term.slice(property.length + 1) // it stands in its property's cell
  return { label: term, short, kind: 'term', ns, details, children: [] }
}

/** Cells of a drawing of 1600 by 900, each before what is in it. */
export function layOut(branches: readonly Branch[]): Cell[] {
  const least = leastPart * branches.reduce((sum, { ns }) => sum + ns, 0)
  const cells: Cell[] = []
  const place = (
    siblings: readonly Branch[],
    within: Rectangle,
    depth: number,
    family: number | null,
  ): void => {
    const shown = withoutSmall(largestFirst(siblings), least)
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

function withoutSmall(branches: readonly Branch[], least: number): Branch[] {
  const large = branches.filter(({ ns }) => ns >= least)
  const small = branches.slice(large.length)
  const [kind = 'term'] = small.map((branch) => branch.kind)
  const ns = small.reduce((sum, branch) => sum + branch.ns, 0)
  if (ns > 0) large.push({ label: `${small.length} more`, kind, ns, details: '', children: [] })
  return largestFirst(large)
}

/** Below the cell's name; null when there is no room. */
function insideOf({ x, y, width, height }: Rectangle): Rectangle | null {
  if (width < 40 || height < HEAD + 20) return null
  return { x: x + GAP, y: y + HEAD, width: width - 2 * GAP, height: height - HEAD - GAP }
}
