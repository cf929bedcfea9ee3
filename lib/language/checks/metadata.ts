import type { DetectorDeclaration, Expression, MetadataEntry } from '../ast.js'
import { describe, place, quote, stringLiteral } from '../describe.js'
import { nearestEntry } from '../entries.js'
import type { Scope } from '../scope.js'

const takesOne: ReadonlySet<string> = new Set(['title', 'description', 'severity'])

/** The entries by key, each once. */
export function entriesByKey(scope: Scope, detector: DetectorDeclaration): Map<string, MetadataEntry> {
  const entries = new Map<string, MetadataEntry>()
  for (const entry of detector.metadata) {
    const { text } = entry.key
    const first = entries.get(text)
    if (first === undefined) entries.set(text, entry)
    else if (!detector.broken) reportDuplicateEntry(scope, entry, text, first)
  }
  return entries
}

export function reportDuplicateEntry(
  scope: Scope,
  entry: { span: Expression['span'] },
  key: string,
  first: { span: Expression['span'] },
): void {
  scope.report(
    'NUTHATCH_DUPLICATE_ENTRY',
    entry.span,
    `the detector has ${quote(key)} already, at ${place(first.span)}`,
    key === 'match'
      ? 'join the conditions with `&&` or `||`'
      : takesOne.has(key)
        ? 'leave one out'
        : 'leave one out, or write its values into one, with commas',
  )
}

/** The one text of an entry such as `title`; null when it is missing or wrong. */
export function singleText(scope: Scope, entry: MetadataEntry | undefined): string | null {
  const [first, second] = entry?.values ?? []
  if (entry === undefined || first === undefined) return null
  if (second !== undefined && second.kind !== 'broken') {
    scope.report(
      'NUTHATCH_INVALID_METADATA',
      second.span,
      `${quote(entry.key.text)} takes one value`,
      'leave out the others',
    )
  }
  return first.kind === 'string' ? first.value : refuse(scope, entry, first, 'a string')
}

/** The texts of an entry such as `references`. */
export function texts(scope: Scope, entry: MetadataEntry | undefined): string[] {
  const values = (entry?.values ?? []).flatMap((value) => {
    if (value.kind !== 'string') refuse(scope, entry as MetadataEntry, value, 'a string')
    return elementsOf(value).map((element) => (element.kind === 'string' ? element.value : null))
  })
  return values.filter((value) => value !== null)
}

/** Those of an array, whether or not one may stand there. */
export const elementsOf = (value: Expression): readonly Expression[] =>
  value.kind === 'array' ? value.values : [value]

/** The values of an entry that only the author knows, as text. */
export function freeTexts(scope: Scope, entry: MetadataEntry): string[] {
  const values = entry.values.flatMap(elementsOf).map((value) => {
    if (value.kind === 'string') return value.value
    if (value.kind === 'symbol') return value.name
    if (value.kind === 'number' || value.kind === 'boolean') return String(value.value)
    return refuse(scope, entry, value, 'a string, symbol or number')
  })
  return values.filter((value) => value !== null)
}

function refuse(scope: Scope, { key }: MetadataEntry, value: Expression, wanted: string): null {
  if (value.kind !== 'broken') reportNoMetadata(scope, key.text, value, wanted)
  return null
}

export function reportNoMetadata(
  scope: Scope,
  key: string,
  value: Expression,
  wanted = 'a string, symbol or number',
): void {
  const near = nearestEntry(key)
  const message = `${quote(key)} takes ${wanted}, and ${describe(value)} stands here`
  const help = near ? `did you mean ${quote(near)}?` : helpFor(value)
  scope.report('NUTHATCH_INVALID_METADATA', value.span, message, help)
}

function helpFor(value: Expression): string {
  if (value.kind === 'symbol' || value.kind === 'identifier')
    return `write ${quote(stringLiteral(value.name))}`
  if (value.kind === 'number') return `write \`'${value.value}'\``
  return value.kind === 'array'
    ? "write the values without brackets: `'…', '…'`"
    : "write text in quotes: `'…'`"
}
