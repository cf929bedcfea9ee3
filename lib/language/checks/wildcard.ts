import { quote, stringLiteral } from '../describe.js'
import type { TextUse } from '../operands.js'
import type { Scope } from '../scope.js'

/** Warns of `*` at an end of a value, which other rule languages take for "anything". */
export function checkWildcard(scope: Scope, { match, text, span }: TextUse): void {
  const front = text.startsWith('*')
  const back = text.endsWith('*')
  if (text.length < 2 || !(match === 'includes' ? front && back : front || back)) return
  const bare = stringLiteral(text.replace(/^\*+|\*+$/g, ''))
  const meant = front && back ? 'includes' : front ? 'ends_with' : 'starts_with'
  scope.report(
    'NUTHATCH_WILDCARD',
    span,
    'a `*` in a string is the character itself, not a wildcard',
    match === meant ? `write ${quote(bare)}` : `use \`${meant}\` with ${quote(bare)}`,
  )
}
