import { quote } from '../describe.js'
import type { Scope } from '../scope.js'

const help = 'use it, or leave it out'

/** Warns of lists and definitions that nothing uses. */
export function checkUnused(scope: Scope): void {
  for (const { name } of scope.lists.values()) {
    if (scope.usedLists.has(name.text)) continue
    scope.report('NUTHATCH_UNUSED_LIST', name.span, `nothing uses the list ${quote(`:${name.text}`)}`, help)
  }
  for (const { name } of scope.defines.values()) {
    if (scope.usedDefines.has(name.text)) continue
    scope.report('NUTHATCH_UNUSED_DEFINE', name.span, `nothing calls ${quote(`${name.text}?`)}`, help)
  }
}
