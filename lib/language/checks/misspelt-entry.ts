import type { DetectorDeclaration, ExampleEntry, Expression, MatchClause, MetadataEntry } from '../ast.js'
import { quote } from '../describe.js'
import { type EntryName, isExample, nearestEntry } from '../entries.js'
import type { Scope } from '../scope.js'
import { reportNoMetadata } from './metadata.js'

/**
 * A detector with its misspelt entries, which are metadata by their name, read as what they most likely are:
 * else they would hide what is wrong in them. Any key is allowed, so that others are only warned of.
 */
export function readMisspelt(scope: Scope, declaration: DetectorDeclaration): DetectorDeclaration {
  const metadata: MetadataEntry[] = []
  const matches: MatchClause[] = [...declaration.matches]
  const examples: ExampleEntry[] = [...declaration.examples]
  for (const entry of declaration.metadata) {
    const near = nearestEntry(entry.key.text)
    const match = near === 'match' ? asMatch(entry) : null
    const example = near !== undefined && isExample(near) ? asExample(entry, near) : null
    if (match) matches.push(match)
    else if (example) examples.push(example)
    else metadata.push(entry)
    const condition = entry.values.find(isCondition)
    if (match || example) reportNoMetadata(scope, entry.key.text, condition as Expression)
    else if (near && !condition) warn(scope, entry, near)
  }
  return { ...declaration, metadata, matches: inOrder(matches), examples: inOrder(examples) }
}

/** Refused in any entry, with the same suggestion. */
const isCondition = ({ kind }: Expression): boolean => ['call', 'and', 'or', 'not'].includes(kind)

/** Nothing but a condition: a call without a question mark may be an event. */
export const isPredicate = (value: Expression): boolean =>
  isCondition(value) && (value.kind !== 'call' || value.name.text.endsWith('?'))

function asMatch({ values: [condition, ...more], span }: MetadataEntry): MatchClause | null {
  return condition && isCondition(condition) && more.length === 0 ? { condition, span } : null
}

function asExample({ values, span }: MetadataEntry, kind: ExampleEntry['kind']): ExampleEntry | null {
  const [label, event, ...more] = values
  if (label?.kind !== 'string' || event?.kind !== 'call' || more.length > 0) return null
  return { kind, label, type: event.name, arguments: event.arguments, span }
}

function warn(scope: Scope, { key }: MetadataEntry, near: EntryName): void {
  const message = `${quote(key.text)} is kept as metadata of your own`
  scope.report('NUTHATCH_MISSPELT_METADATA', key.span, message, `did you mean ${quote(near)}?`)
}

const inOrder = <T extends { span: Expression['span'] }>(entries: readonly T[]): T[] =>
  [...entries].sort((a, b) => a.span.start - b.span.start)
