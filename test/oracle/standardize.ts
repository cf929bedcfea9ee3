/**
 * The reference interpreter of mappings: what lib/standardize/operations.ts says, as plainly as
 * possible. One record at a time, JSON.parse and plain recursion, nothing shared with native/telemetry.
 */
import type { PropertyValue, StandardEvent } from '../../lib/language/ruleset.js'
import { allMappings } from '../../lib/standardize/all-mappings.js'
import { assignmentsOf } from '../../lib/standardize/check.js'
import type { Condition, Mapping, Path, Route, Source } from '../../lib/standardize/mapping.js'
import { isContainer, isPending, type Json, parseRecord, textsOf, valueAt } from './json.js'
import { applyOperation, decodeEntities, type Value } from './operations.js'

export type Outcome = { readonly event: StandardEvent } | { readonly unmapped: string }

/** What a line of NDJSON becomes; throws when it is not a JSON object. */
export function standardize(line: string, mappings: readonly Mapping[] = allMappings): Outcome {
  const record = parseRecord(line)
  for (const mapping of mappings) {
    const asItIs = new Reading(record, mapping.absent, false)
    if (!recognises(mapping, asItIs)) continue
    const route = mapping.routes.find(({ when }) => when.every((condition) => asItIs.holds(condition)))
    const escaped = mapping.escaped?.every((condition) => asItIs.holds(condition)) ?? false
    return outcomeOf(mapping, route, new Reading(record, mapping.absent, escaped))
  }
  return { unmapped: 'unrecognised' }
}

function recognises(mapping: Mapping, reading: Reading): boolean {
  const present = (path: Path) => (valueAt(reading.record, path) ?? null) !== null
  const alternatives = mapping.recognise.some((paths) => paths.every(present))
  return alternatives && (mapping.when ?? []).every((condition) => reading.holds(condition))
}

function outcomeOf(mapping: Mapping, route: Route | undefined, reading: Reading): Outcome {
  if (route === undefined) return { unmapped: firstText(reading.evaluate(mapping.label)) ?? mapping.name }
  const event: Record<string, PropertyValue> = { event_type: route.event }
  for (const [property, source] of Object.entries(assignmentsOf(mapping, route))) {
    const value = propertyValue(reading.evaluate(source))
    if (value !== undefined) event[property] = value
  }
  return { event: event as unknown as StandardEvent }
}

/** A record as one mapping sees it. */
class Reading {
  constructor(
    readonly record: Json,
    readonly absent: readonly string[],
    readonly escaped: boolean,
  ) {}

  holds({ source, values }: Condition): boolean {
    const value = this.evaluate(source)
    if (values.length === 0) return value !== undefined
    const text = firstText(value)
    return text !== undefined && values.some((one) => asciiLower(one) === asciiLower(text))
  }

  evaluate(source: Source): Value {
    if ('paths' in source) {
      return this.#values(source.paths).find((value) => value !== undefined)
    }
    return applyOperation(source, {
      absent: this.absent,
      evaluate: (argument) => this.evaluate(argument),
      firstJson: (paths) =>
        paths
          .map((path) => valueAt(this.record, path))
          .find((json) => isContainer(json) || this.#value(json) !== undefined),
    })
  }

  #values(paths: readonly Path[]): Value[] {
    return paths.map((path) => this.#value(valueAt(this.record, path)))
  }

  /** What `field` reads: see operations.ts. */
  #value(json: Json | undefined): Value {
    if (isPending(json)) return 'pending'
    const read = this.escaped && typeof json === 'string' ? [decodeEntities(json)] : textsOf(json)
    const texts = read.filter((text) => !this.absent.includes(text))
    return texts.length === 0 ? undefined : texts
  }
}

function propertyValue(value: Value): PropertyValue | undefined {
  if (value === 'pending') return { pending: true }
  return Array.isArray(value) && value.length === 1 ? value[0] : (value as PropertyValue | undefined)
}

const firstText = (value: Value): string | undefined => (Array.isArray(value) ? value[0] : undefined)
const asciiLower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
