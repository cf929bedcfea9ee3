import { quote, stringLiteral } from '../describe.js'
import type { TextUse } from '../operands.js'
import type { Scope } from '../scope.js'

/** Warns of a path whose backslashes were escaped once too often, such as `'C:\\\\Windows'`. */
export function checkDoubledBackslash(scope: Scope, { text, span }: TextUse): void {
  if (!/[\w:)]\\\\(?=\w)/.test(text)) return
  scope.report(
    'NUTHATCH_DOUBLED_BACKSLASH',
    span,
    'the value has two backslashes in a row inside a path, as hardly any value does',
    `for one write ${quote(stringLiteral(text.replace(/(?<=[\w:)])\\\\(?=\w)/g, '\\')))}`,
  )
}
