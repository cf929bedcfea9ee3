import type { MatchKind } from '../schema/match-kinds.js'
import type { PropertyKind } from '../schema/properties.js'

/** What a match compares with. */
export type Operand = 'text' | 'pattern' | 'number' | 'range' | 'subnet' | 'nothing'

export interface MatchRow {
  /** The end of the helper's name. */
  readonly name: string
  /** The end of the name of its `does_not_` twin. */
  readonly negative: string
  readonly kind: MatchKind
  readonly operand: Operand
  /** Kinds of property that it fits. */
  readonly on: readonly PropertyKind[]
  /** Whether there are `_any` and `_all` forms. */
  readonly quantified?: true
  /** The match that the same helper stands for on a number. */
  readonly onNumber?: MatchKind
  readonly doc: string
}

const text = ['string', 'ip'] as const

/** Every match: with the event types these rows make all the `…_property_…?` helpers. */
export const matchRows: readonly MatchRow[] = [
  {
    name: 'equals',
    negative: 'does_not_equal',
    kind: 'equals',
    operand: 'text',
    on: [...text, 'number'],
    quantified: true,
    onNumber: 'number_equals',
    doc: 'The value is the string, or the number.',
  },
  {
    name: 'includes',
    negative: 'does_not_include',
    kind: 'includes',
    operand: 'text',
    on: text,
    quantified: true,
    doc: 'The string stands somewhere in the value.',
  },
  {
    name: 'starts_with',
    negative: 'does_not_start_with',
    kind: 'starts_with',
    operand: 'text',
    on: text,
    quantified: true,
    doc: 'The value begins with the string.',
  },
  {
    name: 'ends_with',
    negative: 'does_not_end_with',
    kind: 'ends_with',
    operand: 'text',
    on: text,
    quantified: true,
    doc: 'The value ends with the string.',
  },
  {
    name: 'matches',
    negative: 'does_not_match',
    kind: 'matches',
    operand: 'pattern',
    on: text,
    quantified: true,
    doc: "The regular expression (RE2's syntax) matches somewhere in the value.",
  },
  {
    name: 'greater_than',
    negative: 'is_not_greater_than',
    kind: 'greater_than',
    operand: 'number',
    on: ['number'],
    doc: 'The value is above the number.',
  },
  {
    name: 'less_than',
    negative: 'is_not_less_than',
    kind: 'less_than',
    operand: 'number',
    on: ['number'],
    doc: 'The value is below the number.',
  },
  {
    name: 'between',
    negative: 'is_not_between',
    kind: 'between',
    operand: 'range',
    on: ['number'],
    doc: 'The value is from min to max, both included.',
  },
  {
    name: 'in_any_subnet',
    negative: 'is_not_in_any_subnet',
    kind: 'in_subnet',
    operand: 'subnet',
    on: text,
    doc: 'The value is an IP address in one of the subnets (CIDR notation).',
  },
  {
    name: 'exists',
    negative: 'does_not_exist',
    kind: 'exists',
    operand: 'nothing',
    on: [...text, 'number', 'boolean'],
    doc: 'The event has the property.',
  },
  {
    name: 'is_true',
    negative: 'is_not_true',
    kind: 'is_true',
    operand: 'nothing',
    on: ['boolean'],
    doc: 'The property is true.',
  },
]

export type Quantifier = 'one' | 'any' | 'all'

/** What the end of a helper's name says. */
export interface MatchForm {
  readonly row: MatchRow
  readonly quantifier: Quantifier
  readonly negated: boolean
}

/** Forms by the part of the name between `_property_` and `?`. */
export const matchForms: ReadonlyMap<string, MatchForm> = new Map(
  matchRows.flatMap((row) =>
    quantifiers(row).flatMap(([quantifier, ending]): [string, MatchForm][] => [
      [row.name + ending, { row, quantifier, negated: false }],
      [row.negative + ending, { row, quantifier, negated: true }],
      // The match's name as it is: does_not_equals_any beside does_not_equal_any.
      [`does_not_${row.name}${ending}`, { row, quantifier, negated: true }],
    ]),
  ),
)

function quantifiers(row: MatchRow): [Quantifier, string][] {
  const one: [Quantifier, string] = ['one', '']
  return row.quantified ? [one, ['any', '_any'], ['all', '_all']] : [one]
}

/** The keyword of the argument that holds what to compare with; `numeric` when the property is a number. */
export function operandKeywords({ row, quantifier }: MatchForm): readonly string[] {
  const ending = quantifier === 'one' ? '' : 's'
  switch (row.operand) {
    case 'text':
      return row.onNumber ? [`string${ending}`, `number${ending}`] : [`string${ending}`]
    case 'pattern':
      return [`pattern${ending}`]
    case 'number':
      return ['number']
    case 'range':
      return ['min', 'max']
    case 'subnet':
      return ['subnets']
    case 'nothing':
      return []
  }
}
