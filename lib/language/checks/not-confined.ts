import type { Name } from '../ast.js'
import { quote } from '../describe.js'
import { allEvents, type EventMasks } from '../event-masks.js'
import type { Condition } from '../ruleset.js'
import type { Scope } from '../scope.js'

/** Warns of a detector that every type of event can fire: it repeats itself, and costs time on each of them. */
export function checkConfined(scope: Scope, masks: EventMasks, name: Name, condition: Condition): void {
  if (masks.of(condition).canBeTrue !== allEvents) return
  const where = condition.kind === 'or' ? ' to each side of the `||` that does not' : ''
  scope.report(
    'NUTHATCH_NOT_CONFINED',
    name.span,
    `${quote(name.text)} can fire on every type of event: once a process matches, each file it writes and each connection it makes is one more detection`,
    `say which event is meant: to fire only when a process starts, add \`&& process_start_property_exists?(property: process_name)\`${where}`,
  )
}
