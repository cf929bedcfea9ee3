import type { Name } from '../ast.js'
import { quote } from '../describe.js'
import { allEvents, type EventMasks } from '../event-masks.js'
import type { Condition } from '../ruleset.js'
import type { Scope } from '../scope.js'

/** Warns of a detector that every type of event can fire: it repeats itself, and costs time on each of them. */
export function checkConfined(scope: Scope, masks: EventMasks, name: Name, condition: Condition): void {
  if (masks.of(condition).canBeTrue !== allEvents) return
  const branch = condition.kind === 'or' ? ' (one side of its `||` is not)' : ''
  scope.report(
    'NUTHATCH_NOT_CONFINED',
    name.span,
    `${quote(name.text)} is not confined to any event type${branch}: it can fire on every event of a process`,
    'add a test of a type, such as `process_start_property_exists?(property: process_name)`',
  )
}
