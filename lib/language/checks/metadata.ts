import type { DetectorDeclaration, Expression, MetadataEntry } from '../ast.js'
import { describe, place, quote, stringLiteral } from '../describe.js'
import { nearestName } from '../nearest-name.js'
import type { Scope } from '../scope.js'

/** Every entry of a detector that the language knows. */
const knownEntries = [
  'title',
  'description',
  'severity',
  'attack',
  'references',
  'match',
  'fires_on',
  'ignores',
]

const takesOne: ReadonlySet<string> = new Set(['title', 'description', 'severity'])

/** The entries by key, each once. */
export function entriesByKey(scope: Scope, detector: DetectorDeclaration): Map<string, MetadataEntry> {
  const entries = new Map<string, MetadataEntry>()
  for (const entry of detector.metadata) {
    const { text } = entry.key
    const first = entries.get(text)
    if (first === undefined) entries.set(text, entry)
    else if (!detector.broken) reportDuplicateEntry(scope, entry, text, first)
    checkSpelling(scope, entry)
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

/** Any key is allowed, so that a slip in a known one goes unseen without this. */
function checkSpelling(scope: Scope, { key: { text: key, span }, values }: MetadataEntry): void {
  const near = knownEntries.includes(key) ? undefined : nearestName(key, knownEntries)
  if (near === undefined || values.some(isCondition)) return
  scope.report(
    'NUTHATCH_MISSPELT_METADATA',
    span,
    `${quote(key)} is kept as metadata of your own`,
    `did you mean ${quote(near)}?`,
  )
}

/** Refused in any entry, with the same suggestion. */
const isCondition = ({ kind }: Expression): boolean => ['call', 'and', 'or', 'not'].includes(kind)

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
  const values = (entry?.values ?? []).map((value) =>
    value.kind === 'string' ? value.value : refuse(scope, entry as MetadataEntry, value, 'a string'),
  )
  return values.filter((value) => value !== null)
}

/** The values of an entry that only the author knows, as text. */
export function freeTexts(scope: Scope, entry: MetadataEntry): string[] {
  const values = entry.values
    .flatMap((value) => (value.kind === 'array' ? value.values : [value]))
    .map((value) => {
      if (value.kind === 'string') return value.value
      if (value.kind === 'symbol') return value.name
      if (value.kind === 'number' || value.kind === 'boolean') return String(value.value)
      return refuse(scope, entry, value, 'a string, symbol or number')
    })
  return values.filter((value) => value !== null)
}

function refuse(scope: Scope, { key }: MetadataEntry, value: Expression, wanted: string): null {
  if (value.kind === 'broken') return null
  const near = nearestName(key.text, knownEntries)
  const help = near && near !== key.text ? `did you mean ${quote(near)}?` : helpFor(value)
  const message = `${quote(key.text)} takes ${wanted}, and ${describe(value)} stands here`
  scope.report('NUTHATCH_INVALID_METADATA', value.span, message, help)
  return null
}

function helpFor(value: Expression): string {
  if (value.kind === 'symbol' || value.kind === 'identifier')
    return `write ${quote(stringLiteral(value.name))}`
  if (value.kind === 'number') return `write \`'${value.value}'\``
  return "write text in quotes: `'…'`"
}
