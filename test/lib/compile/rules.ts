import type { Condition, Detector, RuleSet, Test } from '../../../lib/language/ruleset.js'
import type { EventTypeName } from '../../../lib/schema/event-types.js'
import type { PropertyName } from '../../../lib/schema/properties.js'

/** Checked rules, made without the language. */
const span = { file: 'test.rb', start: 0, end: 0, line: 1, column: 1 }

export const test = (
  property: PropertyName,
  values: readonly (string | number)[],
  more: Partial<Test> = {},
): Condition => ({
  kind: 'test',
  test: {
    event: null,
    property,
    match: typeof values[0] === 'number' ? 'number_equals' : 'equals',
    all: false,
    negated: false,
    caseSensitive: false,
    strings: values.filter((value) => typeof value === 'string'),
    numbers: values.filter((value) => typeof value === 'number'),
    span,
    ...more,
  },
})
/** A test of one event type. */
export const on = (
  event: EventTypeName,
  property: PropertyName,
  values: readonly (string | number)[],
  more: Partial<Test> = {},
): Condition => test(property, values, { event, ...more })
export const and = (...operands: Condition[]): Condition => ({ kind: 'and', operands })
export const or = (...operands: Condition[]): Condition => ({ kind: 'or', operands })
export const negate = (operand: Condition): Condition => ({ kind: 'not', operand })

export const detector = (name: string, condition: Condition): Detector => ({
  name,
  title: `Title of ${name}`,
  description: '',
  severity: 'high',
  attack: ['T1059'],
  references: [],
  metadata: {},
  condition,
  examples: [],
  span,
})

/** Detectors by name. */
export const rules = (conditions: Readonly<Record<string, Condition>>): RuleSet => ({
  detectors: Object.entries(conditions).map(([name, condition]) => detector(name, condition)),
})
