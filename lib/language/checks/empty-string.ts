import type { MatchKind } from '../../schema/match-kinds.js'
import type { Expression } from '../ast.js'
import type { Scope } from '../scope.js'

/**
 * Every text includes, starts and ends with the empty one, and none equals it.
 * @param match null for one that there is not.
 */
export function checkEmptyString(
  scope: Scope,
  value: Expression,
  text: string,
  match: MatchKind | null,
): boolean {
  if (text !== '') return true
  const [message, help] =
    match === 'equals'
      ? [
          'the empty string equals no value: a property that would be empty is missing',
          'to ask for a missing property use `does_not_exist?`',
        ]
      : ['the string is empty: every value matches it', 'to ask only whether there is a value use `exists?`']
  scope.report('NUTHATCH_EMPTY_STRING', value.span, message, help)
  return false
}
