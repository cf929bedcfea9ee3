import { visible } from '../language/display-text.js'
import type { Change, Comparison } from '../profile/compare.js'
import { short, table } from './table.js'

/** Less than that says nothing of the machine. */
const leastDrift = 0.05

/** What `nuthatch profile --compare` says. */
export function formatComparison(comparison: Comparison): string {
  const { drift, dearerDetectors, dearerTerms, dearerProperties, newDetectors, goneDetectors } = comparison
  const lines = [
    ...changes('detectors', dearerDetectors),
    ...changes('terms', dearerTerms),
    ...changes('properties', dearerProperties),
    ...names('New detectors', newDetectors),
    ...names('Gone detectors', goneDetectors),
  ]
  if (Math.abs(drift - 1) > leastDrift)
    lines.push(`Everything took ${drift.toFixed(2)} times as long as before; that is taken into account.`)
  return `${lines.join('\n')}\n`
}

function changes(things: string, list: readonly Change[]): string[] {
  if (list.length === 0) return [`No ${things} have become dearer.`]
  const rows = list.map(({ name, before, now, error, isNew }) => [
    short(name),
    before.toFixed(1),
    now.toFixed(1),
    error.toFixed(1),
    isNew ? 'new' : before > 0 ? `${(now / before).toFixed(2)}×` : '',
  ])
  return [`Dearer ${things}, ns an event`, ...table([['', 'before', 'now', '±', ''], ...rows]), '']
}

const names = (title: string, list: readonly string[]): string[] =>
  list.length > 0 ? [`${title}: ${list.map(visible).join(', ')}`] : []
