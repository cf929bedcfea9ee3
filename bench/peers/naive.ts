/** A naive evaluator: each rule a function of an event, all of them called for every event, nothing shared. */
import type { Condition, Test } from '../../lib/language/ruleset.js'
import { build, holds, wantedBy } from './conditions.js'
import { found, type Peer, timed } from './peer.js'
import type { PlainEvent } from './rules.js'
import { eventsOf, standardEvents } from './standard.js'

export const naive: Peer = {
  name: 'naive TypeScript',
  megabytes: 10,
  missing: () => null,
  async prepare(task) {
    const events = await standardEvents(task)
    const rules = task.ruleSet.detectors.map(({ name, condition }) => ({
      name,
      isTrue: functionOf(condition),
    }))
    const evaluate = (): Set<string> => {
      const detections = new Set<string>()
      for (const [line, event] of eventsOf(events)) {
        for (const rule of rules) if (rule.isTrue(event)) detections.add(found(line, rule.name))
      }
      return detections
    }
    return { run: () => timed(evaluate) }
  },
}

type Predicate = (event: PlainEvent) => boolean

const functionOf = (condition: Condition): Predicate =>
  build<Predicate>(condition, predicateOf, (kind, operands) =>
    kind === 'and'
      ? (event) => operands.every((one) => one(event))
      : (event) => operands.some((one) => one(event)),
  )

function predicateOf(test: Test): Predicate {
  const wanted = wantedBy(test)
  return (event) =>
    (test.event === null || event.event_type === test.event) && holds(test, wanted, event[test.property])
}
