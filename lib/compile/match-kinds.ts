/** Match kinds, in the order of native/evaluate/term.h; the row number is what a Plan holds. */
export const matchKinds = [
  'equals',
  'includes',
  'starts_with',
  'ends_with',
  'matches',
  'number_equals',
  'greater_than',
  'less_than',
  'between',
  'in_subnet',
  'exists',
  'is_true',
] as const

export type MatchKind = (typeof matchKinds)[number]
