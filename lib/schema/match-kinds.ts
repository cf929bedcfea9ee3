/**
 * What a term compares its property by: the positive half of every helper. A Plan holds the row number.
 */
export const matchKinds = [
  'equals',
  'includes',
  'starts_with',
  'ends_with',
  /** By RE2 syntax, anywhere in the text. */
  'matches',
  'number_equals',
  'greater_than',
  'less_than',
  /** Both ends included. */
  'between',
  /** Subnets as CIDR. */
  'in_subnet',
  'exists',
  'is_true',
] as const

export type MatchKind = (typeof matchKinds)[number]
