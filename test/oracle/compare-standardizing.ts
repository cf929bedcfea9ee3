/** The engine and the reference interpreter on the same records: they must say the same of each. */
import { Readable } from 'node:stream'
import { isDeepStrictEqual } from 'node:util'
import { compileRules } from '../../lib/compile/compile.js'
import type { StandardEvent } from '../../lib/language/ruleset.js'
import { native } from '../../lib/native.js'
import { allMappings } from '../../lib/standardize/all-mappings.js'
import { encodeMappings } from '../../lib/standardize/encode.js'
import type { Mapping } from '../../lib/standardize/mapping.js'
import { Evaluation } from '../../lib/stream/evaluation.js'
import { type Outcome, standardize } from './standardize.js'

export interface Comparison {
  /** The engine's. */
  readonly events: readonly StandardEvent[]
  /** Labels of records that became no event. */
  readonly unmapped: readonly string[]
  /** Every property that differs, with its record; empty when all is well. */
  readonly differences: readonly string[]
}

interface Standardized {
  readonly events: StandardEvent[]
  readonly malformed: number
  /** How many, by label. */
  readonly unmapped: Readonly<Record<string, number>>
}

/** Compares what becomes of lines of NDJSON, one record at a time: processes are not joined. */
export async function compareStandardizing(
  lines: readonly string[],
  mappings: readonly Mapping[] = allMappings,
): Promise<Comparison> {
  const engine = await byEngine(lines, mappings)
  const { records, ...interpreter } = byInterpreter(lines, mappings)
  const differences = interpreter.events.flatMap((event, i) =>
    differing(engine.events[i] ?? {}, event).map((one) => `${one} in ${records[i]}`),
  )
  const counts = differing(
    { events: engine.events.length, malformed: engine.malformed, ...engine.unmapped },
    { events: interpreter.events.length, malformed: interpreter.malformed, ...interpreter.unmapped },
  )
  return {
    events: engine.events,
    unmapped: Object.keys(engine.unmapped),
    differences: [...counts, ...differences],
  }
}

async function byEngine(lines: readonly string[], mappings: readonly Mapping[]): Promise<Standardized> {
  const input = Readable.from(lines.map((line) => `${line}\n`))
  const bytes = compileRules({ detectors: [] }, encodeMappings(mappings)).plan
  const plan = { native: new native.Plan(bytes), bytes }
  const evaluation = new Evaluation<StandardEvent>(plan, 'events', input, { processTableCapacity: 0 })
  const events: StandardEvent[] = []
  for await (const batch of evaluation) events.push(...batch)
  const { malformed, unmapped } = evaluation.summary
  return { events, malformed, unmapped }
}

function byInterpreter(
  lines: readonly string[],
  mappings: readonly Mapping[],
): Standardized & { readonly records: string[] } {
  const events: StandardEvent[] = []
  const records: string[] = []
  const unmapped: Record<string, number> = {}
  let malformed = 0
  for (const line of lines) {
    const outcome = outcomeOf(line, mappings)
    if (outcome === 'malformed') malformed++
    else if ('unmapped' in outcome) {
      const label = cut(outcome.unmapped)
      unmapped[label] = (unmapped[label] ?? 0) + 1
    } else {
      // As it is printed: -0 is 0.
      events.push(JSON.parse(JSON.stringify(outcome.event)))
      records.push(line)
    }
  }
  return { events, records, malformed, unmapped }
}

function outcomeOf(line: string, mappings: readonly Mapping[]): Outcome | 'malformed' {
  try {
    return standardize(line, mappings)
  } catch {
    return 'malformed'
  }
}

/** As much of a label as the engine counts under: 100 bytes, less a character that they cut. */
const cut = (label: string): string =>
  new TextDecoder().decode(Buffer.from(label).subarray(0, 100), { stream: true })

type Fields = Readonly<Record<string, unknown>>

function differing(engine: Fields, interpreter: Fields): string[] {
  const names = new Set([...Object.keys(engine), ...Object.keys(interpreter)])
  return [...names]
    .filter((name) => !isDeepStrictEqual(engine[name], interpreter[name]))
    .map((name) => `${name}: engine ${show(engine[name])}, interpreter ${show(interpreter[name])}`)
}

const show = (value: unknown): string => JSON.stringify(value) ?? 'nothing'
