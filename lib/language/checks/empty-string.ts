import type { MatchKind } from '../../schema/match-kinds.js'
import type { Expression } from '../ast.js'
import type { Scope } from '../scope.js'

/** Every text includes, starts and ends with the empty one. Only `equals ''` means something: never. */
export function checkEmptyString(scope: Scope, value: Expression, text: string, match: MatchKind): boolean {
  if (text !== '') return true
  scope.report(
    'NUTHATCH_EMPTY_STRING',
    value.span,
    match === 'equals'
      ? 'the empty string equals no value: a property that would be empty is missing'
      : 'the string is empty: every value matches it',
    match === 'equals'
      ? 'to ask for a missing property use `does_not_exist?`'
      : 'to ask only whether there is a value use `exists?`',
  )
  return false
}
