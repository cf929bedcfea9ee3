/**
 * The reference interpreter of mappings: what lib/standardize/operations.ts says, as plainly as
 * possible. One record at a time, JSON.parse and plain recursion, nothing shared with native/telemetry.
 */
import type { PropertyValue, StandardEvent } from '../../lib/language/ruleset.js'
import { allMappings } from '../../lib/standardize/all-mappings.js'
import { assignmentsOf } from '../../lib/standardize/check.js'
import type { Condition, Mapping, Path, Source } from '../../lib/standardize/mapping.js'
import { isContainer, isPending, type Json, parseRecord, textsOf, valueAt } from './json.js'
import { applyOperation, type Value } from './operations.js'

export type Outcome = { readonly event: StandardEvent } | { readonly unmapped: string }

/** What a line of NDJSON becomes; throws when it is not a JSON object. */
export function standardize(line: string, mappings: readonly Mapping[] = allMappings): Outcome {
  const record = parseRecord(line)
  const mapping = mappings.find((one) => recognises(one, record))
  if (mapping === undefined) return { unmapped: 'unrecognised' }

  const evaluate = (source: Source): Value => evaluateSource(source, record, new Set(mapping.absent))
  const route = mapping.routes.find(({ when }) => when.every((condition) => holds(condition, evaluate)))
  if (route === undefined) return { unmapped: firstText(evaluate(mapping.label)) ?? mapping.name }

  const event: Record<string, PropertyValue> = { event_type: route.event }
  for (const [property, source] of Object.entries(assignmentsOf(mapping, route))) {
    const value = propertyValue(evaluate(source))
    if (value !== undefined) event[property] = value
  }
  return { event: event as unknown as StandardEvent }
}

function recognises(mapping: Mapping, record: Json): boolean {
  const present = (path: Path) => (valueAt(record, path) ?? null) !== null
  const evaluate = (source: Source): Value => evaluateSource(source, record, new Set(mapping.absent))
  return (
    mapping.recognise.some((paths) => paths.every(present)) &&
    (mapping.when ?? []).every((condition) => holds(condition, evaluate))
  )
}

function holds({ source, values }: Condition, evaluate: (source: Source) => Value): boolean {
  const value = evaluate(source)
  if (values.length === 0) return value !== undefined
  const text = firstText(value)
  return text !== undefined && values.some((one) => asciiLower(one) === asciiLower(text))
}

function evaluateSource(source: Source, record: Json, absent: ReadonlySet<string>): Value {
  if ('paths' in source) {
    for (const path of source.paths) {
      const value = fieldValue(valueAt(record, path), absent)
      if (value !== undefined) return value
    }
    return undefined
  }
  return applyOperation(source, {
    absent,
    evaluate: (argument) => evaluateSource(argument, record, absent),
    firstJson: (paths) =>
      paths
        .map((path) => valueAt(record, path))
        .find((json) => isContainer(json) || fieldValue(json, absent) !== undefined),
  })
}

/** What `field` reads: see operations.ts. */
export function fieldValue(json: Json | undefined, absent: ReadonlySet<string>): Value {
  if (isPending(json)) return 'pending'
  const texts = textsOf(json).filter((text) => !absent.has(text))
  return texts.length === 0 ? undefined : texts
}

function propertyValue(value: Value): PropertyValue | undefined {
  if (value === 'pending') return { pending: true }
  return Array.isArray(value) && value.length === 1 ? value[0] : (value as PropertyValue | undefined)
}

const firstText = (value: Value): string | undefined => (Array.isArray(value) ? value[0] : undefined)
const asciiLower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
