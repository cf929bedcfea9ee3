/** json-rules-engine: properties are facts, matches are operators, and the event type is asked for first. */
import { createRequire } from 'node:module'
import type { NestedCondition, TopLevelCondition } from 'json-rules-engine'
import type { Condition, Detector, Test } from '../../lib/language/ruleset.js'
import { build, eventTypeOf, holds, wantedBy } from './conditions.js'
import { found, type Peer, timed } from './peer.js'
import { eventsOf, standardEvents } from './standard.js'

const { resolve } = createRequire(import.meta.url)

export const jsonRules: Peer = {
  name: 'json-rules-engine',
  megabytes: 0.3,
  missing: () => {
    try {
      resolve('json-rules-engine')
      return null
    } catch {
      return 'npm ci'
    }
  },
  async prepare(task) {
    const events = await standardEvents(task)
    const { Engine } = await import('json-rules-engine')
    const engine = new Engine([], { allowUndefinedFacts: true })
    for (const match of ['equals', 'includes', 'starts_with', 'ends_with', 'matches', 'in_subnet'] as const) {
      for (const all of [true, false]) {
        engine.addOperator(operatorOf({ match, all }), (value: unknown, wanted: string[]) =>
          holds({ match, all }, wanted, value),
        )
      }
    }
    for (const detector of task.ruleSet.detectors) engine.addRule(ruleOf(detector))
    const evaluate = async (): Promise<Set<string>> => {
      const detections = new Set<string>()
      for (const [line, event] of eventsOf(events)) {
        for (const { type } of (await engine.run(event)).events) detections.add(found(line, type))
      }
      return detections
    }
    return { run: () => timed(evaluate) }
  },
}

/** What has a priority is asked first, and the rest only when it is true. */
const ruleOf = (detector: Detector): { conditions: TopLevelCondition; event: { type: string } } => ({
  conditions: {
    all: [
      { fact: 'event_type', operator: 'equal', value: eventTypeOf(detector), priority: 2 },
      conditionOf(detector.condition),
    ],
  },
  event: { type: detector.name },
})

const conditionOf = (condition: Condition): NestedCondition =>
  build<NestedCondition>(
    condition,
    (test) => ({ fact: test.property, operator: operatorOf(test), value: wantedBy(test) }),
    (kind, operands) => (kind === 'and' ? { all: operands } : { any: operands }),
  )

const operatorOf = ({ match, all }: Pick<Test, 'match' | 'all'>): string => `${match}_${all ? 'all' : 'any'}`
