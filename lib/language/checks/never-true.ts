import type { Expression } from '../ast.js'
import { quote } from '../describe.js'
import { allEvents, type EventMask, type EventMasks, eventsIn } from '../event-masks.js'
import type { Condition } from '../ruleset.js'
import type { Scope } from '../scope.js'

/**
 * Warns of a condition that no event meets, judged by event types alone, and of such a side of an
 * `||`.
 *
 * @param conditions what each expression was lowered to.
 */
export function checkCanBeTrue(
  scope: Scope,
  masks: EventMasks,
  conditions: ReadonlyMap<Expression, Condition>,
  expression: Expression,
): void {
  const maskOf = (part: Expression): EventMask => {
    const condition = conditions.get(part)
    return condition === undefined ? allEvents : masks.of(condition).canBeTrue
  }
  if (maskOf(expression) === 0n) reportNeverTrue(scope, maskOf, expression)
  else if (expression.kind === 'or' || expression.kind === 'and') {
    for (const operand of expression.operands) checkCanBeTrue(scope, masks, conditions, operand)
  }
}

type MaskOf = (part: Expression) => EventMask

function reportNeverTrue(scope: Scope, maskOf: MaskOf, expression: Expression): void {
  const conflict = expression.kind === 'and' ? conflictIn(expression.operands, maskOf) : null
  if (conflict === null) {
    const help = 'look for a `!` too many, or a property that the event type never has'
    scope.report('NUTHATCH_NEVER_TRUE', expression.span, 'no event makes this true', help)
    return
  }
  const { operand, before, here } = conflict
  scope.report(
    'NUTHATCH_NEVER_TRUE',
    operand.span,
    `no event makes this \`&&\` true: this needs ${eventList(here)}, and what stands before it ${eventList(before)}`,
    'join what is about different event types with `||`, or make a detector for each',
  )
}

/** The first operand that shares no event type with those before it. */
function conflictIn(operands: readonly Expression[], maskOf: MaskOf) {
  let before = allEvents
  for (const operand of operands) {
    const here = maskOf(operand)
    if (here !== 0n && (before & here) === 0n) return { operand, before, here }
    before &= here
  }
  return null
}

const eventList = (mask: EventMask): string => {
  const names = eventsIn(mask)
  const shown = names.slice(0, 3).map(quote).join(' or ')
  return names.length > 3 ? `${shown} or ${names.length - 3} other types` : shown
}
