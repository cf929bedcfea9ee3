import type { Name } from '../ast.js'
import { quote } from '../describe.js'
import type { Scope } from '../scope.js'

export function reportMissingMatch(scope: Scope, name: Name): void {
  scope.report(
    'NUTHATCH_MISSING_MATCH',
    name.span,
    `the detector ${quote(name.text)} has no \`match\``,
    "add one: `match windows? && process_is_likely?('powershell')`",
  )
}
