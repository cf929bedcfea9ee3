import type { Expression } from '../ast.js'
import { quote, stringLiteral } from '../describe.js'
import type { Scope } from '../scope.js'
import { checkText, reportWrongValue } from './value-kind.js'

/** The name of a program's file, as `process_is_likely?` takes it: no folder, no wildcard. */
export function checkFileName(scope: Scope, value: Expression): string | null {
  if (value.kind === 'array') {
    const help = "write the names one after the other, without brackets: `'cmd', 'powershell'`"
    reportWrongValue(scope, value, 'the name of a program', help)
    return null
  }
  const name = checkText(scope, value)
  if (name === null) return null
  if (/[\\/*]/.test(name)) {
    const bare = name.replace(/^.*[\\/]/, '').replaceAll('*', '')
    scope.report(
      'NUTHATCH_WRONG_VALUE',
      value.span,
      `${quote(stringLiteral(name))} is not the name of a program alone`,
      bare ? `write ${quote(stringLiteral(bare))}` : "write the file's name, as in `'powershell'`",
    )
    return null
  }
  if (!/^(\.exe)?$/i.test(name)) return name
  scope.report(
    'NUTHATCH_EMPTY_STRING',
    value.span,
    'the name of the program is empty',
    "write it, as in `'powershell'`",
  )
  return null
}
