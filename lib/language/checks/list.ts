import type { ArrayLiteral, Expression, ListDeclaration } from '../ast.js'
import { quote } from '../describe.js'
import { nearestName } from '../nearest-name.js'
import type { Scope } from '../scope.js'
import { checkNumber } from './number.js'
import { checkRegex } from './regex.js'
import { reportWrongValue } from './value-kind.js'

export interface ListElements {
  readonly elements: readonly Expression[]
  /** Null for an array written in place. */
  readonly declaration: ListDeclaration | null
}

/** The elements of an array, or of the list that a symbol names; null when there is neither, or none. */
export function listElements(scope: Scope, value: Expression): ListElements | null {
  if (value.kind === 'array') return filled(scope, value, null)
  if (value.kind === 'symbol') return declared(scope, value.name, value.span)
  const help =
    value.kind === 'string' || value.kind === 'regex' || value.kind === 'number'
      ? 'put brackets around it'
      : "write `['…']`, or `:name` of a list"
  reportWrongValue(scope, value, 'an array, or the symbol of a list,', help)
  return null
}

function declared(scope: Scope, name: string, span: Expression['span']): ListElements | null {
  const declaration = scope.lists.get(name)
  if (declaration === undefined) {
    if (scope.brokenNames.has(name)) return null
    const near = nearestName(name, scope.lists.keys())
    if (near === undefined && !scope.complete) return null
    const help = near ? `did you mean ${quote(`:${near}`)}?` : `declare it: ${quote(`list :${name}, ['…']`)}`
    scope.report('NUTHATCH_UNKNOWN_LIST', span, `there is no list ${quote(`:${name}`)}`, help)
    return null
  }
  scope.usedLists.add(name)
  const { values } = declaration
  return values.kind === 'broken' ? null : filled(scope, values, declaration)
}

/** What no use of the list could make right; most mistakes are seen where it is used. */
export function checkDeclaredList(scope: Scope, { values }: ListDeclaration): void {
  if (values.kind === 'broken') return
  filled(scope, values, null)
  for (const value of values.values) {
    if (value.kind === 'number') checkNumber(scope, value)
    else if (value.kind === 'regex') checkRegex(scope, value)
    else if (value.kind !== 'string')
      reportWrongValue(scope, value, 'a string, number or regular expression', 'a list holds values only')
  }
}

/** Without values `_any` is never and `_all` always true, which nobody means. */
function filled(scope: Scope, array: ArrayLiteral, declaration: ListDeclaration | null): ListElements | null {
  if (array.values.length > 0) return { elements: array.values, declaration }
  scope.report('NUTHATCH_EMPTY_LIST', array.span, 'the list is empty', 'give it at least one value')
  return null
}
