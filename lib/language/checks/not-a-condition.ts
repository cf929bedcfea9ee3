import type { Expression } from '../ast.js'
import { describe } from '../describe.js'
import type { Scope } from '../scope.js'

/** A condition is made of helpers and definitions: a value alone is neither true nor false. */
export function reportNotACondition(scope: Scope, expression: Expression): void {
  const help =
    expression.kind === 'symbol'
      ? `to use a definition of this name, call it: \`${expression.name.replace(/\?$/, '')}?\``
      : "write a helper, such as `process_start_property_includes_any?(property: command_line, strings: ['…'])`"
  scope.report(
    'NUTHATCH_NOT_A_CONDITION',
    expression.span,
    `${describe(expression)} stands where a condition is wanted`,
    help,
  )
}
