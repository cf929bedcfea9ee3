import type { MetadataEntry } from '../ast.js'
import { quote } from '../describe.js'
import type { Scope } from '../scope.js'
import { elementsOf, texts } from './metadata.js'

const TECHNIQUE = /^T\d{4}(\.\d{3})?$/

/** ATT&CK technique ids: T and four digits, and for a sub-technique a dot and three. */
export function checkAttack(scope: Scope, entry: MetadataEntry | undefined): string[] {
  for (const value of (entry?.values ?? []).flatMap(elementsOf)) {
    if (value.kind !== 'string' || TECHNIQUE.test(value.value)) continue
    const message = `${quote(value.value)} is not the id of an ATT&CK technique`
    scope.report('NUTHATCH_INVALID_ATTACK_ID', value.span, message, suggestion(value.value))
  }
  return texts(scope, entry)
}

function suggestion(text: string): string {
  const digits = /(\d{4})(?:\D+(\d{1,3}))?(?!\d)/.exec(text)
  if (/^TA\d/i.test(text)) return 'a tactic is not enough: name a technique, such as `T1059.001`'
  if (digits === null) return 'ids look like `T1059` or `T1059.001`'
  const sub = digits[2] ? `.${digits[2].padStart(3, '0')}` : ''
  return `did you mean \`T${digits[1]}${sub}\`?`
}
