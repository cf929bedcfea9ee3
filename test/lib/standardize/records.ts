/** Records of tests, and what becomes of them: the same by the reference interpreter and by the engine. */
import assert from 'node:assert/strict'
import t from 'tap'
import type { StandardEvent } from '../../../lib/language/ruleset.js'
import { allMappings } from '../../../lib/standardize/all-mappings.js'
import type { Mapping } from '../../../lib/standardize/mapping.js'
import { compareStandardizing } from '../../oracle/compare-standardizing.js'
import { type Outcome, standardize } from '../../oracle/standardize.js'

/** Lines that the running test asked of. The engine answers later than a test asks, so it is asked at its end. */
const asked = new Map<readonly Mapping[], string[]>()
t.afterEach(async () => {
  const all = [...asked]
  asked.clear()
  for (const [mappings, lines] of all) {
    const { differences } = await compareStandardizing(lines, mappings)
    assert.deepEqual(differences, [])
  }
})

/** What a line becomes; the test fails at its end if the engine says otherwise. */
export function standardizeBothWays(line: string, mappings = allMappings): Outcome {
  asked.set(mappings, [...(asked.get(mappings) ?? []), line])
  return standardize(line, mappings)
}

/** The standard event of a record; throws when no mapping knows it. */
export function eventOf(record: object): StandardEvent {
  const outcome = standardizeBothWays(JSON.stringify(record))
  if ('unmapped' in outcome) throw new Error(`unmapped: ${outcome.unmapped}`)
  return outcome.event
}

/** What a record without an event is counted under. */
export function labelOf(record: object): string {
  const outcome = standardizeBothWays(JSON.stringify(record))
  if ('event' in outcome) throw new Error(`mapped to ${outcome.event.event_type}`)
  return outcome.unmapped
}

type Fields = Readonly<Record<string, unknown>>

/** An event log's record as flat shippers write it. */
export const flat = (channel: string, id: number, data: Fields, envelope: Fields = {}) => ({
  EventID: id,
  Channel: channel,
  Hostname: 'ws1.example',
  ...envelope,
  ...data,
})

export const winlogbeat6 = (channel: string, id: number, data: Fields, envelope: Fields = {}) => ({
  '@timestamp': '2020-01-02T03:04:05.678Z',
  event_id: id,
  log_name: channel,
  computer_name: 'ws1.example',
  message: 'rendered',
  ...envelope,
  event_data: data,
})

export const winlogbeat7 = (channel: string, id: number, data: Fields, envelope: Fields = {}) => ({
  '@timestamp': '2020-01-02T03:04:05.678Z',
  message: 'rendered',
  winlog: { event_id: String(id), channel, computer_name: 'ws1.example', ...envelope, event_data: data },
})

/** The same event as every shipper writes it. */
export const inEveryShape = (channel: string, id: number, data: Fields) =>
  [flat, winlogbeat6, winlogbeat7].map((shape) => shape(channel, id, data))
