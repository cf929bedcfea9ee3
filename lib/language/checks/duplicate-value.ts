import type { Expression } from '../ast.js'
import { quote } from '../describe.js'
import type { Value } from '../operands.js'
import type { Scope } from '../scope.js'

/**
 * @param values null for those that have another error.
 * @param caseSensitive else texts that differ only in case are the same.
 */
export function checkDuplicateValues(
  scope: Scope,
  elements: readonly Expression[],
  values: readonly (Value | null)[],
  caseSensitive: boolean,
): void {
  const seen = new Map<Value, Value>()
  for (const [index, value] of values.entries()) {
    if (value === null) continue
    const key = typeof value === 'string' && !caseSensitive ? value.toLowerCase() : value
    const first = seen.get(key)
    if (first === undefined) {
      seen.set(key, value)
      continue
    }
    const element = elements[index] as Expression
    const same =
      first === value
        ? 'stands in the list already'
        : `is the same as ${quote(String(first))}, since case does not count`
    scope.report('NUTHATCH_DUPLICATE_VALUE', element.span, `${quote(String(value))} ${same}`, 'leave it out')
  }
}
