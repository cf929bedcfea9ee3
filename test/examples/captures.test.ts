/** The example detectors over the real captures, and the engine against the reference evaluator on them. */
import { basename } from 'node:path'
import t from 'tap'
import { loadDetectors, loadRules } from '../../lib/detectors.js'
import { readTelemetry, type StandardEvent } from '../../lib/index.js'
import { propertyRow } from '../../lib/schema/properties.js'
import { attacks, skip } from '../captures.js'
import { evaluateAll } from '../oracle/evaluate.js'

const loaded = await loadRules('examples/rules')
const detectors = loadDetectors(loaded)

/** What fired on an event, and the event as it was standardized; only events on which anything fired. */
interface Firing {
  readonly event: StandardEvent
  readonly detectors: string[]
}

async function byEngine(file: string): Promise<Firing[]> {
  const firings = new Map<number, Firing>()
  for await (const batch of detectors.evaluate(file)) {
    for (const { detector, line, event } of batch) {
      const firing = firings.get(line) ?? { event, detectors: [] }
      firing.detectors.push(detector)
      firings.set(line, firing)
    }
  }
  return [...firings.values()].map(({ event, detectors }) => ({ event, detectors: detectors.sort() }))
}

async function byOracle(file: string): Promise<{ firings: Firing[]; events: number }> {
  const firings: Firing[] = []
  let events = 0
  for await (const batch of readTelemetry(file).standardize({ derived: true })) {
    for (const event of batch) {
      const { fired } = evaluateAll(loaded.ruleSet.detectors, event)
      if (fired.length > 0) firings.push({ event: withoutDerived(event), detectors: fired.sort() })
    }
    events += batch.length
  }
  return { firings, events }
}

/** Detections show what records say; what is derived from it, only `standardize` does. */
const withoutDerived = (event: StandardEvent): StandardEvent =>
  Object.fromEntries(
    Object.entries(event).filter(([name]) => propertyRow(name)?.derivedFrom === undefined),
  ) as StandardEvent

t.test('the captures', { skip }, async (t) => {
  t.equal(attacks.length, 36)
  const quiet: string[] = []
  let comparisons = 0
  for (const file of attacks) {
    const actual = await byEngine(file)
    const { firings, events } = await byOracle(file)
    comparisons += events * loaded.ruleSet.detectors.length
    if (actual.length === 0) quiet.push(basename(file))
    t.same(actual, firings, basename(file))
  }
  t.comment(`${comparisons} comparisons; nothing fires on ${quiet.join(', ')}`)
  t.ok(
    attacks.length - quiet.length >= 33,
    `detectors fire on ${attacks.length - quiet.length} of 36 captures`,
  )
})
