import type { DefineDeclaration, ListDeclaration, Name } from '../ast.js'
import { place, quote } from '../describe.js'
import { findHelper } from '../helpers.js'
import type { Scope } from '../scope.js'
import { checkDeclaredList } from './list.js'

/** The first declaration of a name wins; each later one is reported. */
export function checkUnique(scope: Scope, what: string, name: Name, first: Name | undefined): boolean {
  if (first === undefined) return true
  scope.report(
    'NUTHATCH_DUPLICATE_NAME',
    name.span,
    `there is a ${what} ${quote(name.text)} already, at ${place(first.span)}`,
    'names count across all files of a rule set: give one of the two another name',
  )
  return false
}

export function declareList(scope: Scope, list: ListDeclaration): void {
  const { name } = list
  checkDeclaredList(scope, list)
  if (name.text === '') reportEmptyName(scope, name)
  else if (checkUnique(scope, 'list', name, scope.lists.get(name.text)?.name))
    scope.lists.set(name.text, list)
}

export function declareDefine(scope: Scope, define: DefineDeclaration): void {
  const { name } = define
  if (!/^[A-Za-z_]\w*$/.test(name.text)) {
    const help = 'write letters, digits and _, without the question mark of the call'
    scope.report('NUTHATCH_INVALID_NAME', name.span, 'a definition of this name could not be called', help)
  } else if (findHelper(`${name.text}?`)) {
    const message = `${quote(`${name.text}?`)} is a helper, and would be hidden by this definition`
    scope.report('NUTHATCH_DUPLICATE_NAME', name.span, message, 'give the definition another name')
  } else if (checkUnique(scope, 'definition', name, scope.defines.get(name.text)?.name)) {
    scope.defines.set(name.text, define)
  }
}

/** @returns whether a detector can have this name. */
export function checkDetectorName(scope: Scope, name: Name): boolean {
  if (name.text.trim() === '') reportEmptyName(scope, name)
  else if (/\p{Cc}/u.test(name.text)) {
    scope.report('NUTHATCH_INVALID_NAME', name.span, 'the name holds control characters', 'leave them out')
  } else return true
  return false
}

function reportEmptyName(scope: Scope, name: Name): void {
  scope.report('NUTHATCH_INVALID_NAME', name.span, 'the name is empty', 'give it one')
}
